import Foundation
import Testing

/// `shangbao serve` as those who run and those who watch it see it.
struct ServeTests {
    private func site(_ more: String = "") throws -> TestSite {
        let site = try TestSite()
        try site.edit("shangbao.yaml") { $0 + "\nservice: { listen: 127.0.0.1:0 }\n" + more }
        return site
    }

    /// Puts a file of 20 couples into a source's folder, under this name.
    private func put(
        _ name: String, in site: TestSite, seed: Int = 7, source: String = "county-hospital"
    ) throws {
        let made = try site.program.run([
            "sample", "--couples", "20", "--seed", "\(seed)", "--defects", "0", "--out",
            site.folder,
        ])
        #expect(made.status == 0, "\(made.err)")
        try FileManager.default.moveItem(
            atPath: site.folder + "/couples-20-seed-\(seed).csv",
            toPath: site.folder + "/in/\(source)/" + name)
    }

    /// A port of this machine that nobody listens on now.
    private static func freePort() throws -> UInt16 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                guard bind(listener, raw, length) == 0,
                    getsockname(listener, raw, &length) == 0
                else {
                    throw POSIXError(.EADDRINUSE)
                }
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }

    private func value(_ name: String, _ page: String) -> Double? {
        page.split(separator: "\n").first { $0.hasPrefix(name + " ") }
            .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
    }

    @Test func `it takes a file, sends it, collects the answer and ends in good order`() throws {
        let site = try site()
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let service = try ServiceProcess(site: site.folder)
        try put("王小明120000000001.csv", in: site)
        try service.wait {
            value("shangbao_records{state=\"accepted\"}", try service.get("/metrics").text) == 20
        }
        let taken = try #require(service.events("file.taken").first)
        #expect(taken["rows"] as? Int == 20)
        #expect(taken["source"] as? String == "county-hospital")
        #expect(service.events("delivery.round").count >= 1)
        #expect(service.events("invariants.checked").first?["broken"] as? Int == 0)

        // No image of its memory is left where it crashes (F-024).
        let core = try service.limits().first { $0.hasPrefix("Max core file size") }
        #expect(core?.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(core ?? "")")

        let refused = try site.program.run(["take", "x.csv", "--site", site.folder])
        #expect(refused.status == 73, "one process has the file")
        let second = try site.program.run(["serve", "--site", site.folder])
        #expect(second.status == 73)

        #expect(service.end() == 0)
        #expect(service.events("service.stopping").count == 1)
        #expect(service.events("service.stopped").count == 1)
        #expect(!service.said.contains("王小明") && !service.said.contains("120000000001"))
        let lines = service.said.split(separator: "\n")
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["at"] is String && object?["level"] is String, "\(line)")
        }
    }

    @Test func `while it runs a person steers it, and it goes on`() throws {
        let site = try site()
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let service = try ServiceProcess(site: site.folder)
        func steer(_ words: String...) throws {
            let done = try site.program.run(words + ["--site", site.folder])
            #expect(done.status == 0, "\(words) \(done.out)\(done.err)")
        }
        try steer("lane", "stop", "--sends", "--because", "their machine is changed")
        try put("a.csv", in: site)
        try service.wait { service.events("file.taken").count == 1 }
        let list = try site.program.run(["queue", "list", "--json", "--site", site.folder])
        let id = try #require(list.out.firstMatch(of: /"id" : "([0-9a-f-]{36})"/)?.1)
        try steer("queue", "hold", String(id), "--because", "to be looked at")
        try steer("queue", "release", String(id), "--because", "all is well")
        try steer("lane", "start", "--because", "their machine is back")
        try service.wait {
            value("shangbao_records{state=\"accepted\"}", try service.get("/metrics").text) == 20
        }
        #expect(service.end() == 0)
    }

    @Test
    func `whoever watches is told whether it lives, whether it is ready, and how much of what`()
        throws
    {
        let site = try site()
        let service = try ServiceProcess(site: site.folder)
        #expect(try service.get("/health/live").text == "{\"hanging\":[],\"live\":true}\n")
        #expect(try service.get("/health/ready").text == "{\"ready\":true,\"reasons\":[]}\n")
        #expect(try service.get("/health").status == 404)
        #expect(try service.get("/metrics", ["-X", "POST", "-d", "x"]).status == 405)
        let page = try service.get("/metrics")
        #expect(page.status == 200)
        #expect(value("process_open_fds", page.text).map { $0 > 3 } == true)
        #expect(value("process_resident_memory_bytes", page.text).map { $0 > 1e7 } == true)
        #expect(value("shangbao_reconciling", page.text) == 0)
        let loops = page.text.split(separator: "\n").filter {
            $0.hasPrefix("shangbao_dispatch_loop_last_tick_timestamp_seconds{")
        }
        #expect(loops.count == 3, "intake, delivery and watch: \(loops)")
        #expect(service.end() == 0)
    }

    @Test func `by the calendar, too, it counts what came and what disk and clocks say`() throws {
        let site = try site("schedules:\n  often: { does: all, every: 1 min }\n")
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        try put("a.csv", in: site)
        let service = try ServiceProcess(site: site.folder)
        var page = ""
        try service.wait {
            page = try service.get("/metrics").text
            return value("shangbao_records{state=\"accepted\"}", page) == 20
                && value("shangbao_db_fsync_probe_seconds_count", page) == 1
        }
        for direction in ["in", "out"] {
            let bytes = value(
                "shangbao_delivery_bytes_total{endpoint=\"reference-1\","
                    + "direction=\"\(direction)\"}", page)
            #expect(bytes.map { $0 > 1_000 } == true, "\(direction) \(bytes ?? -1)")
        }
        #expect(value("shangbao_schedule_period_seconds{schedule=\"often\"}", page) == 60)
        let nationAhead = value("shangbao_clock_offset_seconds{against=\"nation\"}", page)
        #expect(nationAhead.map { abs($0) < 2 } == true, "it told its time")
        let steady = value("shangbao_clock_offset_seconds{against=\"steady\"}", page)
        #expect(steady.map { abs($0) < 2 } == true)
        #expect(value("shangbao_clock_behind_ledger_seconds", page) == 0)
        #expect(value("shangbao_log_dropped_total{reason=\"full\"}", page) == 0)
        #expect(!FileManager.default.fileExists(atPath: site.folder + "/data/shangbao.db.probe"))
        #expect(service.end() == 0)
    }

    @Test func `a log that nobody takes ends no service`() throws {
        let address = "127.0.0.1:\(try ServeTests.freePort())"
        let site = try TestSite()
        try site.edit("shangbao.yaml") { $0 + "\nservice: { listen: \(address) }\n" }
        let service = try ServiceProcess(site: site.folder, unheardAt: address)
        try put("a.csv", in: site)
        let taken = "shangbao_intake_files_total{source=\"county-hospital\",outcome=\"closed\"}"
        var page = ""
        try service.wait {
            page = try service.get("/metrics").text
            return value(taken, page) == 1
        }
        let dropped = value("shangbao_log_dropped_total{reason=\"closed\"}", page)
        #expect(dropped.map { $0 >= 2 } == true, "it began, and it listened")
        #expect(service.end() == 0)
    }

    @Test func `a reload that is not sound is refused with its line, and the old one goes on`()
        throws
    {
        let site = try site()
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        let service = try ServiceProcess(site: site.folder)
        try site.edit("shangbao.yaml") { $0.replacing("inFlight: 2", with: "inFlight: two") }
        service.signal(SIGHUP)
        try service.wait { service.events("configuration.refused").count == 1 }
        let refused = try #require(service.events("configuration.refused").first)
        #expect(refused["code"] as? String == "E-DEFINITION")
        let place = refused["place"] as? String ?? ""
        #expect(place.wholeMatch(of: /shangbao\.yaml:\d+:\d+/) != nil, "\(place)")
        let ready = try service.get("/health/ready")
        #expect(ready.status == 503)
        #expect(ready.text == "{\"ready\":false,\"reasons\":[\"configuration\"]}\n")
        try put("a.csv", in: site)
        try service.wait { service.events("file.taken").count == 1 }

        try site.edit("shangbao.yaml") {
            $0.replacing("inFlight: two", with: "inFlight: 3").replacing(
                "database: sqlite:data", with: "database: sqlite:other")
        }
        service.signal(SIGHUP)
        try service.wait { service.events("configuration.refused").count == 2 }
        #expect(service.events("configuration.refused").last?["code"] as? String == "E-RESTART")
        #expect(service.events("configuration.refused").last?["detail"] as? String == "database")

        let folder = site.folder + "/in/second"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        try site.edit("shangbao.yaml") {
            $0.replacing("sqlite:other", with: "sqlite:data").replacing(
                "\nnational:",
                with: "  second: { folder: in/second, mapping: preconception/from-county-csv }\n"
                    + "\nnational:")
        }
        service.signal(SIGHUP)
        try service.wait { service.events("configuration.reloaded").count == 1 }
        try service.wait { try service.get("/health/ready").status == 200 }
        try put("b.csv", in: site, seed: 8, source: "second")
        try service.wait {
            service.events("file.taken").contains { $0["source"] as? String == "second" }
        }
        #expect(service.end() == 0)
    }

    @Test func `killed in the middle of its work, the next one goes on and nothing is lost`() throws
    {
        let site = try site()
        let nation = try NationalProcess(site: site.folder)
        defer { nation.end() }
        try put("a.csv", in: site)
        for turn in 1...4 {
            let service = try ServiceProcess(site: site.folder, file: "serve-\(turn).log")
            if turn == 4 {
                try service.wait {
                    value("shangbao_records{state=\"accepted\"}", try service.get("/metrics").text)
                        == 20
                }
                #expect(service.end() == 0)
            } else {
                _ = service.end(SIGKILL)
            }
        }
        let reconciled = try site.program.run(
            ["reconcile", "--year", "2012", "--site", site.folder])
        #expect(reconciled.status == 0, "\(reconciled.out)")
    }

    @Test func `an incident is told of once, in the log, in status and in the metrics`() throws {
        let site = try site(
            "notices: [{ name: gone, kind: wecom, plain: true, url: { file: keys/none } }]\n")
        let service = try ServiceProcess(site: site.folder)
        try site.edit("shangbao.yaml") { $0.replacing("inFlight: 2", with: "inFlight: two") }
        service.signal(SIGHUP)
        try service.wait { service.events("incident.began").count == 1 }
        try service.wait { service.events("notice.failed").count == 1 }
        #expect(service.events("incident.began").first?["code"] as? String == "N-RELOAD")
        let failed = try #require(service.events("notice.failed").first)
        #expect(failed["failure"] as? String == "secret-missing")
        try site.edit("shangbao.yaml") { $0.replacing("inFlight: two", with: "inFlight: 2") }
        let status = try site.program.run(["status", "--site", site.folder], in: "en")
        #expect(status.out.contains("✗ N-RELOAD since 20"), "\(status.out)")
        #expect(status.out.contains("notices to gone: 1 not taken (secret-missing)"))
        try service.wait {
            let page = try service.get("/metrics").text
            return value("shangbao_incidents_open{code=\"N-RELOAD\"}", page) == 1
                && value("shangbao_notices_waiting{channel=\"gone\"}", page) == 1
        }
        #expect(service.end() == 0)
        let again = try ServiceProcess(site: site.folder, file: "again.log")
        try again.wait { again.events("invariants.checked").count == 1 }
        #expect(again.end() == 0)
        #expect(again.events("incident.began").isEmpty, "a restart repeats nothing")
    }

    @Test func `only an address of this machine is listened on`() throws {
        let site = try site()
        for wrong in ["0.0.0.0:9180", "10.0.0.1:9180", "127.0.0.1", "127.0.0.1:70000"] {
            try site.edit("shangbao.yaml") {
                $0.replacing(/listen: [^ ]+ \}/, with: "listen: \(wrong) }")
            }
            let ended = try site.program.run(["serve", "--site", site.folder], in: "en")
            #expect(ended.status == 78 && ended.err.contains("shangbao.yaml:"), "\(ended.err)")
        }
    }
}
