import Definitions
import Delivery
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Programmes
import Records
import Rehearsal
import Samples
import Settlements
import Storage

/// The demo, step by step: each step says what it does and what came of it.
struct DemoShow: Sendable {
    let path: String
    let mappings: String
    let sample: String
    let output: Output
    private static let year = 2012

    /// What it comes to, for programs.
    struct Result: Encodable, Sendable {
        var rows = 0
        var takenBefore = false
        var findingsFile: String?
        var sent = 0
        var casesInForce = 0
        var booksBalance = false
        var discrepancies = 0
        var couples = 0
        var fen: Int64 = 0
        var expectedFen: Int64 = 0
        var pack = ""
        var ledger = ""
        var packIsNew = false
        var packVerified = false
        var nothingChanged = false
    }

    func run() async throws -> ExitStatus {
        output.line(
            "演示：\(Places.shown(path))（其中的人、机构、国家平台全是虚构的）",
            "Demo in \(Places.shown(path)): people, institutions and national side are all invented"
        )
        let (site, keyring, isNew) = try makeSite()
        let side = try await NationalSide.open(for: site, keyring)
        var result = try await side.serving {
            try await site.withDatabase { database in
                try await walk(site, keyring, database)
            }
        }
        result.packVerified = try verify(result)
        result.nothingChanged =
            result.takenBefore && result.sent == 0 && !result.packIsNew && !isNew
        try output.give(result)
        return close(result, site)
    }

    private func step(_ number: Int, _ zh: String, _ en: String) {
        output.line()
        output.line("\(number)/7 \(zh)", "\(number)/7 \(en)")
    }

    private func makeSite() throws -> (Site, Keyring, isNew: Bool) {
        step(1, "站点、密钥与国家平台身份", "The site, its keys, the national side's identity")
        let made = try SiteFolder(
            path: path, mappings: mappings, isRehearsal: true, suite: .gm,
            binding: .https
        ).make()
        let site = try Site(folder: path, clock: systemClock)
        let ring = site.configuration.keyring
        guard !FileManager.default.fileExists(atPath: ring) else {
            output.line("  已有站点和密钥环，接着用", "  the site and its key ring are there, and are used")
            return (site, try site.openKeyring(nil), false)
        }
        _ = try Keyring.create(
            at: ring, passphrase: try site.configuredPassphrase.read(),
            city: site.configuration.county.city, on: site.clock(), cost: site.passphraseCost)
        output.line(
            "  ✓ \(made.made.joined(separator: " "))\n  ✓ keys/keyring.json（gm 与 intl 各一组）",
            "  ✓ \(made.made.joined(separator: " "))\n  ✓ keys/keyring.json (one set a suite)")
        return (site, try site.openKeyring(nil), true)
    }

    private func walk(_ site: Site, _ keyring: Keyring, _ database: any SteadyDatabase) async throws
        -> Result
    {
        var result = Result()
        let exchange = try Exchange(site: site, database: database)
        step(2, "接收机构导出的 CSV", "Take the clinic's CSV in")
        let (source, file) = try site.mapping(for: nil)
        let taking = Taking(
            site: site,
            arrival: try await site.arrivals(database, exchange.outbox, keyring)
                .arrival(for: file), output: output)
        let taken = try await taking.take(sample, source: source, by: file)
        (result.rows, result.takenBefore) = (taken.rows, taken.takenBefore)
        result.findingsFile = taken.findingsFile

        step(3, "经双向 TLS 上报，取回签名回执", "Send over mutual TLS, fetch signed receipts")
        try await exchange.courier.start()
        result.sent = try await deliver(site, exchange, database)

        step(4, "对账：本地账目与国家平台的计数", "Reconcile our books with the national counts")
        let closing = Closing(
            site: site, site.programmes[0], database: database, exchange: exchange)
        let comparison = try await closing.compare(year: DemoShow.year)
        BookTable(comparison, isBrief: true, output: output).show()
        result.booksBalance = comparison.balance.balances && comparison.chain.fault == nil
        result.discrepancies = comparison.discrepancies.count
        result.casesInForce = Balance.sum(comparison.lines).accepted

        step(5, "2012 年度结算", "Settle the year 2012")
        let draft = try await closing.draft(SettlementRequest(year: DemoShow.year))
        StatementTable(draft.statement, output: output).show()
        result.couples = draft.statement.totalCases
        result.fen = draft.statement.totalFen.fen
        result.expectedFen = try expected(draft.statement)
        switch try await closing.issue(draft, keyring: keyring) {
        case .written(let pack, _): (result.pack, result.packIsNew) = (pack, true)
        case .unchanged(let pack): result.pack = pack
        }
        result.ledger = path + "/out/ledger.jsonl"
        try? FileManager.default.removeItem(atPath: result.ledger)
        let ledger = result.ledger
        _ = try await database.read { try LedgerExport().write(to: ledger, in: $0) }
        return result
    }

