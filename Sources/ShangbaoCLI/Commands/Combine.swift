import ArgumentParser
import Foundation
import LibCrypto
import LibXlsx
import Records
import Settlements

/// Adds the statements of several counties up, for the city.
struct Combine: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("市级汇总：把各区县的结算表加在一起。", "Add counties' statements up for the city."),
            discussion: said(
                "先核对每个证据包的清单和签名；同一病例、同一对象孩次或同一回执在两个区县都有的，逐条列出。不需要站点。",
                "Checks each pack's manifest and signature first. A case, a person's child order or a "
                    + "receipt that two counties have is listed. It needs no site."))
    }

    @Argument(help: ArgumentHelp(said("各区县的证据包，至少两个。", "The counties' packs, two or more.")))
    var packs: [String]

    @Option(
        help: ArgumentHelp(
            said("写到哪里（.xlsx 或 .csv）。", "Where it is written: .xlsx or .csv."), valueName: "path"))
    var out: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let combined = try combined()
        if let out { try write(combined, to: Places.absolute(out)) }
        try output.give(combined)
        show(combined, output)
        return combined.doubles.isEmpty ? .done : .unbalanced
    }

    private func combined() throws -> CombinedStatement {
        let read = try packs.map { path in
            let reader = try PackReader(Places.absolute(path))
            let check = try reader.unpacked { PackCheck($0) }
            let bytes = try reader.file("settlement.json")
            guard check.holds, let statement = try? Statement(json: bytes) else {
                throw CommandFailure(.notPack, place: Places.shown(reader.path))
            }
            return (
                statement: statement, digest: Hex.encode(Hash.sha256.digest(bytes)),
                leaves: try reader.file("ledger/leaves.jsonl")
            )
        }
        do throws(CombinedStatement.Failure) {
            return try CombinedStatement(read)
        } catch {
            throw refusal(of: error)
        }
    }

    private func refusal(of failure: CombinedStatement.Failure) -> CommandFailure {
        switch failure {
        case .few:
            CommandFailure(.usage, detail: said("至少两个证据包", "two packs or more"))
        case .mixed(let division):
            CommandFailure(
                .usage, place: division,
                detail: said("项目、年度或截至月份不同", "another programme, year or last month"))
        case .twice(let division):
            CommandFailure(
                .usage, place: division, detail: said("同一区县给了两份", "two of the same county"))
        case .lines(let division): CommandFailure(.notPack, place: division)
        }
    }

    private func write(_ combined: CombinedStatement, to path: String) throws {
        let shown = Places.shown(path)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.exists, place: shown)
        }
        let part = path + ".part"
        try? FileManager.default.removeItem(atPath: part)
        do {
            if path.lowercased().hasSuffix(".csv") {
                try Data(combined.csv()).write(to: URL(fileURLWithPath: part))
            } else if path.lowercased().hasSuffix(".xlsx") {
                try combined.writeWorkbook(to: part)
            } else {
                throw CommandFailure(.usage, place: shown, detail: ".xlsx, .csv")
            }
            try FileManager.default.moveItem(atPath: part, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            throw error is CommandFailure ? error : CommandFailure(.unwritable, place: shown)
        }
    }

    private func show(_ combined: CombinedStatement, _ output: Output) {
        var table = Columns([
            (said("区划", "division"), .left), (combined.unit.said, .right),
            (said("人", "persons"), .right), (said("金额（元）", "amount, yuan"), .right),
        ])
        for county in combined.counties {
            table.add([
                county.division, Figure.grouped(county.cases), Figure.grouped(county.persons),
                Figure.yuan(county.fen),
            ])
        }
        table.add([
            said("合计", "total"), Figure.grouped(combined.totalCases),
            Figure.grouped(combined.counties.reduce(0) { $0 + $1.persons }),
            Figure.yuan(combined.totalFen),
        ])
        output.table(table, indent: 0)
        var payers = Columns(sides: [.left, .right])
        for (name, title) in combined.payers.sorted(by: { $0.key < $1.key }) {
            payers.add([title.said, Figure.yuan(combined.borne(by: name))])
        }
        output.table(payers, indent: 0)
        for double in combined.doubles {
            output.line(
                "✗ 重复（\(double.kind.rawValue)）：\(double.value)　\(double.divisions.joined(separator: " "))",
                "✗ twice (\(double.kind.rawValue)): \(double.value) "
                    + double.divisions.joined(separator: " "))
        }
    }
}
