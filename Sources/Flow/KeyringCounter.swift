import Evidence
import LibCrypto
package import Privacy
package import Storage

/// What the ledger noted of the key ring last; nothing where none was registered.
package struct RegisteredRing: Sendable {
    /// 0 where none was.
    package let counter: Int
    /// Which keys it has and how far each is, as a digest; `nil` in early entries.
    package let contents: String?
    /// Each of its keys; `nil` in early entries.
    let keys: [Fact.KeyNote]?
}

/// The key ring's counter and keys stand in the ledger too, so that an older copy that was put
/// back, or another ring, is found out: it would open, and lack keys that something was made with.
extension Site {
    /// Opens the ring; one that is older than the ledger knows, that lacks a key that it noted or
    /// has another in its place, is refused.
    ///
    /// Throws as `openKeyring` and `registeredRing`, and `KeyFailure` (`rolledBack`, `forked`,
    /// `rotated`).
    package func openKnownKeyring(_ passphrase: Passphrase?) async throws -> Keyring {
        let known = try await registeredRing()
        let keyring = try openKeyring(passphrase, notBefore: known.counter)
        try known.refuse(otherThanRegistered: keyring)
        guard known.counter > 0, try oldestRoot(of: keyring) > 1 else { return keyring }
        try await look { try refuseStranded(keyring, in: $0) }
        return keyring
    }

    /// What was last registered; none where the database's tables are of another version (whoever
    /// writes finds out).
    ///
    /// Throws `StorageFailure`, `DecodingError`.
    package func registeredRing() async throws -> RegisteredRing {
        do {
            return try await look { try Site.registeredRing(in: $0) }
        } catch let failure as StorageFailure {
            if case .schemaTooOld = failure.reason {
                return RegisteredRing(counter: 0, contents: nil, keys: nil)
            }
            throw failure
        }
    }

    private func look<Result: Sendable>(
        _ work: @Sendable @escaping (any Transaction) throws -> Result
    ) async throws -> Result {
        let view = try await openView()
        do {
            let found = try await view.read(work)
            await view.close()
            return found
        } catch {
            await view.close()
            throw error
        }
    }

    /// The last registration holds: one with a reason may have gone back.
    private static func registeredRing(
        in transaction: any Transaction
    ) throws -> RegisteredRing {
        guard
            case .keyringSeen(let fact) = try Ledger().entries(of: "keyringSeen", in: transaction)
                .last?.fact
        else { return RegisteredRing(counter: 0, contents: nil, keys: nil) }
        return RegisteredRing(counter: fact.counter, contents: fact.contents, keys: fact.keys)
    }

    /// Refuses a ring that is not the one that the ledger knows, or a later state of it; registers
    /// one that is newer, and the epochs that it makes names in.
    ///
    /// - Parameter by: who changed it, where that is to stand in the ledger.
    /// - Throws: `KeyFailure` (`rolledBack`, `forked`, `rotated`), `StorageFailure`,
    ///   `EncodingError`, `DecodingError`.
    package func check(
        _ keyring: Keyring, in database: any Database, by: String? = nil
    ) async throws {
        let moment = clock()
        let known = try await database.read { try Site.registeredRing(in: $0) }
        try keyring.refuse(olderThan: known.counter)
        try known.refuse(otherThanRegistered: keyring)
        try await database.read { try refuseStranded(keyring, in: $0) }
        guard keyring.counter > known.counter || known.keys == nil else { return }
        if known.keys == nil, known.counter > 0 {
            // Which keys it had nobody knows: at least it opens all that is sealed.
            try await refuseStranger(keyring, in: database)
        }
        let fact = Fact.KeyringSeen(
            counter: keyring.counter, contents: keyring.contents,
            keys: RegisteredRing.notes(keyring),
            by: by)
        let epochs = try namingEpochs(of: keyring)
        try await database.write { transaction in
            try NamingRegister().begin(epochs, at: moment, in: transaction)
            try Ledger().append([.keyringSeen(fact)], at: moment, in: transaction)
        }
    }

