import Evidence
package import LibCrypto
package import Privacy
import Records
package import Storage

/// What came of making link names anew.
package struct RekeyOutcome: Sendable, Hashable {
    package let entry: KeyEntry
    /// Names that are made with the new key alone, and those that had to be carried over in a
    /// chain, their sealed source being gone.
    package let renewed: Int
    package let lost: Int
    /// Ids of keys that nothing needs any more, marked `compromised`.
    package let ended: [String]
}

/// Makes the stored link names anew from the ID numbers in our own sealed submissions (重建关联名):
/// after a leak, and where two people of two departments sign for it.
///
/// All steps stand in the ledger. Ended at any point, it goes on from there the next time.
package struct RekeyDesk: Sendable {
    private let site: Site
    private let database: any Database

    package init(site: Site, database: any Database) {
        self.site = site
        self.database = database
    }

    private var suite: CipherSuite { site.configuration.suite }

    /// How far it is. Throws `StorageFailure`, `DecodingError`.
    package func state() async throws -> RekeyBook.State {
        let now = site.clock()
        return try await database.read { try RekeyBook(in: $0).state(at: now) }
    }

    /// One person signs: the first one the request, the second one his approval of it.
    ///
    /// Throws `RekeyFailure`, `CryptoFailure`, `StorageFailure`, and what reading the site's keys
    /// throws.
    package func sign(
        by name: String, with key: SigningKey, because: String?, _ keyring: Keyring
    ) async throws -> RekeyBook.State {
        let hands = try site.keyHands()
        let print = try key.verifyingKey().fingerprint()
        guard let hand = hands.first(where: { $0.name == name }),
            try hand.verifying.fingerprint() == print
        else { throw RekeyFailure(.hand, place: PersonalSigns.masked(name)) }
        let leaked = try keyring.active(.pidLink, suite, domain: site.linkDomain)
        let (site, suite, now) = (site, suite, site.clock())
        return try await database.write { transaction in
            guard try !site.isUnconfirmedHand(name, in: transaction) else {
                throw RekeyFailure(.unconfirmed, place: name)
            }
            let book = try RekeyBook(in: transaction)
            var state = book.state(at: now)
            // A request of a key that is no longer in force is none: who gives a reason asks anew.
            if state != .underWay, because != nil,
                (try? RekeyDesk.genuine(book, hands, leaked)) == nil
            {
                state = .none
            }
            switch state {
            case .underWay, .approved: break
            case .none:
                guard let because else { throw RekeyFailure(.asked) }
                let request = try RekeyRequest(
                    id: String(try IdentityVault.keyID().prefix(10)),
                    region: site.configuration.county.region, suite: suite, leaked: leaked,
                    by: hand, because: because, at: now)
                try RekeyDesk.note(
                    .requested, of: request, by: hand, request.canonical, key, now, transaction)
            case .half:
                let request = try RekeyDesk.genuine(book, hands, leaked)
                guard hand.name != request.by, hand.department != request.department,
                    print != request.key
                else { throw RekeyFailure(.twice, place: name) }
                try RekeyDesk.note(
                    .approved, of: request, by: hand,
                    RekeyApproval(of: request, by: hand, at: now).canonical, key, now,
                    transaction)
            }
            return try RekeyBook(in: transaction).state(at: now)
        }
    }

    private static func note(
        _ step: Fact.Rekeyed.Step, of request: RekeyRequest, by hand: KeyHand, _ words: [UInt8],
        _ key: SigningKey, _ now: Timestamp, _ transaction: any Transaction
    ) throws {
        let fact = Fact.Rekeyed(
            request: request.id, step: step, by: hand.name, epoch: request.epoch,
            text: String(decoding: words, as: UTF8.self),
            signature: Base64.standard.encode(try key.sign(words)),
            key: try hand.verifying.fingerprint())
        try Ledger().append([.rekeyed(fact)], at: now, in: transaction)
    }

    /// The request in hand, as it was signed and of the key in force; with an approval that fits
    /// it, where there is one. Throws `RekeyFailure` (`changed`, `asked`).
    private static func genuine(
        _ book: RekeyBook, _ hands: [KeyHand], _ leaked: HeldKey?
    ) throws -> RekeyRequest {
        guard let asked = book.asked?.fact else { throw RekeyFailure(.asked) }
        guard let request = asked.text.flatMap(RekeyRequest.init(canonical:)),
            asked.request == request.id, isSigned(asked, by: request.by, request.key, hands)
        else { throw RekeyFailure(.changed, place: asked.request) }
        if let leaked {
            guard leaked.kid == request.kid, leaked.epoch == request.epoch else {
                throw RekeyFailure(.changed, place: request.id)
            }
        }
        guard let approved = book.approved else { return request }
        guard let words = approved.text.flatMap(RekeyApproval.init(canonical:)),
            words.isAbout(request), words.department != request.department,
            words.by != request.by, words.key != request.key,
            isSigned(approved, by: words.by, words.key, hands)
        else { throw RekeyFailure(.changed, place: request.id) }
        return request
    }

    private static func isSigned(
        _ fact: Fact.Rekeyed, by name: String, _ key: String, _ hands: [KeyHand]
    ) -> Bool {
        guard let hand = hands.first(where: { $0.name == name }),
            (try? hand.verifying.fingerprint()) == key, let text = fact.text,
            let coded = fact.signature,
            let signature = try? Base64.standard.decode(Array(coded.utf8))
        else { return false }
        return hand.verifying.verify(signature: signature, over: Array(text.utf8))
    }
}

