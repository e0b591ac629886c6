import ArgumentParser
import Foundation
import Records
import Settlements

/// Draws lines of a sealed statement for inspection.
struct InspectCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "inspect",
            abstract: said(
                "抽查：按公开的种子从结算行中抽样，双方抽得一样。",
                "Draw settled lines for inspection by a public seed."),
            discussion: said(
                "种子应在封存证据包之后才产生、双方都左右不了的，例如某日的开奖号码。核验方用 sample.py --seed 抽得同样的行；"
                    + "--out 写出每行到树根的证明，可用 sample.py --proof 单独核对。",
                "The seed should come after the pack was sealed, from something that neither side "
                    + "controls, such as a lottery's numbers. sample.py --seed draws the same; "
                    + "--out writes each line's proof, for sample.py --proof."))
    }

    @Argument(help: ArgumentHelp(said("证据包。", "The pack.")))
    var pack: String

    @Option(
        help: ArgumentHelp(
            said("种子：1 至 128 个可见 ASCII 字符。", "The seed: 1 to 128 visible ASCII characters.")))
    var seed: String

    @Option(help: ArgumentHelp(said("抽几行。", "How many lines.")))
    var count: Int

    @Option(
        help: ArgumentHelp(
            said("把抽到的行和证明写到这里（每行一个 JSON）。", "Where the lines and their proofs go (JSON lines)."),
            valueName: "path"))
    var out: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let folder = Places.absolute(pack)
        let reader = try PackReader(folder)
        let leaves = try reader.file("ledger/leaves.jsonl")
        let head = try reader.file("ledger/tree-head.txt")
        guard let root = TreeHead(String(decoding: head, as: UTF8.self))["root-sha256"] else {
            throw CommandFailure(.notPack, place: Places.shown(folder))
        }
        let sample: InspectionSample
        do throws(InspectionSample.Failure) {
            sample = try InspectionSample(
                leaves: leaves, root: root, seed: seed, count: count)
        } catch {
            throw refusal(of: error, folder)
        }
        if let out { try write(sample, to: Places.absolute(out)) }
        try output.give(sample.items)
        show(sample, output)
        return .done
    }

    private func refusal(of failure: InspectionSample.Failure, _ folder: String) -> CommandFailure {
        switch failure {
        case .lines: CommandFailure(.notPack, place: Places.shown(folder))
        case .seed:
            CommandFailure(
                .usage,
                detail: said(
                    "--seed 应为 1 至 128 个可见 ASCII 字符", "--seed: 1 to 128 visible ASCII characters"))
        case .count(let lines):
            CommandFailure(
                .usage,
                detail: said("--count 应在 1 与 \(lines) 行之间", "--count: 1 to the \(lines) lines"))
        }
    }

    private func write(_ sample: InspectionSample, to path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.exists, place: Places.shown(path))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = Data()
        for item in sample.items { text += try encoder.encode(item) + Data("\n".utf8) }
        guard FileManager.default.createFile(atPath: path, contents: text) else {
            throw CommandFailure(.unwritable, place: Places.shown(path))
        }
    }

    private func show(_ sample: InspectionSample, _ output: Output) {
        var table = Columns([
            (said("行", "line"), .right), (said("月份", "month"), .left),
            (said("项目", "item"), .left), (said("元", "yuan"), .right),
            (said("记录", "record"), .left),
        ])
        for item in sample.items {
            guard let facts = item.facts else { continue }
            table.add([
                "\(item.seq)", facts.period, facts.item, facts.fen.yuan,
                "\(facts.record) v\(facts.version)",
            ])
        }
        output.table(table, indent: 0)
        output.line(
            "共 \(sample.items.first?.size ?? 0) 行，抽 \(sample.items.count) 行，种子 \(seed)",
            "\(sample.items.count) of \(sample.items.first?.size ?? 0) lines, by the seed \(seed)")
        output.line(
            "核验方：python3 sample.py 解开的证据包 --seed \(seed) --count \(count)",
            "An auditor: python3 sample.py FOLDER --seed \(seed) --count \(count)")
        output.line(
            "找到病例：shangbao trace 记录", "Find the case: shangbao trace RECORD")
    }
}
