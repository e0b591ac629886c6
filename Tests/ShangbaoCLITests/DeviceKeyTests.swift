import DeviceKit
import Foundation
import Testing

/// A county whose signing keys are in devices reports, settles, and loses nothing when one is away.
@Suite(.serialized) struct DeviceKeyTests {
    private struct Standing: Decodable {
        let cases: [String: Int]
        let balances: Bool
    }

    private struct Line: Decodable {
        let what: String
        let holds: Bool
        let found: String
    }

    private func take(_ file: String, in made: DeviceSite) throws -> TakenFile {
        let ended = try made.run(["take", file, "--json"])
        let taken = try JSONDecoder().decode([TakenFile].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func doctor(_ made: DeviceSite) throws -> [Line] {
        try JSONDecoder().decode(
            [Line].self, from: Data(try made.run(["doctor", "--json"]).out.utf8))
    }

    /// Every submission's own signature, by openssl and the public half that was exported.
    private func expectSubmissionsSigned(by id: String, _ suite: String, in made: DeviceSite) throws
    {
        let way =
            suite == "gm" ? "-digest sm3 -pkeyopt distid:1234567812345678" : "-digest sha256"
        let checked = try made.shell(
            """
            mkdir signed; cd signed
            sqlite3 ../data/shangbao.db "SELECT writefile(id || '.gz', wire),
                writefile(id || '.sig', signature)
                FROM submission JOIN block ON block.submission = submission.id
                WHERE signing_key = '\(id)'" > /dev/null
            for file in *.gz; do
                gunzip "$file"
                openssl pkeyutl -verify -rawin \(way) -pubin \
                    -inkey ../keys/public/\(suite)-\(id).pub.pem -in "${file%.gz}" \
                    -sigfile "${file%.gz}.sig"
            done
            """)
        #expect(checked.status == 0, "\(checked.said)")
        #expect(checked.said.contains("Signature Verified Successfully"))
    }

    /// Both signatures of the pack, by openssl, each by the key of its device.
    private func expectPackSigned(by ids: [String: String], in made: DeviceSite) throws {
        let checked = try made.shell(
            """
            mkdir pack; cd pack; python3 -m zipfile -e ../out/evidence_990101_2012_1.asice .
            openssl x509 -in ../keys/signer-gm-\(ids["mima"] ?? "").pem -pubkey -noout \
                | cmp - ../keys/public/gm-\(ids["mima"] ?? "").pub.pem
            openssl x509 -in ../keys/signer-intl-\(ids["hsm"] ?? "").pem -pubkey -noout \
                | cmp - ../keys/public/intl-\(ids["hsm"] ?? "").pub.pem
            openssl pkeyutl -verify -rawin -digest sm3 -pkeyopt distid:1234567812345678 -pubin \
                -inkey ../keys/public/gm-\(ids["mima"] ?? "").pub.pem \
                -in META-INF/ASiCManifest001.xml -sigfile META-INF/signature001.sm2
            openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s \
                -content META-INF/ASiCManifest001.xml \
                -CAfile ../keys/signer-intl-\(ids["hsm"] ?? "").pem -no-CApath -no-CAstore \
                -purpose any -out /dev/null
            """)
        #expect(checked.status == 0, "\(checked.said)")
    }

    @Test(arguments: ["gm", "intl"])
    func `submissions and the pack are signed in the devices, and openssl verifies all of it`(
        suite: String
    ) throws {
        let made = try DeviceSite(suite: suite)
        let ids = try made.putKeysInDevices()
        let listed = try made.keys().filter { $0.use == "sign" }
        #expect(listed.count { $0.device == nil && $0.state == "verify-only" } == 2)
        #expect(listed.count { $0.device != nil && $0.state == "active" } == 2)
        try made.done(["keys", "export"])
        let ring = try String(contentsOfFile: made.folder + "/keys/keyring.json", encoding: .utf8)
        #expect(ring.contains("\"device\":\"mima\"") && ring.contains("\"device\":\"hsm\""))

        let nation = try NationalProcess(site: made.folder)
        defer { nation.end() }
        #expect(try take(made.sample(), in: made).fates == ["sent": 6])
        let device = suite == "gm" ? "mima" : "hsm"
        try expectSubmissionsSigned(by: ids[device] ?? "", suite, in: made)
        try made.done(["deliver"])
        try made.done(["collect"])
        let standing = try JSONDecoder().decode(
            Standing.self, from: Data(try made.done(["status", "--json"]).utf8))
        #expect(standing.cases["accepted"] == 6 && standing.balances)

        try made.done(["settle", "--year", "2012"])
        try made.done(["verify", made.folder + "/out/evidence_990101_2012_1.asice"])
        try expectPackSigned(by: ids, in: made)

        let lines = try doctor(made).filter {
            $0.what.hasPrefix("device ") || $0.what.hasPrefix("key ")
        }
        #expect(lines.count == 4 && lines.allSatisfy(\.holds), "\(lines)")
        let backup = try made.done(["keys", "export-backup", made.folder + "/safe.json"])
        #expect(backup.contains("hsm, mima are not in the backup"), "\(backup)")
    }

    @Test func `while the machine is away a file waits, whole, and is taken afterwards`() throws {
        let made = try DeviceSite()
        try made.putKeysInDevices()
        let file = try made.sample()
        try made.machine.set(fault: "away")
        let refused = try made.run(["take", file])
        #expect(refused.status != 0 && refused.err.contains("E-DEVICE-ABSENT"), "\(refused.err)")
        let lines = try doctor(made)
        #expect(lines.contains { $0.what == "device mima" && !$0.holds })
        #expect(lines.contains { $0.what == "device hsm" && $0.holds })
        try made.machine.set(fault: "wrong-signature")
        #expect(try made.run(["take", file]).err.contains("E-DEVICE-SIGNATURE"))
        try made.machine.set(fault: nil)
        #expect(try take(file, in: made).fates == ["sent": 6])
    }

    @Test func `a wrong PIN is tried once a command, and is not in what it says`() throws {
        let made = try DeviceSite()
        try made.putKeysInDevices()
        let file = try made.sample()
        try made.write(pin: "not-the-pin", of: "mima")
        let before = made.machine.tries
        let refused = try made.run(["take", file])
        #expect(refused.err.contains("E-DEVICE-PIN "), "\(refused.err)")
        #expect(made.machine.tries == before + 1)
        #expect(!(refused.out + refused.err).contains("not-the-pin"))
        // The right one by a descriptor.
        let given = try made.run(
            ["take", file, "--pin-fd", "mima=7"], input: SoftMachine.pin)
        #expect(given.status == 0, "\(given.err)")
    }

    @Test func `a PIN comes as a credential of systemd's, and without one nothing is tried`() throws
    {
        let made = try DeviceSite()
        try made.putKeysInDevices()
        try made.site.edit("shangbao.yaml") {
            $0.replacing(/(?m)^ +pin: \{ file: .*pin-mima \}\n/, with: "")
        }
        let file = try made.sample()
        let before = made.machine.tries
        let none = try made.run(
            ["take", file], setting: ["CREDENTIALS_DIRECTORY": made.folder + "/none"])
        #expect(none.err.contains("E-DEVICE-PIN-NONE"), "\(none.err)")
        #expect(made.machine.tries == before)
        try FileManager.default.createDirectory(
            atPath: made.folder + "/credentials", withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            atPath: made.folder + "/keys/pin-mima",
            toPath: made.folder + "/credentials/shangbao-pin-mima")
        let given = try made.run(
            ["take", file], setting: ["CREDENTIALS_DIRECTORY": made.folder + "/credentials"])
        #expect(given.status == 0, "\(given.err)")
    }

    @Test func `a key is taken into the ring once, and only of a device that is named`() throws {
        let made = try DeviceSite()
        try made.done(["keys", "rotate", "sign", "--device", "mima"])
        // Again: it waits still, and is no other.
        try made.done(["keys", "rotate", "sign", "--device", "mima"])
        let waiting = try made.keys().filter { $0.state == "pending" }
        #expect(waiting.count == 1 && waiting.first?.device == "mima")
        // One that does not sign is not put in force.
        try made.machine.set(fault: "wrong-signature")
        let early = try made.run(["keys", "mark", waiting[0].id, "active"])
        #expect(early.err.contains("E-DEVICE-SIGNATURE"), "\(early.err)")
        #expect(try made.keys().first { $0.id == waiting[0].id }?.state == "pending")
        try made.machine.set(fault: nil)
        try made.done(["keys", "mark", waiting[0].id, "active"])
        let used = try made.run(["keys", "rotate", "sign", "--device", "mima"])
        #expect(used.err.contains("E-DEVICE-USED"), "\(used.err)")
        let unknown = try made.run(["keys", "rotate", "sign", "--device", "none"])
        #expect(unknown.err.contains("E-DEVICE-UNKNOWN"))
        let other = try made.run(["keys", "rotate", "field", "--device", "mima"])
        #expect(other.err.contains("E-USAGE"))
        // Back to a key in the ring; the one in the machine is let go.
        try made.done(["keys", "rotate", "sign"])
        let next = try #require(try made.keys().first { $0.state == "pending" })
        #expect(next.device == nil)
        try made.done(["keys", "mark", next.id, "active"])
        try made.done(["keys", "mark", waiting[0].id, "retired"])
        let gone = try made.done(["keys", "mark", waiting[0].id, "destroyed"])
        #expect(gone.contains("still in the device"))
        #expect(try made.keys().first { $0.id == waiting[0].id }?.device == nil)
    }

    @Test func `another token of the same label is not given the PIN, nor its key taken up`() throws
    {
        let made = try DeviceSite()
        try made.putKeysInDevices()
        try made.token.destroy("county")
        try made.token.make("county")
        // What it would say of a wrong PIN shows whether one was sent.
        try made.write(pin: "not-the-pin", of: "hsm")
        let line = try #require(try doctor(made).first { $0.what == "device hsm" })
        #expect(!line.holds && line.found.contains("E-DEVICE-CHANGED"), "\(line.found)")
        try made.token.make("county")
        let both = try #require(try doctor(made).first { $0.what == "device hsm" })
        #expect(!both.holds && both.found.contains("E-DEVICE-AMBIGUOUS"), "\(both.found)")
    }

    @Test func `a site's file takes the page's devices, and says what is wrong with others`() throws
    {
        let page = try String(
            contentsOfFile: Program.root + "/docs/privacy/keys.md", encoding: .utf8)
        let block = try #require(page.firstMatch(of: /(?s)```yaml\n(devices:.*?)```/)).1
        let site = try TestSite(hasKeys: false)
        let plain = try String(contentsOfFile: site.folder + "/shangbao.yaml", encoding: .utf8)
        func lint(_ devices: String) throws -> Program.Ended {
            try site.edit("shangbao.yaml") { _ in plain + "\n" + devices }
            return try site.program.run(["lint", "--site", site.folder], in: "en")
        }
        let taken = try lint(String(block))
        #expect(taken.status == 0, "\(taken.out)\(taken.err)")
        for (wrong, word) in [
            ("key: 1 ", "key: 0 "), ("interface: sdf", "interface: skf"),
            ("token: county", "token: county\n    slot: 1"), ("library: /opt", "lib: /opt"),
        ] {
            let refused = try lint(String(block).replacing(wrong, with: word))
            #expect(refused.status != 0, "\(word)")
            #expect((refused.out + refused.err).contains("shangbao.yaml"), "\(refused.err)")
        }
        try site.edit("shangbao.yaml") { _ in plain }
    }

    @Test func `a service goes on while the machine is away, says so, and takes up the file`()
        throws
    {
        let made = try DeviceSite()
        try made.putKeysInDevices()
        try made.machine.set(fault: "wrong-signature")
        let service = try ServiceProcess(
            site: made.folder, setting: made.token.setting, isReady: false)
        // People are told; the token, which is well, is not spoken of.
        try service.wait { !service.events("incident.began").isEmpty }
        #expect(
            service.events("incident.began").map { $0["code"] as? String }
                == ["E-DEVICE-SIGNATURE"])
        #expect(service.events("incident.began").first?["subject"] as? String == "mima")
        try made.machine.set(fault: "away")
        try FileManager.default.moveItem(
            atPath: made.sample(), toPath: made.folder + "/in/county-hospital/a.csv")
        try service.wait {
            service.events("service.failure").contains {
                $0["code"] as? String == "E-DEVICE-ABSENT" && $0["place"] as? String == "mima"
            }
        }
        #expect(service.events("file.taken").isEmpty)
        #expect(
            FileManager.default.fileExists(atPath: made.folder + "/in/county-hospital/a.csv"))
        try made.machine.set(fault: nil)
        try service.wait { service.events("file.taken").count == 1 }
        #expect(service.events("file.taken").first?["submissions"] as? Int == 1)
        #expect(service.end() == 0)
    }
}
