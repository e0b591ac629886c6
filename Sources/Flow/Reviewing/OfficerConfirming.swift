package import Delivery
import Evidence
package import LibCrypto
import Privacy
package import Records
package import Storage

/// A changed or new key of one who approves mappings holds once somebody whose own key is noted
/// says so (确认审批人公钥).
extension Site {
    /// Confirms an officer's key, department and role as they are listed now.
    ///
    /// - Parameters:
    ///   - person: whose key it is.
    ///   - name: who says so: an officer, or one of custody who is no mere requester. He is listed
    ///     still, and his noted key is what counts.
    /// - Throws: `IdentifyFailure` (`voucher`, `confirmed`), `DefinitionError`, `CryptoFailure`,
    ///   `StorageFailure`.
    package func confirmOfficer(
        _ person: String, by name: String, with key: SigningKey, because: String,
        in database: any Database
    ) async throws -> KeyConfirmation {
        let list = try officers().map(KeyBook.Listed.init)
        let fingerprint = try key.verifyingKey().fingerprint()
        let (now, region) = (clock(), configuration.county.region)
        let custody = try custody()
        let done = try await database.write { transaction -> KeyConfirmation? in
            let book = try KeyBook.note(list, of: .officers, at: now, in: transaction)
            var keys: [String] = []
            if list.contains(where: { $0.name == name }), let noted = book.noted[name] {
                keys.append(noted.key)
            }
            if custody?.person(named: name) != nil,
                let noted = try KeyBook(.custody, in: transaction).person(named: name),
                noted.role != .requester
            {
                keys.append(noted.fingerprint)
            }
            guard keys.contains(fingerprint) else { return nil }
            return try book.confirm(
                person, in: list, of: region,
                by: KeyBook.Voucher(
                    name: name, key: key, fingerprint: fingerprint, because: because),
                at: now, in: transaction)
        }
        guard let done else { throw IdentifyFailure(.voucher, place: name) }
        return done
    }

    /// Says that an officer's key is right where nobody is left who could sign for it: it holds
    /// after `KeyBook.announcedDays` days, and is an incident until then.
    ///
    /// - Returns: from when on it holds.
    /// - Throws: as `confirmOfficer`.
    package func announceOfficer(
        _ person: String, _ decision: Decision, in database: any Database
    ) async throws -> Timestamp {
        let list = try officers().map(KeyBook.Listed.init)
        let now = clock()
        return try await database.write { transaction in
            let book = try KeyBook.note(list, of: .officers, at: now, in: transaction)
            let (about, isListed) = try book.waiting(person, in: list)
            // What is listed no more, or was said before, needs no second word.
            let since = book.open[person]?.announced?.at
            let step: Fact.PersonKey.Step = isListed ? .announced : .withdrawn
            if since == nil || !isListed {
                try Ledger().append(
                    [.personKey(book.fact(step, about, decision))], at: now, in: transaction)
            }
            return (since ?? now).adding(seconds: KeyBook.announcedSeconds)
        }
    }

    /// Writes down whose key is whose among those who approve, and gives those whose key nobody has
    /// confirmed. Throws `DefinitionError`, `CryptoFailure`, `StorageFailure`.
    package func noteOfficers(
        at now: Timestamp, in transaction: any Transaction
    ) throws -> [String] {
        let list = try officers().map(KeyBook.Listed.init)
        return try KeyBook.note(list, of: .officers, at: now, in: transaction)
            .unconfirmed(in: list)
    }
}
