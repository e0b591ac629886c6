import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import TestKit
import Testing

/// A county in production: nothing leaves but by a mapping that an officer approved, and each
/// submission says by which decision.
@Suite(.serialized) struct ProductionTests {
    private let county: ProductionSite
    private var site: TestSite { county.site }

    init() throws {
        county = try ProductionSite()
    }

    private func run(_ words: [String]) throws -> Program.Ended { try county.run(words) }

    private func approve() throws {
        let approved = try county.approve()
        #expect(approved.status == 0, "\(approved.err)")
    }

    private func take(_ file: String) throws -> Program.Ended { try county.take(file) }

    /// The decision that each submission names in the ledger.
    private func decisions() async throws -> [String?] {
        let wired = try Site(folder: site.folder, clock: { Timestamp(microseconds: 0) })
        let view = try await wired.openView()
        let decisions = try await view.read { transaction in
            try Ledger().entries(of: "enqueued", in: transaction).compactMap { entry -> String?? in
                if case .enqueued(let fact) = entry.fact { .some(fact.approval) } else { nil }
            }
        }
        await view.close()
        return decisions
    }

    @Test func `each submission bears the decision by which it left, and no other leaves`()
        async throws
    {
        #expect(try take("DEMO-0001").err.contains("E-APPROVAL-NONE"))
        try approve()
        let first = try take("DEMO-0001")
        #expect(first.status == 0, "\(first.out)\(first.err)")
        try site.edit("mappings/preconception/words/qual.csv") { $0 + "阴性～,NEG\n" }
        let refused = try take("DEMO-0002")
        #expect(refused.status == 78 && refused.err.contains("E-APPROVAL-CHANGED"))
        #expect(try await decisions().count == 1)
        try approve()
        let second = try take("DEMO-0002")
        #expect(second.status == 0, "\(second.out)\(second.err)")

        let wired = try Site(folder: site.folder, clock: { Timestamp(microseconds: 0) })
        let files = try FileManager.default.contentsOfDirectory(
            atPath: site.folder + "/approvals"
        ).filter { $0.hasSuffix(".json") && !$0.hasSuffix(".sheet.json") }
        #expect(files.count == 2 && wired.configuration.environment == .production)
        let digests = try files.map { name in
            try Shell.sha256(of: site.folder + "/approvals/" + name)
        }
        let said = try await decisions()
        #expect(Set(said) == Set(digests) && said.count == 2, "\(said) \(digests)")
    }

    @Test func `both halves of a backup are never led into one file`() throws {
        let refused = try run(["keys", "export-backup", site.folder + "/safe.json"])
        #expect(refused.status == 64 && refused.err.contains("on a terminal only"))
        #expect(!FileManager.default.fileExists(atPath: site.folder + "/safe.json"))
    }

    @Test func `another recipient, profile or schema than was approved is refused and named`()
        throws
    {
        try approve()
        let ours = "national/county/recipient-gm.pub.pem"
        let profile = "mappings/preconception/to-reference-1/"
        let changes: [(file: String, named: String, change: (String) throws -> String)] = [
            (ours, "national.recipient key", { _ in try self.anotherKey() }),
            (
                "shangbao.yaml", "national.recipient.name",
                { $0.replacing("nat-2026", with: "nat-2027") }
            ),
            (profile + "profile.yaml", "to-reference-1/profile.yaml", { $0 + "# x\n" }),
            (profile + "schema/submission.xsd", "schema/submission.xsd", { $0 + "\n" }),
        ]
        for change in changes {
            let path = site.folder + "/" + change.file
            let before = try String(contentsOfFile: path, encoding: .utf8)
            try site.write(try change.change(before), to: change.file)
            let refused = try take("DEMO-0001")
            #expect(refused.status == 78, "\(change.file)")
            #expect(refused.err.contains("E-APPROVAL-CHANGED"), "\(refused.err)")
            #expect(refused.err.contains(change.named), "\(refused.err)")
            try site.write(before, to: change.file)
        }
        let taken = try take("DEMO-0001")
        #expect(taken.status == 0, "\(taken.err)")
    }

