import Foundation
import TestKit
import Testing

/// The other ways to the national side, from a new site to the answer.
@Suite(.serialized) struct BindingSiteTests {
    private struct Standing: Decodable {
        let cases: [String: Int]
        let balances: Bool
    }

    /// The pretend national side looks into its drop once a second: it is waited for.
    private func accepted(_ site: TestSite) throws -> Int {
        for _ in 0..<60 {
            let collected = try Program().run(["collect", "--site", site.folder])
            try #require(collected.status == 0, "\(collected.out)\(collected.err)")
            let ended = try Program().run(["status", "--site", site.folder, "--json"])
            let standing = try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
            try #require(standing.balances)
            if let count = standing.cases["accepted"], count > 0 { return count }
            usleep(100_000)
        }
        return 0
    }

    @Test(arguments: ["soap", "sftp"])
    func `a site goes the whole way`(binding: String) throws {
        let site = try TestSite(binding: binding)
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let doctor = try Program().run(["doctor", "--site", site.folder], in: "en")
        #expect(doctor.status == 0, "\(doctor.out)\(doctor.err)")
        let couple = CleanCouple()
        let header = try Preconception.loaded().header(for: [couple])
        let taken = try site.take(
            Dictionary(uniqueKeysWithValues: header.map { ($0, couple.cells[$0] ?? "") }),
            as: "check", by: "from-county-csv")
        #expect(taken.fates == ["sent": 1])
        let sent = try Program().run(["deliver", "--site", site.folder])
        #expect(sent.status == 0, "\(sent.out)\(sent.err)")
        #expect(try accepted(site) == 1)
        let counts = try Program().run(["reconcile", "--year", "2012", "--site", site.folder])
        #expect(counts.status == (binding == "soap" ? 0 : 4), "\(counts.out)\(counts.err)")
        #expect(counts.out.contains("E-COUNTS-NONE") == (binding == "sftp"), "\(counts.out)")
    }

    @Test func `a host key that is not the site's ends the delivery with its own word`() throws {
        let site = try TestSite(binding: "sftp")
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try site.edit("shangbao.yaml") { text in
            text.replacing(
                /hostKeys: \["[^"]*"\]/,
                with: "hostKeys: [\"SHA256:" + String(repeating: "A", count: 43) + "\"]")
        }
        let doctor = try Program().run(["doctor", "--site", site.folder], in: "en")
        #expect(doctor.status != 0)
        #expect(doctor.out.contains("host-key"), "\(doctor.out)")
        #expect(doctor.out.contains("national.hostKeys"))
        let sent = try Program().run(["deliver", "--site", site.folder], in: "en")
        #expect(sent.status == 4, "\(sent.out)\(sent.err)")
    }

    @Test func `a credit code that the certificate does not bear stops before anything is sent`()
        throws
    {
        let site = try TestSite()
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        let other = "12345678ABCDEFGHXX"
        try site.edit("shangbao.yaml") {
            $0.replacing(/creditCode: \S+/, with: "creditCode: \(other)")
        }
        let doctor = try Program().run(["doctor", "--site", site.folder], in: "en")
        #expect(doctor.status != 0)
        #expect(doctor.out.contains("sender \(other)"), "\(doctor.out)")
        let couple = CleanCouple()
        let header = try Preconception.loaded().header(for: [couple])
        _ = try site.take(
            Dictionary(uniqueKeysWithValues: header.map { ($0, couple.cells[$0] ?? "") }),
            as: "check", by: "from-county-csv")
        let sent = try Program().run(["deliver", "--site", site.folder], in: "en")
        #expect(sent.status == 4, "\(sent.out)\(sent.err)")
        #expect(sent.out.contains("T-SENDER"), "\(sent.out)")
        let queue = try Program().run(["queue", "list", "--site", site.folder], in: "en")
        #expect(queue.out.contains("not sent"), "\(queue.out)")
    }

    /// Reads a site's file with these lines in the place of its binding; what is said.
    private func said(_ change: (String) -> String) throws -> String {
        let site = try TestSite(hasKeys: false, binding: "sftp")
        try site.edit("shangbao.yaml", change)
        let ended = try Program().run(["status", "--site", site.folder], in: "en")
        #expect(ended.status == 78)
        return ended.out + ended.err
    }

    @Test func `what cannot be in a site's file is said with its place`() throws {
        #expect(try said { $0.replacing("binding: sftp", with: "binding: ftp") }.contains("https"))
        #expect(
            try said { $0.replacing("sftp://", with: "https://") }.contains("sftp://USER@HOST"))
        #expect(
            try said { $0.replacing(/sftp:\/\/[^@]*@/, with: "sftp://") }
                .contains("sftp://USER@HOST"))
        #expect(
            try said { $0.replacing(/SHA256:[^"]*/, with: "SHA256:short") }
                .contains("ssh-keygen"))
        #expect(
            try said { $0.replacing("  binding: sftp", with: "  binding: sftp\n  authority: x") }
                .contains("authority"))
    }
}
