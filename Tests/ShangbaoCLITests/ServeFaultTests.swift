import DatabaseKit
import Foundation
import Testing

/// `shangbao serve` on a server, under load, and told to end in a bad moment.
@Suite(.serialized) struct ServeFaultTests {
    private func site(_ edit: (String) -> String = { $0 }) throws -> TestSite {
        let site = try TestSite()
        try site.edit("shangbao.yaml") {
            edit($0) + "\nservice: { listen: 127.0.0.1:0 }\n"
        }
        return site
    }

    private func put(_ couples: Int, in site: TestSite) throws {
        let made = try site.program.run([
            "sample", "--couples", "\(couples)", "--seed", "7", "--defects", "0", "--out",
            site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        try FileManager.default.moveItem(
            atPath: site.folder + "/couples-\(couples)-seed-7.csv",
            toPath: site.folder + "/in/county-hospital/a.csv")
    }

    /// One sample in several files, so that nobody is in two of them.
    private func put(_ parts: [Int], in site: TestSite) throws {
        let couples = parts.reduce(0, +)
        let made = try site.program.run([
            "sample", "--couples", "\(couples)", "--seed", "7", "--defects", "0", "--out",
            site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        let bytes = try Data(
            contentsOf: URL(fileURLWithPath: site.folder + "/couples-\(couples)-seed-7.csv"))
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)[...]
        let header = lines.removeFirst()
        #expect(lines.count == couples)
        for (number, count) in parts.enumerated() {
            let rows = [header] + lines.prefix(count)
            lines = lines.dropFirst(count)
            let file = URL(fileURLWithPath: site.folder + "/part-\(number).csv")
            try Data(rows.joined(separator: [UInt8(ascii: "\n")])).write(to: file)
            try FileManager.default.moveItem(
                atPath: file.path, toPath: site.folder + "/in/county-hospital/\(number).csv")
        }
    }

    private func has(_ line: String, _ service: ServiceProcess) throws -> Bool {
        try service.get("/metrics").text.split(separator: "\n").contains { $0 == line }
    }

    private func expectBalanced(_ site: TestSite) throws {
        let reconciled = try site.program.run(
            ["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled.status == 0, "\(reconciled.out) \(reconciled.err)")
    }

    @Test(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
    func `on a server it takes, sends, collects, and ends in good order`() throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        let site = try site {
            $0.replacing(
                "database: sqlite:data/shangbao.db",
                with: "database: \"postgresql:\(server.words(name))\"")
        }
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let service = try ServiceProcess(site: site.folder)
        try put(20, in: site)
        try service.wait { try has("shangbao_records{state=\"accepted\"} 20", service) }
        #expect(service.events("file.taken").count == 1)
        #expect(service.events("delivery.round").count >= 1)
        #expect(service.events("invariants.checked").first?["broken"] as? Int == 0)
        // A round is no reload.
        #expect(service.events("configuration.reloaded").isEmpty)
        #expect(try service.get("/health/ready").status == 200)
        // Others work on the same database meanwhile, each with a send journal of its own.
        let second = try site.program.run(["deliver", "--site", site.folder], in: "en")
        #expect(second.status == 73, "\(second.err)")
        let folder = site.folder + "-other"
        try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let other = try site.program.run(["deliver", "--site", folder], in: "en")
        #expect(other.status == 0, "\(other.err)")
        #expect(service.end() == 0)
        #expect(service.events("service.stopping").count == 1)
        #expect(service.events("service.stopped").count == 1)
        #expect(service.events("service.failure").isEmpty)
        try expectBalanced(site)
        let doctor = try site.program.run(["doctor", "--site", site.folder])
        #expect(doctor.status == 0, "\(doctor.out)")
    }

    /// Both look at the folder each second, and each file has many stretches.
    @Test(.enabled(if: PostgreSQLServer.isAvailable, "no PostgreSQL here"))
    func `two workers on one folder take each file once, and neither dies`() throws {
        let server = try PostgreSQLServer.shared()
        let name = try server.makeDatabase()
        let site = try site {
            $0.replacing(
                "database: sqlite:data/shangbao.db",
                with: "database: \"postgresql:\(server.words(name))\"")
        }
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        try site.edit("mappings/preconception/to-reference-1/profile.yaml") {
            $0.replacing(/(?m)^batch: .*$/, with: "batch: 20")
        }
        try site.edit("shangbao.yaml") {
            $0.replacing(/(?m)^mappings:.*$/, with: "mappings: mappings")
        }
        let folder = site.folder + "-other"
        try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // One folder for both.
        try FileManager.default.removeItem(atPath: folder + "/in")
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/in", withDestinationPath: site.folder + "/in")
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let workers = [
            try ServiceProcess(site: site.folder), try ServiceProcess(site: folder),
        ]
        let couples = [200, 20, 30, 40, 200, 50]
        try put(couples, in: site)
        let expected = couples.reduce(0, +)
        try workers[0].wait {
            try has("shangbao_records{state=\"accepted\"} \(expected)", workers[0])
        }
        for worker in workers {
            #expect(worker.events("service.failure").isEmpty, "\(worker.said)")
            #expect(worker.end() == 0, "\(worker.said)")
        }
        let taken = workers.flatMap { $0.events("file.taken") }
            .filter { $0["takenBefore"] as? Int == 0 }
        #expect(taken.count >= 6, "\(taken)")
        let left = try FileManager.default.contentsOfDirectory(
            atPath: site.folder + "/in/county-hospital")
        #expect(!left.contains { $0.hasSuffix(".csv") }, "\(left)")
        try expectBalanced(site)
    }

    @Test func `told to end while the other side is silent, it ends, and asks at the next start`()
        throws
    {
        let site = try site()
        try site.write("post 1: delay 300s\n", to: "faults.txt")
        let silent = try NationalProcess(
            site: site.folder, answers: ["--faults", site.folder + "/faults.txt"])
        let service = try ServiceProcess(site: site.folder)
        try put(20, in: site)
        let onWire =
            "shangbao_messages{endpoint=\"reference-1\",state=\"onWire\",reason=\"\"} 1"
        try service.wait { try has(onWire, service) }
        #expect(service.end() == 0, "the grace is over and it ends in order")
        #expect(service.events("service.stopped").count == 1)
        #expect(service.events("configuration.reloaded").isEmpty)
        silent.end()
        let listed = try site.program.run(["queue", "list", "--json", "--site", site.folder])
        #expect(listed.out.matches(of: /"transport" : "(underWay|unclear)"/).count == 1)

        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let next = try ServiceProcess(site: site.folder, file: "next.log")
        try next.wait { try has("shangbao_records{state=\"accepted\"} 20", next) }
        #expect(next.end() == 0)
        try expectBalanced(site)
    }

    @Test func `while a long file is read, whoever watches is answered (F-023)`() throws {
        let site = try site()
        let service = try ServiceProcess(site: site.folder)
        try put(1_000, in: site)
        var answers = 0
        try service.wait {
            for path in ["/health/live", "/health/ready", "/metrics"] {
                let answer = try service.get(path)
                #expect(answer.status == 200, "\(path) \(answer.status) after \(answers)")
                answers += 1
            }
            return !service.events("file.taken").isEmpty
        }
        #expect(service.events("file.taken").first?["rows"] as? Int == 1_000)
        #expect(answers > 6, "the file was too short to be asked in between")
        #expect(service.end() == 0)
    }

    @Test func `the years' accounts and what differs from the nation are in the metrics`() throws {
        let site = try site()
        let place = ["--site", site.folder]
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        try put(20, in: site)
        let file = site.folder + "/in/county-hospital/a.csv"
        #expect(try site.program.run(["take", file] + place).status == 0)
        #expect(try site.program.run(["deliver"] + place).status == 0)
        for (stage, name) in [(1, "before.log"), (2, "after.log")] {
            let service = try ServiceProcess(site: site.folder, file: name)
            let year = "programme=\"preconception\",year=\"2012\""
            for line in [
                "shangbao_settlement_cases{\(year),status=\"accepted\"} 20",
                "shangbao_settlement_cases{\(year),status=\"unanswered\"} 0",
                "shangbao_settlement_period_state{\(year)} \(stage)",
                "shangbao_reconciliation_difference_records{\(year),kind=\"D-COUNT-ONLY\"} 0",
            ] {
                try service.wait { try has(line, service) }
            }
            let page = try service.get("/metrics").text
            #expect(
                page.contains("shangbao_reconciliation_last_success_timestamp_seconds{\(year)}"))
            #expect(page.contains("shangbao_retry_budget_tokens{endpoint=\"reference-1\"} "))
            #expect(page.contains("shangbao_ack_wait_seconds_count{endpoint=\"reference-1\"} 1"))
            #expect(service.end() == 0)
            if stage == 1 {
                let settled = try site.program.run(["settle", "--year", "2012"] + place)
                #expect(settled.status == 0, "\(settled.out)\(settled.err)")
            }
        }
    }
}
