package import LibCrypto
import LibZlib
package import Privacy
package import Storage

/// Seals what stays at home anew under the newest key (本地内容换钥), some hundred texts in each
/// transaction: after it nothing needs the old keys. Ended at any point, it goes on from there the
/// next time: each text bears its key.
package struct HomeResealing: Sendable {
    private let database: any Database
    private let keys: [HeldKey]
    private let suite: CipherSuite
    private let documentBytes: Int
    private static let stretch = 500

    /// - Parameters:
    ///   - keys: those of `field`, oldest first.
    ///   - documentBytes: the most that a submission's document may have.
    package init(
        _ keys: [HeldKey], _ suite: CipherSuite, documentBytes: Int, in database: any Database
    ) {
        self.keys = keys
        self.suite = suite
        self.documentBytes = documentBytes
        self.database = database
    }

    /// Seals anew what is left; how many texts there were.
    ///
    /// Throws `KeyFailure` (`rotated`) for a text that none of the keys sealed, `CryptoFailure` for
    /// one that does not open, `StorageFailure`.
    /// - Parameter progress: told how many texts were sealed in this run.
    package func run(progress: (Int) -> Void) async throws -> Int {
        guard let newest = keys.last else { throw KeyFailure(.missing, detail: "field") }
        let home = try HomeSeal(suite: suite, keys: keys)
        var done = 0
        for shelf in SealedShelf.allCases {
            var cursor = SealedShelf.Cursor.start
            while true {
                let old = try await database.read { [cursor] in
                    try shelf.texts(
                        notUnder: newest.kid, after: cursor, limit: HomeResealing.stretch, in: $0)
                }
                guard let last = old.last else { break }
                if let stranger = old.first(where: { text in
                    !keys.contains { $0.kid == text.kid }
                }) {
                    throw KeyFailure(.rotated, detail: "field \(stranger.kid)")
                }
                let texts = try old.map { (old: $0, new: try renewed($0, of: shelf, by: home)) }
                try await database.write { try shelf.replace(texts, in: $0) }
                done += texts.count
                cursor = last.cursor
                progress(done)
            }
        }
        return done
    }

    private func renewed(_ text: SealedShelf.Text, of shelf: SealedShelf, by home: HomeSeal)
        throws -> String
    {
        let (name, number) = (text.cursor.name, text.cursor.number)
        switch shelf {
        case .keptRow, .partRow, .leadRow:
            return try reseal(text.sealed, "GWR1|\(name)|\(number)", home)
        case .resultList: return try reseal(text.sealed, "GWB1|\(name)|\(number)", home)
        case .ownKey:
            let document = try Gzip.decompress(text.wire, limit: documentBytes)
            let bound = "GWD1|\(name)|\(try PreparationDesk.keyID(of: document))"
            return try home.seal(
                home.openSecret(text.sealed, additionalData: bound), additionalData: bound)
        }
    }

    private func reseal(_ text: String, _ bound: String, _ home: HomeSeal) throws(CryptoFailure)
        -> String
    {
        try home.seal(home.open(text, additionalData: bound), additionalData: bound)
    }
}
