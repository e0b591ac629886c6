import Evidence
package import Privacy
package import Storage

/// The key ring's counter stands in the ledger too, so that an older copy that was put back is
/// found out: it would open, and lack the keys that were made since.
extension Site {
    /// A ring by its counter and its contents; 0 where none was registered.
    package typealias RegisteredRing = (counter: Int, contents: String?)

    /// Opens the ring; one that is older than the ledger knows, or another one with the counter
    /// that it knows, is refused.
    ///
    /// Throws as `openKeyring` and `registeredRing`, and `KeyFailure` (`rolledBack`, `forked`).
    package func openKnownKeyring(_ passphrase: Passphrase?) async throws -> Keyring {
        let known = try await registeredRing()
        let keyring = try openKeyring(passphrase, notBefore: known.counter)
        try keyring.refuse(otherThan: known)
        return keyring
    }

    /// What was last registered; none where the database's tables are of another version (whoever
    /// writes finds out).
    ///
    /// Throws `StorageFailure`, `DecodingError`.
    package func registeredRing() async throws -> RegisteredRing {
        let view: any SteadyDatabase
        do {
            view = try await openView()
        } catch let failure as StorageFailure {
            if case .schemaTooOld = failure.reason { return (0, nil) }
            throw failure
        }
        do {
            let known = try await view.read { try Site.registeredRing(in: $0) }
            await view.close()
            return known
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
        else { return (0, nil) }
        return (fact.counter, fact.contents)
    }

    /// Refuses a ring that is older than the ledger knows; registers one that is newer, and the
    /// epochs that it makes names in.
    ///
    /// Throws `KeyFailure` (`rolledBack`, `forked`, `rotated`), `StorageFailure`, `EncodingError`,
    /// `DecodingError`.
    package func check(_ keyring: Keyring, in database: any Database) async throws {
        let moment = clock()
        let known = try await database.read { try Site.registeredRing(in: $0) }
        try keyring.refuse(olderThan: known.counter)
        guard keyring.counter > known.counter else {
            return try keyring.refuse(otherThan: known)
        }
        let fact = Fact.KeyringSeen(counter: keyring.counter, contents: keyring.contents)
        let epochs = try namingEpochs(of: keyring)
        try await database.write { transaction in
            try NamingRegister().begin(epochs, at: moment, in: transaction)
            try Ledger().append([.keyringSeen(fact)], at: moment, in: transaction)
        }
    }

    /// Registers a ring as the one in force, whatever was known: a person says why.
    ///
    /// Throws `KeyFailure` (`rotated`) where names stand in an epoch that the ring lacks, or where
    /// something that stays at home is sealed under a key that it lacks; `StorageFailure`,
    /// `EncodingError`.
    package func register(
        _ keyring: Keyring, in database: any Database, by: String, because: String
    ) async throws {
        let moment = clock()
        let fact = Fact.KeyringSeen(
            counter: keyring.counter, contents: keyring.contents, by: by, because: because)
        let epochs = try namingEpochs(of: keyring)
        let known = try keyring.epochs(of: .field, configuration.suite).map(\.kid)
        if let kid = try await SealedShelf.stranger(to: known, in: database) {
            throw KeyFailure(.rotated, place: keyring.path, detail: "field \(kid)")
        }
        try await database.write {
            try NamingRegister().begin(epochs, at: moment, in: $0)
            try Ledger().append([.keyringSeen(fact)], at: moment, in: $0)
        }
    }

    private func namingEpochs(of keyring: Keyring) throws(KeyFailure) -> NamingEpochs {
        try NamingKeys(keyring, configuration.suite, linkDomain: linkDomain).epochs
    }
}
