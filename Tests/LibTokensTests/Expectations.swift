import Foundation
import LibCrypto
import Testing

/// A PIN in secure memory.
func secret(_ text: String) throws -> SecretBytes {
    var bytes = Array(text.utf8)
    return try SecretBytes(consuming: &bytes)
}

/// Expects that a device fails for this reason.
func expect(
    _ reason: DeviceFault.Reason, at location: SourceLocation = #_sourceLocation,
    _ work: () throws -> Void
) {
    do {
        try work()
        Issue.record("nothing was the matter", sourceLocation: location)
    } catch {
        let fault = (error as? CryptoFailure)?.device ?? (error as? DeviceFault)
        #expect(fault?.reason == reason, "\(error)", sourceLocation: location)
    }
}

/// Expects that the `openssl` command takes a signature for genuine.
func expectGenuine(_ signature: [UInt8], over bytes: [UInt8], by key: SigningKey) throws {
    let folder = NSTemporaryDirectory() + "signed-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, content) in [
        ("sig", signature), ("data", bytes), ("pub", Array(try key.verifyingKey().pem().utf8)),
    ] {
        try Data(content).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    let way =
        key.suite == .gm
        ? ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"] : ["-digest", "sha256"]
    process.arguments =
        ["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "pub", "-in", "data"] + way
        + ["-sigfile", "sig"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
}