    /// Registers a ring as the one in force, whatever was known: a person says why.
    ///
    /// Throws `KeyFailure` (`rotated`) where names stand under a key that the ring lacks, or where
    /// something that stays at home is sealed under one; `StorageFailure`, `EncodingError`.
    package func register(
        _ keyring: Keyring, in database: any Database, by: String, because: String
    ) async throws {
        let moment = clock()
        let fact = Fact.KeyringSeen(
            counter: keyring.counter, contents: keyring.contents,
            keys: RegisteredRing.notes(keyring), by: by, because: because)
        let epochs = try namingEpochs(of: keyring)
        let known = try await database.read { try Site.registeredRing(in: $0) }
        try known.refuse(otherNamesThan: keyring, configuration.suite)
        try await refuseStranger(keyring, in: database)
        try await database.write {
            try refuseStranded(keyring, in: $0)
            try NamingRegister().begin(epochs, at: moment, in: $0)
            try Ledger().append([.keyringSeen(fact)], at: moment, in: $0)
        }
    }

    private func namingEpochs(of keyring: Keyring) throws(KeyFailure) -> NamingEpochs {
        try NamingKeys(keyring, configuration.suite, linkDomain: linkDomain).epochs
    }

    private func oldestRoot(of keyring: Keyring) throws(KeyFailure) -> Int {
        try NamingKeys(keyring, configuration.suite, linkDomain: linkDomain).oldestWholeRoot
    }

    /// Throws `rotated` where stored names are made by way of a link key that is gone, or may not
    /// be used any more: nobody would be known by them again.
    private func refuseStranded(_ keyring: Keyring, in transaction: any Transaction) throws {
        let root = try oldestRoot(of: keyring)
        guard root > 1 else { return }
        let count = try NamingRegister().carried(before: root, in: transaction)
        guard count == 0 else {
            throw KeyFailure(.rotated, place: keyring.path, detail: "pid-link: \(count)")
        }
    }

    /// Throws `rotated` where something that stays at home is sealed under a key that the ring
    /// lacks.
    func refuseStranger(_ keyring: Keyring, in database: any Database) async throws {
        let known = try keyring.epochs(of: .field, configuration.suite).map(\.kid)
        if let kid = try await SealedShelf.stranger(to: known, in: database) {
            throw KeyFailure(.rotated, place: keyring.path, detail: "field \(kid)")
        }
    }
}

extension RegisteredRing {
    /// All keys of a ring as the ledger notes them.
    fileprivate static func notes(_ keyring: Keyring) -> [Fact.KeyNote] {
        keyring.list().map { key in
            Fact.KeyNote(
                id: key.kid, use: key.use.rawValue, suite: key.suite.rawValue,
                domain: key.domain, epoch: key.epoch, state: key.state.rawValue,
                fingerprint: key.fingerprint)
        }
    }

    /// Throws `forked` for a ring that is neither the one that was registered nor what became of
    /// it: keys are never taken out, and no key goes back.
    fileprivate func refuse(otherThanRegistered keyring: Keyring) throws(KeyFailure) {
        try keyring.refuse(otherThan: (counter, contents))
        let found = Dictionary(keyring.list().map { ($0.kid, $0) }) { one, _ in one }
        for note in keys ?? [] {
            guard let key = found[note.id], note.isOf(key), note.stage <= key.state.stage else {
                throw KeyFailure(
                    .forked, place: keyring.path, detail: "\(note.use) \(note.epoch) \(note.id)")
            }
        }
    }

    /// Throws `rotated` for a ring that lacks a key with which stored names were made, or has
    /// another in its place. A key of what leaves may be lacking, where a person says so.
    fileprivate func refuse(otherNamesThan keyring: Keyring, _ suite: CipherSuite)
        throws(KeyFailure)
    {
        let list = keyring.list()
        for note in keys ?? [] where note.suite == suite.rawValue {
            let use = KeyUse(rawValue: note.use)
            let isUsed = KeyState(rawValue: note.state)?.isUsable ?? false
            guard isUsed, use == .pidLink || use == .content || use == .caseID || use == .pidOut
            else { continue }
            let key = list.first {
                $0.use == use && $0.suite == suite && $0.domain == note.domain
                    && $0.epoch == note.epoch
            }
            if key == nil, use == .pidOut { continue }
            guard let key, note.isOf(key), key.state.isUsable else {
                throw KeyFailure(
                    .rotated, place: keyring.path, detail: "\(note.use) \(note.epoch) \(note.id)")
            }
        }
    }
}

extension Fact.KeyNote {
    fileprivate var stage: Int { KeyState(rawValue: state)?.stage ?? 0 }

    /// Whether it is the very key; one that is destroyed is known by its id alone.
    fileprivate func isOf(_ key: KeyEntry) -> Bool {
        key.kid == id && key.use.rawValue == use && key.suite.rawValue == suite
            && key.domain == domain && key.epoch == epoch
            && (key.fingerprint == nil || key.fingerprint == fingerprint)
    }
}