    @Test func `the command that the sheet prints signs it, and the trail says who, what and why`()
        throws
    {
        let page = site.folder + "/sheet.html"
        func print() throws -> (text: String, command: String) {
            let made = try site.program.run(
                ["mapping", "sheet", "county-hospital", "--out", page, "--site", site.folder])
            #expect(made.status == 0, "\(made.err)")
            let text = try String(contentsOfFile: page, encoding: .utf8)
            let found = try #require(
                text.firstMatch(of: /<code class="command">shangbao (.*)<\/code>/))
            return (text, String(found.output.1))
        }
        let bare = try print().command.replacing("私钥文件", with: site.folder + "/people/zhou.pem")
        let unfilled = try site.program.run(
            bare.replacing("'", with: "").split(separator: " ").map(String.init))
        #expect(unfilled.err.contains("E-APPROVAL-REASON"), "\(unfilled.out)\(unfilled.err)")
        // Nothing in it has blanks: what stands for persons is put in its place.
        let words = try print().command.replacing("私钥文件", with: site.folder + "/people/zhou.pem")
            .replacing("编写人", with: "李编写").replacing("理由", with: "必要且适度")
            .replacing("'", with: "")
        let approved = try site.program.run(words.split(separator: " ").map(String.init))
        #expect(approved.status == 0, "\(approved.err)")
        let trail = try String(contentsOfFile: site.folder + "/audit/trail.log", encoding: .utf8)
        let row = try #require(trail.split(separator: "\n").last { $0.contains("必要且适度") })
        #expect(row.contains("mapping approve") && row.contains("周审核"))
        #expect(row.contains(#""object":"county-hospital""#))
        let again = try print().text
        #expect(again.contains("历次审核决定") && again.contains("必要且适度"))
        #expect(again.contains("示例区") && again.contains("盖章处") && again.contains("部门"))
        #expect(again.contains("近十二个月已报送的记录 0，待报送 0"))
    }

    @Test func `records that were queued and not sent are said to wait`() throws {
        try approve()
        #expect(try take("DEMO-0001").status == 0)
        let before = try #require(try site.sheetSeen().annex.records)
        #expect(before.sent == 0 && before.waiting == 1)
        let list = NSTemporaryDirectory() + "list-\(UUID().uuidString).xlsx"
        defer { try? FileManager.default.removeItem(atPath: list) }
        let handed = try run(["worklist", "--out", list])
        #expect(handed.status == 0, "\(handed.err)")
        let after = try #require(try site.sheetSeen().annex.records)
        #expect(after.sent == 1 && after.waiting == 0)
    }

    /// The public key of somebody else, PEM.
    private func anotherKey() throws -> String {
        try UnwrappingKey(generating: .gm).wrappingKey().pem()
    }

    @Test func `what is packed again is not sealed to a key that nobody approved`() async throws {
        try approve()
        let taken = try take("DEMO-0001")
        #expect(taken.status == 0, "\(taken.err)")
        struct Line: Decodable { let id: String }
        let listed = try run(["queue", "list", "--json"]).out
        let id = try #require(
            try JSONDecoder().decode([Line].self, from: Data(listed.utf8)).first?.id)
        for step in ["cancel", "repack"] {
            let done = try run(["queue", step, id, "--because", "his letter"])
            #expect(done.status == 0, "\(done.err)")
        }
        let key = "national/county/recipient-gm.pub.pem"
        let path = site.folder + "/" + key
        let ours = try String(contentsOfFile: path, encoding: .utf8)
        try site.write(try anotherKey(), to: key)
        let refused = await #expect(throws: ApprovalFailure.self) { try await repack() }
        #expect(refused?.reason == .changed)
        #expect(refused?.detail?.contains("national.recipient key") == true)
        #expect(try await decisions().count == 1)
        try site.write(ours, to: key)
        #expect(try await repack() == 1)
        let said = try await decisions()
        #expect(said.count == 2 && said[0] == said[1] && said[0] != nil)
    }

    /// Packs what is due an hour from now; how many submissions.
    private func repack() async throws -> Int {
        let later = Timestamp(
            microseconds: Int64((Date().timeIntervalSince1970 + 3600) * 1_000_000))
        let wired = try Site(folder: site.folder, clock: { later })
        let passphrase = Passphrase.file(site.folder + "/keys/passphrase.txt")
        let kit = try wired.preparationKit(
            try wired.openKeyring(passphrase), for: wired.programmes[0])
        let database = try await wired.openDatabase()
        let arrival = Arrival(
            database: database, outbox: try Exchange(site: wired, database: database).outbox,
            kit: kit, desks: [try PreparationDesk(kit: kit)], clock: wired.clock)
        let queued: Result<Int, any Error>
        do {
            queued = .success(try await arrival.repack())
        } catch { queued = .failure(error) }
        await database.close()
        return try queued.get()
    }

    @Test func `an invented person is not reported`() throws {
        try approve()
        let header = try Preconception.loaded().header
        let cells = CleanCouple().cells
        let rows = [header, header.map { cells[$0] ?? "" }]
        try site.write(
            rows.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: "in/invented.csv")
        let taken = try run(["take", site.folder + "/in/invented.csv"])
        #expect(taken.status == 3, "\(taken.out)")
    }
}

private enum Shell {
    /// The SHA-256 that stock `sha256sum` shows, 64 hexadecimal digits.
    static func sha256(of path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = [path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(String(decoding: said, as: UTF8.self).prefix(64))
    }
}
