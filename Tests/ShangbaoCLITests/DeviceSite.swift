import DeviceKit
import Foundation
import Testing

/// A rehearsal site whose signing keys are in devices: SM2 in a cipher machine (`mima`), P-256 in a
/// SoftHSM token (`hsm`).
final class DeviceSite: Sendable {
    struct Key: Decodable {
        let id: String
        let use: String
        let suite: String
        let state: String
        let device: String?
    }

    let site: TestSite
    let machine: SoftMachine
    let token: SoftToken
    var folder: String { site.folder }

    /// Names the devices in the site's file; the keys are in the ring still.
    init(suite: String = "gm") throws {
        site = try TestSite(suite: suite)
        machine = try SoftMachine()
        token = try SoftToken(label: "county")
        for (name, pin) in [("mima", SoftMachine.pin), ("hsm", SoftToken.pin)] {
            try write(pin: pin, of: name)
        }
        let (machine, folder) = (machine, folder)
        try site.edit("shangbao.yaml") { text in
            text + """

                service: { listen: 127.0.0.1:0 }
                devices:
                  mima:
                    interface: sdf
                    library: \(machine.library)
                    key: 1
                    pin: { file: \(folder)/keys/pin-mima }
                  hsm:
                    interface: pkcs11
                    library: \(SoftToken.library)
                    token: county
                    pin: { file: \(folder)/keys/pin-hsm }

                """
        }
    }

    /// Writes the file that a rehearsal reads a PIN from.
    func write(pin: String, of name: String) throws {
        let path = folder + "/keys/pin-" + name
        try Data((pin + "\n").utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    func run(
        _ words: [String], input: String? = nil, setting: [String: String] = [:]
    ) throws -> Program.Ended {
        try site.program.run(
            words + ["--site", folder], in: "en", input: input,
            setting: token.setting.merging(setting) { $1 })
    }

    @discardableResult
    func done(_ words: [String]) throws -> String {
        let ended = try run(words)
        #expect(ended.status == 0, "\(words): \(ended.out)\(ended.err)")
        return ended.out
    }

    func keys() throws -> [Key] {
        try JSONDecoder().decode([Key].self, from: Data(done(["keys", "list", "--json"]).utf8))
    }

    /// Makes the devices' keys the ones that sign. Returns their ids by device.
    @discardableResult
    func putKeysInDevices() throws -> [String: String] {
        var ids: [String: String] = [:]
        for device in ["mima", "hsm"] {
            try done(["keys", "rotate", "sign", "--device", device])
            let key = try #require(
                try keys().first { $0.device == device && $0.state == "pending" })
            try done(["keys", "mark", key.id, "active"])
            ids[device] = key.id
        }
        return ids
    }

    /// A sample of six clean couples beside the site.
    func sample() throws -> String {
        _ = try site.program.run([
            "sample", "--couples", "6", "--seed", "7", "--defects", "0", "--out", folder,
        ])
        return folder + "/couples-6-seed-7.csv"
    }

    /// A script of the shell in the site's folder; its status and what it said.
    func shell(_ script: String) throws -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }
}
