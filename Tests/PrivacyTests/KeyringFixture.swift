import Foundation
import Glibc
import LibCrypto
import Privacy
import Records

/// A folder of one test, removed with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("privacy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    func write(_ bytes: [UInt8], to name: String, mode: mode_t = 0o600) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        chmod(file(name), mode)
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}

/// 2012-03-05 12:00 in Asia/Shanghai.
let moment = Timestamp(microseconds: 1_330_920_000_000_000)
let passphraseText = "four unrelated words 马"

func secret(_ text: String) throws -> SecretBytes {
    var bytes = Array(text.utf8)
    return try SecretBytes(consuming: &bytes)
}

/// A ring whose passphrase is cheap to try.
func makeRing(_ folder: Folder, suites: [CipherSuite] = CipherSuite.allCases) throws -> Keyring {
    try Keyring.create(
        at: folder.file("keyring.json"), passphrase: secret(passphraseText), city: "city-9901",
        suites: suites, on: moment, cost: PassphraseCost(n: 16))
}

func openRing(
    _ folder: Folder, notBefore counter: Int = 0, devices: [any SigningDevice] = []
) throws -> Keyring {
    try Keyring.open(
        folder.file("keyring.json"), passphrase: secret(passphraseText), notBefore: counter,
        devices: devices)
}

/// Why `work` could not use a key; `nil` if it could.
func keyFailure(_ work: () throws -> Void) throws -> KeyFailure.Reason? {
    do {
        try work()
        return nil
    } catch let failure as KeyFailure {
        return failure.reason
    }
}
