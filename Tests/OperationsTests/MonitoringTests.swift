import Foundation
import Operations
import Testing

/// The files for those who watch speak of what the page has.
struct MonitoringTests {
    /// The repository, past any link.
    private static let folder: String = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let path = folder.appendingPathComponent("docs/operations/monitoring").path
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        return ""
    }()

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: MonitoringTests.folder + "/" + name, encoding: .utf8)
    }

    private var known: Set<String> {
        Set(
            Metrics.all.flatMap { metric in
                metric.kind == .histogram
                    ? ["_bucket", "_sum", "_count"].map { metric.name + $0 } : [metric.name]
            })
    }

    @Test(arguments: ["alerts.yml", "dashboard.json"])
    func `every metric that is asked for exists`(_ file: String) throws {
        let named = try text(file).matches(of: /\b(?:shangbao|process)_[a-z0-9_]+\b/)
            .map { String($0.output) }
        #expect(named.count > 20)
        let unknown = Set(named).subtracting(known)
        #expect(unknown.isEmpty, "\(unknown.sorted())")
    }

    @Test func `every family is watched by a panel or an alert`() throws {
        let files = try text("alerts.yml") + text("dashboard.json")
        // What tells which program it is has no panel.
        let unwatched = Metrics.all.map(\.name).filter {
            !files.contains($0)
                && !["shangbao_build_info", "process_start_time_seconds"].contains($0)
        }
        #expect(unwatched.isEmpty, "\(unwatched)")
    }

    @Test func `the labels that alerts select and group by are the families' own`() throws {
        let alerts = try text("alerts.yml")
        for metric in Metrics.all {
            for match in alerts.matches(of: /([a-z_]+)\x7B([a-z]+)[=!~]/)
            where match.1 == metric.name {
                #expect(metric.labels.contains(String(match.2)), "\(match.0)")
            }
        }
    }

    @Test func `names and kinds keep to Prometheus' manners`() {
        for metric in Metrics.all {
            #expect(metric.name.wholeMatch(of: /(shangbao|process)_[a-z][a-z0-9_]*/) != nil)
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
        }
        #expect(Set(Metrics.all.map(\.name)).count == Metrics.all.count)
    }

    @Test func `each alert names a line of the runbook`() throws {
        let runbook = try text("../runbook.md")
        let named = Set(try text("alerts.yml").matches(of: /runbook: (B-\d\d)/).map { $0.1 })
        #expect(named.count > 10)
        for line in named { #expect(runbook.contains("| \(line) |"), "\(line)") }
    }

    @Test(arguments: [["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"]])
    func `Prometheus' own tool accepts the rules and their tests`(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/promtool")
        process.arguments = words
        process.currentDirectoryURL = URL(fileURLWithPath: MonitoringTests.folder)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }

    @Test func `the dashboard is JSON, its panels do not overlap and each has a query`() throws {
        struct Dashboard: Decodable {
            struct Panel: Decodable {
                struct Place: Decodable {
                    let h: Int
                    let w: Int
                    let x: Int
                    let y: Int
                }
                struct Target: Decodable { let expr: String }
                let id: Int
                let type: String
                let gridPos: Place
                let targets: [Target]?
            }
            let panels: [Panel]
        }
        let dashboard = try JSONDecoder().decode(
            Dashboard.self, from: Data(text("dashboard.json").utf8))
        var cells: Set<[Int]> = []
        for panel in dashboard.panels {
            #expect(panel.type == "row" || panel.targets?.isEmpty == false)
            for x in panel.gridPos.x..<panel.gridPos.x + panel.gridPos.w {
                for y in panel.gridPos.y..<panel.gridPos.y + panel.gridPos.h {
                    #expect(x < 24 && cells.insert([x, y]).inserted, "panel \(panel.id)")
                }
            }
        }
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
    }
}
