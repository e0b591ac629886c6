import Delivery
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import TestKit
import Testing

/// Whoever can write the site's files puts a key of his own in an officer's place, or takes a
/// decision away: nothing leaves by that.
@Suite(.serialized) struct OfficerKeyTests {
    private let county: ProductionSite

    init() throws {
        county = try ProductionSite()
        let approved = try county.approve()
        try #require(approved.status == 0, "\(approved.err)")
    }

    private func confirm(_ name: String, _ by: String, _ key: String) throws -> Program.Ended {
        try county.site.program.run(
            [
                "mapping", "confirm", name, "--by", by, "--key",
                county.site.folder + "/people/\(key).pem", "--because", "当面核对", "--site",
                county.site.folder,
            ], in: "en")
    }

    private func edit(_ old: String, _ new: String) throws {
        try county.site.edit("shangbao.yaml") { $0.replacing(old, with: new) }
    }

    /// The officers' lines of the site's file with another line below.
    private func add(_ name: String, _ key: String) throws {
        try PersonalKeys.make(key, in: county.site.folder)
        try county.site.edit("shangbao.yaml") {
            $0.trimmingCharacters(in: .newlines) + "\n    \(name): "
                + "{ role: 隐私负责人, department: 妇幼科, key: people/\(key).pub.pem }\n"
        }
    }

    @Test func `a key in an officer's place lets nothing leave until his own key says so`() throws {
        let first = try county.take("DEMO-0001")
        #expect(first.status == 0, "\(first.err)")
        try PersonalKeys.make("other", in: county.site.folder)
        try edit("people/zhou.pub.pem", "people/other.pub.pem")
        let approved = try county.approve(with: "other")
        #expect(approved.status == 0 && approved.out.contains("shangbao mapping confirm 周审核"))
        let refused = try county.take("DEMO-0002")
        #expect(refused.err.contains("E-APPROVAL-UNCONFIRMED"), "\(refused.out)\(refused.err)")
        let looked = try county.run(["doctor"])
        #expect(looked.out.contains("E-APPROVAL-UNCONFIRMED"), "\(looked.out)")
        let forged = try confirm("周审核", "周审核", "other")
        #expect(forged.err.contains("E-IDENTIFY-VOUCHER"), "\(forged.err)")
        // No word of an account's ends it, either.
        let acknowledged = try county.run([
            "status", "--acknowledge", "N-OFFICER-KEY", "--because", "没事",
        ])
        #expect(acknowledged.status != 0)
        #expect(try county.take("DEMO-0002").err.contains("E-APPROVAL-UNCONFIRMED"))

        let own = try confirm("周审核", "周审核", "zhou")
        #expect(own.status == 0, "\(own.err)")
        let taken = try county.take("DEMO-0002")
        #expect(taken.status == 0, "\(taken.out)\(taken.err)")
        #expect(try confirm("周审核", "周审核", "zhou").err.contains("E-IDENTIFY-VOUCHER"))
    }

    @Test func `a newcomer's approval holds once one who is noted has confirmed him`() throws {
        try add("吴审核", "wu")
        try county.site.edit("mappings/preconception/words/qual.csv") { $0 + "阴性～,NEG\n" }
        #expect(try county.approve(as: "吴审核", with: "wu").status == 0)
        #expect(try county.take("DEMO-0001").err.contains("E-APPROVAL-UNCONFIRMED"))
        let himself = try confirm("吴审核", "吴审核", "wu")
        #expect(himself.err.contains("E-IDENTIFY-VOUCHER"), "\(himself.err)")
        let other = try confirm("周审核", "周审核", "zhou")
        #expect(other.err.contains("E-IDENTIFY-CONFIRMED"), "\(other.err)")
        let done = try confirm("吴审核", "周审核", "zhou")
        #expect(done.status == 0, "\(done.err)")
        let taken = try county.take("DEMO-0001")
        #expect(taken.status == 0, "\(taken.err)")
    }

