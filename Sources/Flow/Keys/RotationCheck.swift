import Definitions
import Delivery
import LibCrypto
package import Privacy
import Programmes
import Records
package import Storage
import Submissions

/// What a look at the stored names of one use found (轮换核验).
package struct RotationCheck: Sendable, Hashable {
    package let use: KeyUse
    /// The ring's newest epoch.
    package let epoch: Int
    /// The rotation to it; `nil` while all names are of the first epoch.
    package let standing: NamingRegister.Standing?
    /// Names in all.
    package let names: Int
    /// Names that still stand in an earlier epoch.
    package let left: Int
    /// Names of which no two are alike; as many as there are names.
    package let different: Int
    /// Names that belong to no case any more.
    package let loose: Int
    /// Names drawn at random that were made anew from the sealed submissions.
    package let recomputed: Int
    /// Those of them that came out otherwise.
    package let wrong: Int

    /// Whether all that was there is there, under the newest key, and where it belongs.
    package var isProven: Bool {
        let isCounted = standing.map { $0.moved + $0.overtaken == $0.names } ?? true
        return isCounted && (standing == nil ? epoch == 1 : standing?.finished != nil)
            && (standing?.epoch ?? 1) == epoch && left == 0 && different == names && loose == 0
            && wrong == 0
    }
}

extension Site {
    /// Proves that a rotation left nothing behind and nothing apart.
    ///
    /// - Parameters:
    ///   - draws: how many free checks are made anew, at most, from what the gateway sent.
    /// - Throws: `KeyFailure`, `StorageFailure`, and what the reading of submissions throws.
    package func checkRotation(
        of keyring: Keyring, draws: Int, in database: any Database
    ) async throws -> [RotationCheck] {
        let epochs = try NamingKeys(keyring, configuration.suite, linkDomain: linkDomain).epochs
        // Else the sealed submissions could not be read, and the library would be blamed.
        try await refuseStranger(keyring, in: database)
        var checks: [RotationCheck] = []
        for use in KeyUse.allCases where use.isChained {
            let epoch = epochs[use]
            let drawn =
                use == .pidLink
                ? try await recompute(draws, keyring, in: database) : (recomputed: 0, wrong: 0)
            let check = try await database.read { transaction in
                let register = NamingRegister()
                let counts = try register.counts(of: use, in: transaction)
                return RotationCheck(
                    use: use, epoch: epoch,
                    standing: try register.standing(of: use, in: transaction),
                    names: counts.names,
                    left: try register.count(of: use, before: epoch, in: transaction),
                    different: counts.different, loose: counts.loose,
                    recomputed: drawn.recomputed, wrong: drawn.wrong)
            }
            checks.append(check)
        }
        return checks
    }

    /// Draws free checks and makes their names anew from the ID numbers in the sealed submissions.
    private func recompute(
        _ draws: Int, _ keyring: Keyring, in database: any Database
    ) async throws -> (recomputed: Int, wrong: Int) {
        let outbox = Outbox(epoch: "names", policy: try retryPolicy)
        var desks: [String: PreparationDesk] = [:]
        for part in programmes {
            desks[part.programme.dictionary.programme] = try PreparationDesk(
                kit: preparationKit(keyring, for: part))
        }
        var drawn: Set<String> = []
        for _ in 0..<draws {
            let start = try SecretBytes.random(count: 32).withUnsafeBytes { bytes in
                let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
                return String(decoding: bytes.map { letters[Int($0 & 31)] }, as: UTF8.self)
            }
            let found = try await database.read { try NamingRegister().check(after: start, in: $0) }
            if let found { drawn.insert(found) }
        }
        var (recomputed, wrong) = (0, 0)
        for name in drawn.sorted() {
            let parcels = try await database.read {
                try NamingRegister().submissions(behind: name, outbox, in: $0)
            }
            var answers: [Bool] = []
            for (parcel, record, epoch) in parcels {
                guard let desk = desks[parcel.programme] else { continue }
                let answer = try await desk.isCheck(name, epoch, of: record, in: parcel)
                if let answer { answers.append(answer) }
            }
            guard !answers.isEmpty else { continue }
            recomputed += 1
            // A case whose person was corrected held the check under either number.
            if !answers.contains(true) { wrong += 1 }
        }
        return (recomputed, wrong)
    }
}

extension PreparationDesk {
    /// Whether a free check is of the person whom a submission names; `nil` where it names nobody.
    fileprivate func isCheck(_ name: String, _ epoch: Int, of record: RecordID, in parcel: Parcel)
        throws -> Bool?
    {
        // Our copy of its key may have been erased, its time being over.
        guard !parcel.ownKey.isEmpty, let clear = try read(parcel, only: record).first else {
            return nil
        }
        let person = kit.programme.dictionary.subjects[0]
        func text(_ ordinal: Int?) -> String? {
            clear.fields.first { $0.element.ordinal == ordinal }?.text
        }
        guard let number = text(person.idNumber) else { return nil }
        return try identification.isCheck(
            name, of: Array(number.utf8), document: text(person.idType), epoch: epoch)
    }
}

extension NamingRegister {
    /// How many names there are, how many different ones, and how many belong to no case.
    fileprivate func counts(of use: KeyUse, in transaction: any Transaction)
        throws(StorageFailure) -> (names: Int, different: Int, loose: Int)
    {
        let row = try transaction.run(
            use == .pidLink
                ? """
                SELECT count(*), count(DISTINCT claim), (SELECT count(*) FROM entitlement
                    WHERE NOT EXISTS (SELECT 1 FROM case_version
                        WHERE case_version.record = entitlement.record))
                FROM entitlement
                """
                : """
                SELECT count(*), count(DISTINCT record), CAST(0 AS bigint) FROM case_version
                """
        )[0]
        return (try row.int(0), try row.int(1), try row.int(2))
    }

    /// The first free check after a text, or the first of all: names are spread evenly.
    fileprivate func check(after start: String, in transaction: any Transaction)
        throws(StorageFailure) -> String?
    {
        let found = try transaction.run(
            "SELECT claim FROM entitlement WHERE claim > \(start) ORDER BY claim LIMIT 1")
        if let row = found.first { return try row.text(0) }
        return try transaction.run("SELECT claim FROM entitlement ORDER BY claim LIMIT 1").first
            .map { (row) throws(StorageFailure) in try row.text(0) }
    }

    /// The submissions in which the case that holds a free check went out, newest version first.
    fileprivate func submissions(
        behind name: String, _ outbox: Outbox, in transaction: any Transaction
    ) throws -> [(parcel: Parcel, record: RecordID, epoch: Int)] {
        let rows = try transaction.run(
            """
            SELECT item.submission, entitlement.record, entitlement.epoch FROM entitlement
                JOIN item ON item.record = entitlement.record
            WHERE entitlement.claim = \(name) AND item.action <> 'withdraw'
            ORDER BY item.version DESC
            """)
        var found: [(parcel: Parcel, record: RecordID, epoch: Int)] = []
        for row in rows {
            let id = SubmissionID(try row.text(0))
            guard let parcel = try outbox.parcel(of: id, in: transaction) else { continue }
            found.append((parcel, RecordID(try row.text(1)), try row.int(2)))
        }
        return found
    }
}
