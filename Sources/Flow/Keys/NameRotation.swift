import LibCrypto
package import Privacy
package import Records
package import Storage

/// Carries the stored names of one use over to the newest epoch (链式轮换), some thousand in each
/// transaction. Ended at any point, it goes on from there the next time: each row bears its epoch.
/// Meanwhile rows are found under their old names and their new ones.
package struct NameRotation: Sendable {
    /// Rows of one transaction: it stays short, so that others need not wait for long.
    package static let stretch = 5_000

    package let use: KeyUse
    private let database: any Database
    private let keys: NamingKeys
    private let clock: Clock
    private let register = NamingRegister()

    /// - Parameter use: one that is chained.
    package init(
        _ use: KeyUse, of keys: NamingKeys, in database: any Database, clock: @escaping Clock
    ) {
        precondition(use.isChained, "stored names of other uses stay as they are")
        self.use = use
        self.keys = keys
        self.database = database
        self.clock = clock
    }

    /// How far it is; `nil` while all names are of the first epoch.
    package func standing() async throws -> NamingRegister.Standing? {
        try await database.read { [register, use] in try register.standing(of: use, in: $0) }
    }

    /// Carries over what is left.
    ///
    /// Throws `KeyFailure` (`missing`) for a name of an epoch that the ring lacks, and
    /// `StorageFailure`.
    /// - Parameter progress: told how many names went over in this run.
    package func run(progress: (Int) -> Void) async throws {
        let epoch = keys.epochs[use]
        let chain: RotationChain
        do throws(CryptoFailure) {
            chain = try use == .pidLink ? .link(keys) : .content(keys)
        } catch { throw KeyFailure(error) }
        var done = 0
        var isFinished = false
        // Whoever began a stretch with the old ring may have left a name behind the cursor.
        while !isFinished {
            var last = ""
            while let key = try await carry(after: last, to: epoch, by: chain, counting: &done) {
                last = key
                progress(done)
            }
            isFinished = try await database.write { [register, use, clock] in
                try register.finish(use, epoch, at: clock(), in: $0)
            }
        }
    }

    /// One stretch. Returns the last key of it; `nil` where there was none.
    private func carry(
        after key: String, to epoch: Int, by chain: RotationChain, counting done: inout Int
    ) async throws -> String? {
        let old = try await database.read { [register, use] in
            try register.names(
                of: use, before: epoch, after: key, limit: NameRotation.stretch, in: $0)
        }
        guard let last = old.last else { return nil }
        var names: [(old: NamingRegister.StoredName, new: [UInt8])] = []
        names.reserveCapacity(old.count)
        for name in old { names.append((name, try renewed(name, by: chain))) }
        try await database.write { [register, use, names] in
            try register.move(names, of: use, to: epoch, in: $0)
        }
        done += names.count
        return last.key
    }

    private func renewed(
        _ name: NamingRegister.StoredName, by chain: RotationChain
    ) throws(KeyFailure) -> [UInt8] {
        let found: [UInt8]?
        do throws(CryptoFailure) {
            switch use {
            case .pidLink:
                // The child order stands behind the pseudonym and stays.
                let text = Array(name.key.utf8)
                found = try chain.renewed(
                    Array(text.prefix(PseudonymDomain.characterCount)), from: name.epoch
                ).map { $0 + text.dropFirst(PseudonymDomain.characterCount) }
            default:
                // What was taken back equals no content at all.
                found =
                    name.content.isEmpty
                    ? [] : try chain.renewed(name.content, from: name.epoch)
            }
        } catch { throw KeyFailure(error) }
        guard let found else { throw KeyFailure(.missing, detail: "\(use.rawValue) \(name.epoch)") }
        return found
    }
}
