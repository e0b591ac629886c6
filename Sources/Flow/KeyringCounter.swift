import Evidence
package import Privacy
package import Storage

/// The key ring's counter stands in the ledger too, so that an older copy that was put back is
/// found out: it would open, and lack the keys that were made since.
extension Site {
    /// The counter that was last registered; 0 where none was, and where the database's tables are
    /// of another version (whoever writes finds out).
    ///
    /// Throws `StorageFailure`, `DecodingError`.
    package func registeredCounter() async throws -> Int {
        let view: any SteadyDatabase
        do {
            view = try await openView()
        } catch let failure as StorageFailure {
            if case .schemaTooOld = failure.reason { return 0 }
            throw failure
        }
        do {
            let counter = try await view.read { try Site.registeredCounter(in: $0) }
            await view.close()
            return counter
        } catch {
            await view.close()
            throw error
        }
    }

    /// The last registration holds: one with a reason may have gone back.
    private static func registeredCounter(in transaction: any Transaction) throws -> Int {
        guard
            case .keyringSeen(let fact) = try Ledger().entries(of: "keyringSeen", in: transaction)
                .last?.fact
        else { return 0 }
        return fact.counter
    }

    /// Refuses a ring that is older than the ledger knows; registers one that is newer, and the
    /// epochs that it makes names in.
    ///
    /// Throws `KeyFailure` (`rolledBack`, `rotated`), `StorageFailure`, `EncodingError`,
    /// `DecodingError`.
    package func check(_ keyring: Keyring, in database: any Database) async throws {
        let moment = clock()
        let counter = keyring.counter
        let known = try await database.read { try Site.registeredCounter(in: $0) }
        try keyring.refuse(olderThan: known)
        guard counter > known else { return }
        let epochs = try namingEpochs(of: keyring)
        try await database.write { transaction in
            try NamingRegister().begin(epochs, at: moment, in: transaction)
            try Ledger().append(
                [.keyringSeen(Fact.KeyringSeen(counter: counter))], at: moment, in: transaction)
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
        let fact = Fact.KeyringSeen(counter: keyring.counter, by: by, because: because)
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
