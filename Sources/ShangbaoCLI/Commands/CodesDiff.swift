import ArgumentParser
import Definitions
import Foundation
import Programmes
import Records

/// A list side by side in the sets of codes, or on two days.
struct CodesDiff: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "diff",
            abstract: said(
                "各代码体系的对照，或两天之间的变化。",
                "A list in several sets of codes, or between two days."),
            discussion: said(
                "不带选项：所有体系并列，并指出同一数字的不同含义。",
                "Without options all sets stand side by side, and numbers that mean two things are named."
            ))
    }

    @Argument(help: ArgumentHelp(said("代码表，如 rh、divisions。", "A list such as rh.")))
    var list: String

    @Option(help: ArgumentHelp(said("一个代码体系。", "A set of codes."), valueName: "set"))
    var from: String?

    @Option(help: ArgumentHelp(said("另一个代码体系。", "Another set."), valueName: "set"))
    var to: String?

    @Option(help: ArgumentHelp(said("较早的一天。", "The earlier day."), valueName: "date"))
    var on: CalendarDate?

    @Option(help: ArgumentHelp(said("较晚的一天。", "The later day."), valueName: "date"))
    var and: CalendarDate?

    @OptionGroup var lists: CodeListOptions
    @OptionGroup var common: SharedOptions

    private struct Sets: Encodable {
        struct Row: Encodable {
            let code: String
            let label: Wording
            let numbers: [String: [String]]
        }

        struct Conflict: Encodable {
            let number: String
            let sets: [String]
            let codes: [String]
        }

        let list: String
        let rows: [Row]
        let conflicts: [Conflict]
    }

    private struct Change: Encodable {
        let change: String
        let code: String
        let day: String?
        let before: Wording?
        let after: Wording?
        let successor: String?
    }

    mutating func validate() throws {
        guard (on == nil) == (and == nil), on == nil || (from == nil && to == nil) else {
            throw ValidationError(
                said(
                    "--on 与 --and 同用，不与 --from、--to 同用。",
                    "--on goes with --and, and without --from and --to."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let list = try lists.list(list)
        if let on, let and {
            try giveChanges(in: list, from: on, to: and, output)
        } else {
            try giveSets(of: list, try sets(of: list), output)
        }
        return .done
    }

    /// The sets to compare: those asked for, else all that have numbers.
    private func sets(of list: CodeList) throws(CommandFailure) -> [String] {
        let known = list.sets
        let asked = [from, to].compactMap { $0 }
        if let unknown = asked.first(where: { !known.contains($0) }) {
            let names = known.joined(separator: ", ")
            throw CommandFailure(
                .usage, place: unknown,
                detail: said(
                    "\(list.name) 的对照中没有 \(unknown)；有：\(names)",
                    "\(list.name) has no numbers of \(unknown); it has: \(names)"))
        }
        return asked.count == 2 ? asked : asked + known.filter { !asked.contains($0) }
    }

    private func giveSets(of list: CodeList, _ sets: [String], _ output: Output) throws {
        var conflicts: [Sets.Conflict] = []
        for (place, first) in sets.enumerated() {
            for second in sets.dropFirst(place + 1) {
                conflicts += CodeComparison.conflicts(in: list, first, second).map {
                    .init(number: $0.number, sets: [first, second], codes: $0.codes)
                }
            }
        }
        try output.give(
            Sets(
                list: list.name,
                rows: list.codes.map { code in
                    .init(
                        code: code.code, label: code.label,
                        numbers: Dictionary(
                            sets.map { ($0, list.numbers(of: code.code, in: $0).map(\.text)) },
                            uniquingKeysWith: { first, _ in first }))
                }, conflicts: conflicts))
        guard !sets.isEmpty else {
            output.line(
                "\(list.name) 没有对照（crosswalks/\(list.name).csv）。",
                "\(list.name) has no crosswalk (crosswalks/\(list.name).csv).")
            return
        }
        var table = Columns(
            [(title: list.name, side: .left)] + sets.map { (title: $0, side: .left) }
                + [(title: said("含义", "meaning"), side: .left)])
        for code in list.codes {
            let cells = sets.map { list.written(code.code, in: $0) }
            table.add([code.code] + cells + [code.label.said])
        }
        output.table(table, indent: 0)
        output.line()
        show(conflicts, output)
    }

    private func show(_ conflicts: [Sets.Conflict], _ output: Output) {
        guard !conflicts.isEmpty else {
            output.line("✓ 没有同数异义", "✓ no number means two things")
            return
        }
        output.line("同一数字，含义不同：", "One number, two meanings:")
        var table = Columns(sides: [.right, .left, .left])
        for conflict in conflicts {
            table.add([
                conflict.number, "\(conflict.sets[0]) \(conflict.codes[0])",
                "\(conflict.sets[1]) \(conflict.codes[1])",
            ])
        }
        output.table(table)
    }

    private func giveChanges(
        in list: CodeList, from first: CalendarDate, to last: CalendarDate, _ output: Output
    ) throws {
        let changes = CodeComparison.changes(in: list, from: first, to: last)
        try output.give(
            changes.map {
                Change(
                    change: $0.kind.rawValue, code: $0.code, day: $0.day?.description,
                    before: $0.before, after: $0.after, successor: $0.successor)
            })
        guard !changes.isEmpty else {
            output.line(
                "✓ \(first) 与 \(last) 之间没有变化", "✓ nothing changed between \(first) and \(last)")
            return
        }
        var table = Columns([
            (said("变化", "change"), .left), (said("代码", "code"), .left),
            (said("日期", "day"), .left), (said("继任", "then"), .left),
            (said("含义", "meaning"), .left),
        ])
        for change in changes {
            table.add([
                CodesDiff.word(change.kind), change.code, change.day?.description ?? "",
                change.successor ?? "",
                [change.before, change.after].compactMap { $0?.said }.joined(separator: " → "),
            ])
        }
        output.table(table, indent: 0)
    }

    private static func word(_ kind: CodeComparison.Change.Kind) -> String {
        switch kind {
        case .opened: said("启用", "opened")
        case .closed: said("停用", "closed")
        case .renamed: said("换主", "renamed")
        }
    }
}
