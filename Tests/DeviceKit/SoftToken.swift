import Foundation

/// Tokens of a real SoftHSM 2 in a folder of their own.
package final class SoftToken: Sendable {
    package static let library = "/usr/lib/softhsm/libsofthsm2.so"
    package static let pin = "token-pin-77120"
    package static let officerPIN = "officer-pin-5501"
    package let folder: String
    /// The library's configuration: what `SOFTHSM2_CONF` names.
    package let configuration: String
    package var setting: [String: String] { ["SOFTHSM2_CONF": configuration] }

    /// Makes the folder, and a token of this label in it.
    ///
    /// - Parameter configuration: where the process looks for it; else a place of its own.
    package init(label: String, configuration: String? = nil) throws {
        let own = NSTemporaryDirectory() + "soft-token-\(UUID().uuidString)/softhsm2.conf"
        self.configuration = configuration ?? own
        folder = (self.configuration as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder + "/tokens", withIntermediateDirectories: true)
        let text = "directories.tokendir = \(folder)/tokens\nlog.level = ERROR\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.configuration))
        try make(label)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Makes another token.
    package func make(_ label: String) throws {
        try run(
            [
                "softhsm2-util", "--init-token", "--free", "--label", label, "--pin",
                SoftToken.pin, "--so-pin", SoftToken.officerPIN,
            ], setting: setting)
    }

    /// Imports a key from outside, as nobody should: the token marks it so.
    package func importKey(_ token: String, label: String) throws {
        let file = folder + "/outside.pem"
        try run([
            "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-out", file,
        ])
        try run(
            [
                "pkcs11-tool", "--module", SoftToken.library, "--token-label", token, "--login",
                "--pin", SoftToken.pin, "--write-object", file, "--type", "privkey", "--id",
                "0102", "--label", label, "--usage-sign", "--extractable",
            ], setting: setting)
    }

    /// Imports both halves of a key from outside, marked as one that stays inside from here on.
    package func importPair(_ token: String, label: String) throws {
        let (file, half) = (folder + "/pair.pem", folder + "/half.pem")
        try run([
            "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-out", file,
        ])
        try run(["openssl", "pkey", "-in", file, "-pubout", "-out", half])
        for (path, words) in [(file, ["privkey", "--sensitive"]), (half, ["pubkey"])] {
            try run(
                [
                    "pkcs11-tool", "--module", SoftToken.library, "--token-label", token,
                    "--login", "--pin", SoftToken.pin, "--write-object", path, "--id", "0304",
                    "--label", label, "--usage-sign", "--type",
                ] + words, setting: setting)
        }
    }

    /// Destroys a token: another one may take its label.
    package func destroy(_ label: String) throws {
        try run(["softhsm2-util", "--delete-token", "--token", label], setting: setting)
    }

    /// Takes the tokens away, as if somebody pulled them out, or puts them back.
    package func take(away isAway: Bool) throws {
        let (here, there) = (folder + "/tokens", folder + "/away")
        try FileManager.default.moveItem(
            atPath: isAway ? here : there, toPath: isAway ? there : here)
    }
}
