import DatabaseKit
import Foundation
import Testing

/// A site on a PostgreSQL server, and a site whose database became older: as a person runs them.
@Suite(.serialized) struct ServerSiteTests {
    private func sample(in site: TestSite) throws -> String {
        let made = try site.program.run([
            "sample", "--couples", "20", "--seed", "11", "--defects", "0", "--out", site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let files = try FileManager.default.contentsOfDirectory(atPath: site.folder)
        return site.folder + "/"
            + (try #require(
                files.first { $0.hasPrefix("couples-") && $0.hasSuffix(".csv") }))
    }

    private func object(_ words: [String], status: Int32 = 0) throws -> [String: Any] {
        let ended = try Program().run(words + ["--json"])
        #expect(ended.status == status, "\(words) \(ended.out) \(ended.err)")
        let object = try JSONSerialization.jsonObject(with: Data(ended.out.utf8))
        return try #require(object as? [String: Any])
    }

    private func run(_ words: [String], status: Int32 = 0) throws {
        let ended = try Program().run(words)
        #expect(ended.status == status, "\(words) \(ended.out) \(ended.err)")
    }

    @Test(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
    func `a site on a server takes, delivers and balances, from two places`() throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        let site = try TestSite()
        try site.edit("shangbao.yaml") {
            $0.replacing(
                "database: sqlite:data/shangbao.db",
                with: "database: \"postgresql:\(server.words(name))\"")
        }
        let file = try sample(in: site)
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try run(["take", file, "--site", site.folder])
        let other = site.folder + "-other"
        try FileManager.default.copyItem(atPath: site.folder, toPath: other)
        defer { try? FileManager.default.removeItem(atPath: other) }

        let delivered = try object(["deliver", "--site", other])
        #expect(delivered["sent"] as? Int == 1)
        let again = try object(["deliver", "--site", site.folder])
        #expect(again["sent"] as? Int == 0)
        for folder in [site.folder, other] {
            let status = try object(["status", "--site", folder])
            #expect(status["balances"] as? Bool == true)
            #expect(status["submissions"] as? [String: Int] == ["final": 1])
            #expect(status["reconciling"] == nil)
        }
        let reconciled = try object(["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled["balances"] as? Bool == true)
        try run(["doctor", "--site", site.folder])
    }

    @Test(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
    func `keys are rotated on a server, names made anew, and all is proven`() throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        let site = try TestSite()
        for person in ["zheng", "sun"] { try PersonalKeys.make(person, in: site.folder) }
        try site.edit("shangbao.yaml") {
            $0.replacing(
                "database: sqlite:data/shangbao.db",
                with: "database: \"postgresql:\(server.words(name))\"") + """

                    privacy:
                      officers:
                        郑隐私: { role: 隐私负责人, department: 法规科, key: people/zheng.pub.pem }
                        孙信息: { role: 审批人, department: 信息科, key: people/sun.pub.pem }

                    """
        }
        let file = try sample(in: site)
        let place = ["--site", site.folder]
        try run(["take", file] + place)
        for use in ["pid-link", "content", "field"] {
            try run(["keys", "rotate", use] + place)
            try run(["keys", "verify-rotation", "--draws", "20"] + place)
        }
        for (person, file) in [("郑隐私", "zheng"), ("孙信息", "sun")] {
            try run(
                [
                    "keys", "rotate", "pid-link", "--rekey", "--by", person, "--key",
                    "\(site.folder)/people/\(file).pem",
                ] + (file == "zheng" ? ["--because", "a leak"] : []) + place)
        }
        try run(["keys", "verify-rotation", "--draws", "20"] + place)
        let roots = try server.query(
            "SELECT string_agg(DISTINCT root || '/' || epoch, ' ') FROM entitlement", in: name)
        #expect(roots == "3/3")
        let taken = try Program().run(["take", file, "--json"] + place)
        #expect(taken.status == 0, "\(taken.err)")
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        #expect(try object(["deliver"] + place)["sent"] as? Int == 1)
        try run(["collect"] + place)
        #expect(try object(["status"] + place)["balances"] as? Bool == true)
    }

    @Test(
        arguments: [
            ("host=db.example dbname=x password=secret", "PGPASSWORD"),
            ("host=db.example dbname=x sslmode=disable", "verify-full"),
        ])
    func `unsafe words of a server are refused by the site's file, and not repeated`(
        words: String, says: String
    ) throws {
        let site = try TestSite(hasKeys: false)
        try site.edit("shangbao.yaml") {
            $0.replacing(
                "database: sqlite:data/shangbao.db", with: "database: \"postgresql:\(words)\"")
        }
        let ended = try site.program.run(["status", "--site", site.folder], in: "en")
        #expect(ended.status != 0)
        #expect(ended.err.contains(says) && !ended.err.contains("secret"))
    }

    @Test func `an older database put back sends nothing until a person opens it (F-043)`()
        throws
    {
        let site = try TestSite()
        let file = try sample(in: site)
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try run(["take", file, "--site", site.folder])
        let database = site.folder + "/data/shangbao.db"
        try FileManager.default.copyItem(atPath: database, toPath: database + ".backup")
        #expect(try object(["deliver", "--site", site.folder])["sent"] as? Int == 1)

        for ending in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: database + ending)
        }
        try FileManager.default.copyItem(atPath: database + ".backup", toPath: database)
        #expect(try object(["deliver", "--site", site.folder])["sent"] as? Int == 0)
        let status = try object(["status", "--site", site.folder])
        let reconciling = try #require(status["reconciling"] as? [String: Any])
        #expect(reconciling["cause"] as? String == "olderDatabase")
        let reports = try #require(reconciling["reports"] as? [[String: Any]])
        #expect(reports.map { $0["missing"] as? Int } == [1])
        for language in ["zh", "en"] {
            let said = try Program().run(["status", "--site", site.folder], in: language).out
            let words = said.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(words.contains("shangbao queue open"))
        }
        // What it had sent was asked for, and is answered: nothing was sent again.
        #expect(status["submissions"] as? [String: Int] == ["final": 1])
        let reason = ["--because", "asked for all", "--site", site.folder]
        #expect(try object(["queue", "open"] + reason)["opened"] as? Bool == true)
        #expect(try object(["queue", "open"] + reason)["opened"] as? Bool == false)
        #expect(try object(["deliver", "--site", site.folder])["sent"] as? Int == 0)
        let reconciled = try object(["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled["balances"] as? Bool == true)

        try run(["queue", "reconcile"] + reason)
        let byHand = try object(["status", "--site", site.folder])
        #expect((byHand["reconciling"] as? [String: Any])?["cause"] as? String == "person")
    }
}
