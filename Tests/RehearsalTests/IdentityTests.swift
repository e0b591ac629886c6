import Foundation
import LibCrypto
import LibCurl
import Records
import Rehearsal
import Testing

/// Who the pretend nation is, and whom its door lets in.
struct IdentityTests {
    @Test func `An identity is made once and found again`() throws {
        let first = try County.made.get().identity
        let again = try NationalIdentity.create(
            folder: first.folder, sender: first.sender, region: first.region,
            moment: Timestamp(microseconds: 0))
        #expect(again.year == first.year)
        #expect(again.recipientID(.gm) != again.recipientID(.intl))
        let ids = try County.text(first.exportFolder, "key-ids.csv")
        #expect(ids.contains("recipient-gm.pub.pem,\(first.recipientID(.gm))\n"))
        #expect(ids.contains("receipts-intl.pub.pem,\(first.receiptsID(.intl))\n"))
        let certificate = try Certificate(pem: County.text(first.exportFolder, "client.crt.pem"))
        #expect(certificate.commonName == County.sender)
        #expect(throws: RehearsalFailure.self) {
            try NationalIdentity.create(
                folder: first.folder, sender: first.sender, region: "990102",
                moment: Timestamp(microseconds: 0))
        }
    }

    @Test func `Private files are their owner's alone`() throws {
        let folder = try County.made.get().identity.folder
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
        let keys = files.filter { $0.hasSuffix(".key.pem") }
        #expect(keys.count == 6)
        for key in keys {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/\(key)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(key)")
            let text = try County.text(folder, key)
            #expect(text.contains("PRIVATE KEY"))
        }
        for file in files where !keys.contains(file) && file != "county" {
            let text = try County.text(folder, file)
            #expect(!text.contains("PRIVATE"), "\(file)")
        }
    }

    @Test func `A folder that cannot be made is said`() {
        #expect {
            try NationalIdentity.create(
                folder: "/proc/none", sender: County.sender, region: "990101",
                moment: Timestamp(microseconds: 0))
        } throws: { ($0 as? RehearsalFailure)?.reason == .unreadable }
    }

    @Test func `A certificate of another authority is turned away`() async throws {
        let folder = try County.newFolder()
        let now = Int64(Date().timeIntervalSince1970)
        let stranger = try CertificateAuthority(
            commonName: "Another authority", notBefore: now - 60, notAfter: now + 3_600
        ).issueClient(commonName: County.sender, notBefore: now - 60, notAfter: now + 3_600)
        try stranger.certificatePEM.write(
            toFile: folder + "/client.crt.pem", atomically: true, encoding: .utf8)
        try stranger.privateKeyPEM.withUnsafeBytes { bytes in
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/client.key.pem"))
        }
        try await withNation(clientFolder: folder) { nation async throws in
            await #expect(throws: ExchangeFailure.self) {
                try await nation.county.post(PostedSubmission(1, [PostedCase(1)]))
            }
            #expect(try await nation.ledger.storedSubmissions().isEmpty)
        }
    }

    @Test func `Without a certificate, or with old TLS, there is no handshake`() async throws {
        try await withNation { nation async throws in
            let identity = nation.county.made.identity.exportFolder
            let own = [
                "--cert", identity + "/client.crt.pem", "--key", identity + "/client.key.pem",
            ]
            let url = "https://localhost:\(nation.port)/receipts?after=0&limit=1"
            // Other tests of this process set a proxy that is none.
            let common = [
                "-s", "-o", "/dev/null", "--noproxy", "*", "--cacert", identity + "/ca.pem", url,
            ]
            let known = try await Self.curl(common + own)
            #expect(known == 0)
            // 35 and 56: the handshake, or the alert that ends it, read by a client that was done.
            let naked = try await Self.curl(common)
            #expect([35, 56].contains(naked))
            let nakedOld = try await Self.curl(["--tls-max", "1.2"] + common)
            #expect([35, 56].contains(nakedOld))
            let old = ["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"]
            let tooOld = try await Self.curl(old + common + own)
            #expect(tooOld == 35)
        }
    }

    /// The exit status of the command `curl`, an independent client. No thread waits for it: the
    /// server needs them.
    private static func curl(_ arguments: [String]) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments = arguments
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}
