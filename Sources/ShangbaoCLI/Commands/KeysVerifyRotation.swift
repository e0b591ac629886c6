import ArgumentParser
import Flow
import Privacy
import Records

/// Proves that rotations are whole.
struct KeysVerifyRotation: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify-rotation",
            abstract: said(
                "核验轮换：数目相等、无重名、都有归属、抽查重算。",
                "Prove rotations: equal counts, no collisions, all joined, some made anew."))
    }

    @Option(help: ArgumentHelp(said("抽查的个数。", "How many are made anew."), valueName: "n"))
    var draws = 100

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let use: String
        let epoch: Int
        let names: Int
        let began: String?
        let finished: String?
        let toCarry: Int
        let carried: Int
        let overtaken: Int
        let left: Int
        let alike: Int
        let loose: Int
        let recomputed: Int
        let wrong: Int
        let isProven: Bool

        init(_ check: RotationCheck) {
            use = check.use.rawValue
            epoch = check.epoch
            names = check.names
            began = check.standing?.began.dateTime
            finished = check.standing?.finished?.dateTime
            toCarry = check.standing?.names ?? 0
            carried = check.standing?.moved ?? 0
            overtaken = check.standing?.overtaken ?? 0
            left = check.left
            alike = check.names - check.different
            loose = check.loose
            recomputed = check.recomputed
            wrong = check.wrong
            isProven = check.isProven
        }
    }

    func validate() throws {
        // A proof that looks at nobody's number is none.
        guard (1...100_000).contains(draws) else { throw ValidationError("--draws 1…100000") }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let keyring = try await common.openKeyring(of: site)
        let checks = try await site.withView { view in
            try await site.checkRotation(of: keyring, draws: draws, in: view)
        }
        let lines = checks.map(Line.init)
        try output.give(lines)
        for line in lines { tell(line, output) }
        return lines.allSatisfy(\.isProven) ? .done : .unbalanced
    }

    private func tell(_ line: Line, _ output: Output) {
        output.line(
            "\(line.isProven ? "✓" : "✗") \(line.use)：第 \(line.epoch) 代",
            "\(line.isProven ? "✓" : "✗") \(line.use): epoch \(line.epoch)")
        var table = Columns(sides: [.left, .right, .left])
        func add(_ zh: String, _ en: String, _ figure: Int, _ isRight: Bool = true) {
            table.add([said(zh, en), Figure.grouped(figure), isRight ? "" : "✗"])
        }
        add("名称总数", "names", line.names)
        if line.began != nil {
            add("轮换开始时的旧名", "old names when it began", line.toCarry)
            add("已移交", "carried over", line.carried)
            add(
                "期间由新数据换新", "made anew by a clinic's row", line.overtaken,
                line.carried + line.overtaken + line.left == line.toCarry)
        }
        add("仍在旧代", "left in an earlier epoch", line.left, line.left == 0)
        add("重名", "alike", line.alike, line.alike == 0)
        add("没有归属的", "without a case", line.loose, line.loose == 0)
        if line.use == KeyUse.pidLink.rawValue {
            add("抽查重算", "made anew", line.recomputed)
            add("重算不符", "that came out otherwise", line.wrong, line.wrong == 0)
        }
        output.table(table, indent: 4)
        guard line.left > 0 || (line.began != nil && line.finished == nil) else { return }
        output.paragraph(
            said(
                "轮换没有做完：再运行 shangbao keys rotate \(line.use)。",
                "The rotation is under way: run shangbao keys rotate \(line.use) again."), indent: 4
        )
    }
}