    /// Rounds until every submission has its answers, for a minute at most.
    private func deliver(_ site: Site, _ exchange: Exchange, _ database: any SteadyDatabase)
        async throws
        -> Int
    {
        let delivering = Delivering(exchange: exchange, database: database, output: output)
        var sent = 0
        for _ in 0..<60 {
            let result = try await delivering.deliver()
            sent += result.sent
            let open = result.states.filter { !["final", "cancelled"].contains($0.key) }
            guard !open.isEmpty else {
                if sent == 0 {
                    output.line("  没有新的报文要发", "  nothing new to send")
                } else {
                    output.line("  ✓ 发出 \(sent) 份，全部收到回执", "  ✓ \(sent) sent, all answered")
                }
                return sent
            }
            try await Task.sleep(for: .seconds(1))
        }
        throw CommandFailure(.noAnswer)
    }

    /// Compares with what the sample's generator says; the price that it knows is the standard one.
    private func expected(_ statement: Statement) throws -> Int64 {
        step(6, "与样例的答案核对", "Compare with the sample's answers")
        let truth = String(sample.dropLast(".csv".count)) + ".truth.json"
        guard let bytes = FileManager.default.contents(atPath: truth) else {
            throw CommandFailure(.noSamples, place: truth)
        }
        let summary = try JSONDecoder().decode(SampleSummary.self, from: bytes)
        let due = Dictionary(
            statement.payers.map { ($0.payer, $0.dueFen) }, uniquingKeysWith: { first, _ in first })
        var table = Columns([
            (said("出资方", "payer"), .left), (said("结算表（分）", "statement, fen"), .right),
            (said("答案（分）", "answers, fen"), .right), ("", .left),
        ])
        let payers = [
            ("central", summary.totals.central), ("city", summary.totals.city),
            ("district", summary.totals.district),
        ]
        var isSame = summary.settledCouples == statement.totalCases
        for (payer, truth) in payers {
            let found = due[payer] ?? .zero
            isSame = isSame && found == truth
            let title = statement.payers.first { $0.payer == payer }?.title.said ?? payer
            table.add([
                title, Figure.grouped(found.fen), Figure.grouped(truth.fen),
                found == truth ? "✓" : "✗",
            ])
        }
        table.add([
            said("对数", "couples"), "\(statement.totalCases)", "\(summary.settledCouples)",
            summary.settledCouples == statement.totalCases ? "✓" : "✗",
        ])
        output.table(table)
        guard isSame else { throw CommandFailure(.demo, place: truth) }
        return (summary.totals.central + summary.totals.city + summary.totals.district).fen
    }

    /// As a third party would: the auditor's script, and the commands of the pack's own README.
    private func verify(_ result: Result) throws -> Bool {
        step(7, "像第三方一样核验证据包", "Verify the pack as a third party would")
        let reader = try PackReader(result.pack)
        let page = page(of: result)
        try Data(try reader.file("settlement.html")).write(to: URL(fileURLWithPath: page))
        return try reader.unpacked { folder in
            Verification(
                pack: folder, mappings: mappings, ledger: result.ledger, output: output
            ).run()
        }
    }

    /// The statement to look at, beside its pack.
    private func page(of result: Result) -> String {
        result.pack.replacing(".asice", with: ".html")
    }

    private func close(_ result: Result, _ site: Site) -> ExitStatus {
        let holds =
            result.booksBalance && result.discrepancies == 0 && result.fen == result.expectedFen
            && result.packVerified
        output.line()
        let yuan = Figure.yuan(Money(fen: result.fen))
        if holds {
            output.line(
                "✓ 账目平衡，对账无差异；结算 \(result.couples) 对，\(yuan) 元，与答案一致；证据包经核验",
                "✓ The books balance and agree; \(result.couples) couples, \(yuan) yuan, as the "
                    + "answers say; the pack is verified")
        } else {
            output.fail(Explanation(CommandFailure(.demo)))
        }
        if result.nothingChanged {
            output.line(
                "没有变化：这份文件以前已收过，结算表与证据包原样未动。",
                "Nothing changed: the file was taken before; statement and pack are as they were.")
        }
        output.line()
        output.line("看这些文件：", "Look at these files:")
        var files = Columns(sides: [.left, .left])
        files.add([Places.shown(page(of: result)), said("结算表", "the statement")])
        files.add([
            Places.shown(result.pack),
            said("证据包（ZIP）", "the pack, a ZIP"),
        ])
        files.add([Places.shown(result.ledger), said("整本账", "the whole ledger")])
        if let list = result.findingsFile {
            files.add([Places.shown(list), said("退给机构的清单", "the list for the clinic")])
        }
        files.add([Places.shown(path) + "/shangbao.yaml", said("站点的全部设置", "all settings")])
        output.table(files)
        return holds ? .done : .unbalanced
    }
}
