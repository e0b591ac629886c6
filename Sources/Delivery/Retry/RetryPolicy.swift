import Foundation
import LibCrypto
package import Storage

/// A set of retry rules with its name and version (重试策略).
///
/// The version is the digest of the rules: whoever changes a number has another policy. Each
/// submission keeps the one under which it was queued.
package struct RetryPolicy: Sendable, Hashable {
    package let name: String
    package let rules: RetryRules
    /// SHA-256 of the rules' JSON with sorted keys, hex.
    package let digest: String
    private let text: String

    /// Throws `EncodingError`.
    package init(name: String, _ rules: RetryRules) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(rules))
        self.name = name
        self.rules = rules
        text = String(decoding: bytes, as: UTF8.self)
        digest = Hex.encode(Hash.sha256.digest(bytes))
    }

    /// The same policy with a site's own pace. Throws `EncodingError`.
    package func with(pace: SendPace) throws -> RetryPolicy {
        var rules = rules
        rules.pace = pace
        return try RetryPolicy(name: name, rules)
    }

    /// Keeps the policy beside the submissions that were made under it.
    func keep(in transaction: any Transaction) throws(StorageFailure) {
        try transaction.run(
            """
            INSERT INTO retry_policy (digest, name, rules) VALUES (\(digest), \(name), \(text))
            ON CONFLICT (digest) DO NOTHING
            """)
    }

    /// The rules of a submission: those that it was queued under, or these where it was queued
    /// before policies were kept.
    func rules(
        of digest: String?, in transaction: any Transaction
    ) throws(StorageFailure) -> RetryRules {
        guard let digest, digest != self.digest else { return rules }
        let rows = try transaction.run(
            "SELECT rules FROM retry_policy WHERE digest = \(digest)")
        guard let text = try rows.first?.text(0),
            let found = try? JSONDecoder().decode(RetryRules.self, from: Data(text.utf8))
        else { throw StorageFailure(.unexpectedColumn("policy")) }
        return found
    }

    /// The policies that submissions were made under, and how many of these are still open.
    package static func kept(
        in transaction: any Transaction
    ) throws(StorageFailure) -> [(name: String, digest: String, open: Int)] {
        var kept: [(name: String, digest: String, open: Int)] = []
        for row in try transaction.run(
            """
            SELECT name, digest, (SELECT count(*) FROM submission
                WHERE policy = retry_policy.digest AND state NOT IN ('final', 'cancelled'))
            FROM retry_policy ORDER BY name, digest
            """)
        {
            kept.append((try row.text(0), try row.text(1), try row.int(2)))
        }
        return kept
    }
}
