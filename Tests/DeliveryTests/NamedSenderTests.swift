import Delivery
import Foundation
import LibCrypto
import Records
import Storage
import Testing

/// Nothing goes out under a certificate that names somebody else than our submissions do.
struct NamedSenderTests {
    private static let county = "91500000MA5U0000XX"
    private static let other = "91500000MA5U1111XX"

    private func certificate(naming name: String) throws -> Certificate {
        let authority = try CertificateAuthority(
            commonName: "Test authority", notBefore: 1_700_000_000, notAfter: 4_000_000_000)
        return try Certificate(pem: pem(of: authority, naming: name))
    }

    private func pem(of authority: CertificateAuthority, naming name: String) throws -> String {
        try authority.issueClient(
            commonName: name, notBefore: 1_700_000_000, notAfter: 4_000_000_000
        ).certificatePEM
    }

    @Test func `nothing is sent while the certificate names another sender`() async throws {
        let folder =
            FileManager.default.temporaryDirectory.path + "/sender-"
            + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/client.pem"
        let authority = try CertificateAuthority(
            commonName: "Test authority", notBefore: 1_700_000_000, notAfter: 4_000_000_000)
        try pem(of: authority, naming: Self.other).write(
            toFile: file, atomically: true, encoding: .utf8)

        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.enqueue(sent)
        let nation = PretendNation([sent])
        let courier = try desk.courier(
            NamedSender(nation, sender: Self.county, certificateFile: file))
        try await courier.start()
        try await courier.round(limit: 1)
        #expect(await nation.sendCount == 0)
        #expect(try await desk.state("s-1") == .due)
        let lane = try await desk.database.read { try desk.outbox.lane(profile, in: $0) }
        #expect(lane.reason == "T-SENDER")

        // Renewed while we run.
        try pem(of: authority, naming: Self.county).write(
            toFile: file, atomically: true, encoding: .utf8)
        try await desk.database.write { try desk.outbox.openLane(profile, in: $0) }
        desk.clock.advance(seconds: 3_600)
        try await courier.round(limit: 1)
        #expect(try await desk.state("s-1") == .final)
    }

    @Test func `receipts are still asked for while the certificate names another`()
        async throws
    {
        let sent = try parcel("s-1", [submitted(1)])
        let nation = PretendNation([sent])
        let way = NamedSender(nation, sender: Self.county, certificateFile: "/nowhere.pem")
        guard case .unknown = try await way.receipt(of: sent.id) else {
            Issue.record("the question did not go through")
            return
        }
        #expect(await nation.questions == 1)
    }

    @Test func `an organisation is named by the whole code and nothing like it`() throws {
        let certificate = try certificate(naming: Self.county)
        #expect(certificate.names(Self.county))
        #expect(!certificate.names(Self.other))
        #expect(!certificate.names(String(Self.county.dropLast())))
        #expect(!certificate.names(""))
    }
}
