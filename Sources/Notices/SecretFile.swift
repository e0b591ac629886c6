import Definitions
import Foundation
import LibCrypto

/// Where a channel's secret lies: a file that others cannot read, or a systemd credential.
package struct SecretFile: Sendable {
    private let path: String
    private let isCredential: Bool

    private static let byteLimit = 4096

    /// Reads the key's section: `{ file: PATH }` or `{ credential: NAME }`.
    static func optional(
        _ key: String, of part: inout Section, file path: (String) -> String
    ) throws(DefinitionError) -> SecretFile? {
        guard part.has(key) else { return nil }
        var section = try part.section(key)
        let found: SecretFile
        if let name = try section.optionalText("credential") {
            let folder =
                ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
                ?? "/run/credentials"
            found = SecretFile(path: folder + "/" + name, isCredential: true)
        } else {
            found = SecretFile(path: path(try section.text("file")), isCredential: false)
        }
        try section.finish()
        return found
    }

    static func read(
        _ key: String, of part: inout Section, file path: (String) -> String
    ) throws(DefinitionError) -> SecretFile {
        guard let found = try optional(key, of: &part, file: path) else {
            throw part.error(
                "缺少 “\(key)”：写 { file: 路径 }。", "\(key) is missing: { file: PATH }.")
        }
        return found
    }

    /// The secret, without the line break at its end. Throws `NoticeFailure`: `secret-missing`,
    /// `secret-exposed`.
    func text() throws(NoticeFailure) -> String {
        var found = stat()
        guard stat(path, &found) == 0, let bytes = FileManager.default.contents(atPath: path),
            bytes.count <= SecretFile.byteLimit
        else { throw NoticeFailure("secret-missing") }
        guard found.st_mode & (isCredential ? 0o007 : 0o077) == 0 else {
            throw NoticeFailure("secret-exposed")
        }
        let text = String(decoding: bytes, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw NoticeFailure("secret-missing") }
        return text
    }
}

/// Why a notice was not handed over: a stable short word, never an address or a secret.
package struct NoticeFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