// MARK: - The work

extension RekeyDesk {
    /// Does what two people signed for, or goes on with it.
    ///
    /// First the ledger says that it begins, then the ring has the new key, then names are made
    /// anew, then what has no source is carried over in a chain, then keys end that nothing needs.
    ///
    /// - Parameters:
    ///   - because: why names without a source may be carried over; without it those are a reason
    ///     to stop before anything is changed.
    ///   - progress: told how many names were made anew or carried over in this run.
    /// - Throws: `RekeyFailure`, `KeyFailure`, `StorageFailure`, and what reading submissions
    ///   throws.
    package func run(
        _ keyring: inout Keyring, because: String?, by: String, progress: (Int) -> Void
    ) async throws -> RekeyOutcome {
        try await site.bind(database, to: keyring)
        let (now, hands) = (site.clock(), try site.keyHands())
        let book = try await database.read { try RekeyBook(in: $0) }
        let state = book.state(at: now)
        guard state == .approved || state == .underWay else { throw RekeyFailure(.asked) }
        let leaked = try keyring.active(.pidLink, suite, domain: site.linkDomain)
        let request = try RekeyDesk.genuine(book, hands, state == .approved ? leaked : nil)
        if state == .approved {
            try await begin(request, keyring, because: because, by: by)
        }
        if leaked.epoch == request.epoch {
            _ = try keyring.rekey(suite, domain: site.linkDomain, on: now)
        }
        try await site.check(keyring, in: database)
        let newest = try keyring.active(.pidLink, suite, domain: site.linkDomain)
        try await RekeyPass(site, keyring, before: newest.epoch, in: database).run(
            progress: progress)
        try await NameRotation(
            .pidLink, of: NamingKeys(keyring, suite, linkDomain: site.linkDomain), in: database,
            clock: site.clock
        ).run(progress: progress)
        return try await finish(request, &keyring, newest, by: by)
    }

    /// Notes that it begins, once it is known that no name is lost without a person's word.
    private func begin(
        _ request: RekeyRequest, _ keyring: Keyring, because: String?, by: String
    ) async throws {
        let standing = try await database.read {
            try NamingRegister().standing(of: .pidLink, in: $0)
        }
        guard standing.map({ $0.finished != nil }) ?? true else {
            throw RekeyFailure(.rotating)
        }
        let lost = try await RekeyPass(
            site, keyring, before: request.epoch + 1, in: database
        ).countLost()
        guard lost == 0 || because != nil else {
            throw RekeyFailure(.lost, detail: "\(lost)")
        }
        let fact = Fact.Rekeyed(
            request: request.id, step: .began, by: by, epoch: request.epoch, lost: lost,
            because: lost == 0 ? nil : because)
        let now = site.clock()
        try await database.write {
            try Ledger().append([.rekeyed(fact)], at: now, in: $0)
        }
    }

    private func finish(
        _ request: RekeyRequest, _ keyring: inout Keyring, _ newest: HeldKey, by: String
    ) async throws -> RekeyOutcome {
        let counts = try await database.read { transaction in
            let lost = try NamingRegister().carried(before: newest.epoch, in: transaction)
            let all = try NamingRegister().count(
                of: .pidLink, before: newest.epoch + 1, in: transaction)
            return (renewed: all - lost, lost: lost)
        }
        var ended: [String] = []
        // What was carried over is known again by way of them.
        if counts.lost == 0 {
            for key in keyring.supersededLinkKeys(suite, domain: site.linkDomain)
            where key.state == .verifyOnly {
                try keyring.mark(key.kid, as: .compromised, on: site.clock())
                ended.append(key.kid)
            }
        }
        try await site.check(keyring, in: database)
        let fact = Fact.Rekeyed(
            request: request.id, step: .finished, by: by, epoch: request.epoch,
            renewed: counts.renewed, lost: counts.lost)
        let now = site.clock()
        try await database.write {
            try Ledger().append([.rekeyed(fact)], at: now, in: $0)
        }
        guard let entry = keyring.list().first(where: { $0.kid == newest.kid }) else {
            throw KeyFailure(.missing, detail: newest.kid)
        }
        return RekeyOutcome(
            entry: entry, renewed: counts.renewed, lost: counts.lost, ended: ended)
    }
}