    @Test func `a rejection that is taken out of the folder still holds`() throws {
        #expect(try county.approve(reject: true).status == 0)
        #expect(try county.take("DEMO-0001").err.contains("E-APPROVAL-REJECTED"))
        let folder = county.site.folder + "/approvals/"
        let later = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            $0.contains("-2.")
        }
        #expect(later.count == 3)
        for name in later {
            try FileManager.default.moveItem(
                atPath: folder + name, toPath: county.site.folder + "/" + name)
        }
        let refused = try county.take("DEMO-0001")
        #expect(refused.err.contains("E-APPROVAL-LATER"), "\(refused.out)\(refused.err)")
        #expect(try county.run(["doctor"]).out.contains("E-APPROVAL-LATER"))
        for name in later {
            try FileManager.default.moveItem(
                atPath: county.site.folder + "/" + name, toPath: folder + name)
        }
        #expect(try county.take("DEMO-0001").err.contains("E-APPROVAL-REJECTED"))
        // A decision anew is the last one.
        #expect(try county.approve().status == 0)
        #expect(try county.take("DEMO-0001").status == 0)
    }

    /// Writes a rejection down, to be signed elsewhere.
    private func writeDown(_ name: String) throws -> String {
        let path = county.site.folder + "/" + name
        let made = try county.run([
            "mapping", "approve", "county-hospital", "--by", "周审核", "--out", path, "--author",
            "李编写", "--because", "不必要", "--sheet", try county.site.sheetSeen().sha256, "--reject",
        ])
        #expect(made.status == 0, "\(made.err)")
        return path
    }

    /// Signs as the page says, with stock `openssl`.
    private func sign(_ path: String, _ key: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "dgst", "-sha256", "-sign", county.site.folder + "/people/\(key).pem", "-out",
            path + ".sig", path,
        ]
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return path + ".sig"
    }

    @Test func `a decision that was signed elsewhere counts, and no other does`() throws {
        let path = try writeDown("decision.json")
        func accept(_ path: String, _ signature: String) throws -> Program.Ended {
            try county.run(["mapping", "accept", path, "--signature", signature])
        }
        // It is not made while nobody has signed it.
        #expect(try county.take("DEMO-0001").status == 0)
        try PersonalKeys.make("other", in: county.site.folder)
        #expect(try accept(path, try sign(path, "other")).err.contains("E-APPROVAL-FORGED"))
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let forged = text.replacing("rejected", with: "approved")
        try forged.write(toFile: path + "2", atomically: true, encoding: .utf8)
        let altered = try accept(path + "2", try sign(path + "2", "zhou"))
        #expect(altered.err.contains("E-APPROVAL-"), "\(altered.out)\(altered.err)")
        let taken = try accept(path, try sign(path, "zhou"))
        #expect(taken.status == 0 && taken.out.contains("rejected"), "\(taken.out)\(taken.err)")
        #expect(try county.take("DEMO-0002").err.contains("E-APPROVAL-REJECTED"))
        // Once is enough, and what was decided since is not undone by it.
        #expect(try accept(path, path + ".sig").out.contains("there already"))
        #expect(try county.approve().status == 0)
        #expect(try accept(path, path + ".sig").err.contains("E-APPROVAL-LATER"))
        #expect(try county.take("DEMO-0002").status == 0)
    }

    @Test func `where nobody can sign, a key that was announced holds after seven days`()
        async throws
    {
        try PersonalKeys.make("other", in: county.site.folder)
        try edit("people/zhou.pub.pem", "people/other.pub.pem")
        #expect(try county.approve(with: "other").status == 0)
        let start = Timestamp(
            microseconds: Int64((Date().timeIntervalSince1970 + 60) * 1_000_000))
        func gate(after seconds: Int64) async throws -> ApprovalFailure.Reason? {
            let wired = try Site(folder: county.site.folder) { start.adding(seconds: seconds) }
            let database = try await wired.openDatabase()
            let refused: ApprovalFailure.Reason?
            do {
                try await wired.demandApproval(
                    of: try wired.mapping(for: nil).file, knownTo: database)
                refused = nil
            } catch let failure as ApprovalFailure { refused = failure.reason }
            await database.close()
            return refused
        }
        #expect(try await gate(after: 30 * 86_400) == .unconfirmed, "nobody said anything")
        let wired = try Site(folder: county.site.folder) { start }
        let database = try await wired.openDatabase()
        let decision = Decision(by: "it", because: "钥匙丢了")
        let from = try await wired.announceOfficer("周审核", decision, in: database)
        // Said twice, it waits no longer for that.
        let again = try await Site(folder: county.site.folder) { start.adding(seconds: 86_400) }
            .announceOfficer("周审核", decision, in: database)
        await database.close()
        #expect(from == start.adding(seconds: 7 * 86_400) && again == from)
        #expect(try await gate(after: 7 * 86_400 - 1) == .unconfirmed)
        #expect(try await gate(after: 7 * 86_400) == nil)
    }
}
