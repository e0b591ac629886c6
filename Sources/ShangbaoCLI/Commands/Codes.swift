import ArgumentParser
import Definitions
import Foundation
import Programmes
import Records

/// The lists of codes, the sets of codes that sources write, and how they differ.
struct Codes: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "codes",
            abstract: said(
                "代码表：列出、查看、对比，和不认得的写法。",
                "Lists of codes: list, show, compare, and words that none knows."),
            subcommands: [CodesList.self, CodesShow.self, CodesDiff.self, CodesUnmapped.self])
    }
}

/// Where the commands on codes find their lists.
struct CodeListOptions: ParsableArguments {
    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    func catalogue() throws -> Catalogue { try Catalogue(root: try Places.mappings(mappings)) }

    /// A list by its name, or as `PROGRAMME/LIST` where two programmes have one of the name.
    func list(_ name: String) throws -> CodeList {
        let parts = name.split(separator: "/").map(String.init)
        var known: [String] = []
        for programme in try catalogue().programmes
        where parts.count < 2 || programme.folderName == parts[0] {
            for list in try programme.codeLists() {
                if list.name == parts.last { return list }
                known.append(list.name)
            }
        }
        let names = Set(known).sorted().joined(separator: ", ")
        throw CommandFailure(
            .usage, place: name,
            detail: said("没有代码表 \(name)；有：\(names)", "no list \(name); there are: \(names)"))
    }
}

extension CodeList {
    /// The sets that have numbers for this list.
    var sets: [String] {
        guard let crosswalk else { return [] }
        return crosswalk.sets.filter { crosswalk.numbers(in: $0)?.isEmpty == false }
    }

    /// What a set writes for a code.
    func numbers(of code: String, in set: String) -> [Crosswalk.Number] {
        ordinal(of: code).flatMap { crosswalk?.numbers(of: $0, in: set) } ?? []
    }

    /// The same as its file has it: `40|60`, `~4`.
    func written(_ code: String, in set: String) -> String {
        numbers(of: code, in: set).map { ($0.isInexact ? "~" : "") + $0.text }
            .joined(separator: "|")
    }
}

struct CodesList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: said("列出代码表和代码体系。", "The lists and the sets of codes."))
    }

    @OptionGroup var lists: CodeListOptions
    @OptionGroup var common: SharedOptions

    private struct Told: Encodable {
        struct List: Encodable {
            let programme: String
            let list: String
            let codes: Int
            let hasDays: Bool
            let sets: [String]
        }

        struct Set: Encodable {
            let name: String
            let title: Wording
        }

        let lists: [List]
        let sets: [Set]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let catalogue = try lists.catalogue()
        let sets = try CodeSets(
            path: catalogue.root + "/code-sets.csv", shownAs: "code-sets.csv")
        var told: [Told.List] = []
        for programme in catalogue.programmes {
            for list in try programme.codeLists() {
                told.append(
                    .init(
                        programme: programme.folderName, list: list.name, codes: list.codes.count,
                        hasDays: list.hasDays, sets: list.sets))
            }
        }
        try output.give(
            Told(lists: told, sets: sets.entries.map { .init(name: $0.name, title: $0.title) }))
        for programme in catalogue.programmes {
            output.line("\(programme.folderName)  \(programme.dictionary.title.said)")
            var table = Columns([
                (said("代码表", "list"), .left), (said("代码", "codes"), .right),
                (said("时效", "days"), .left), (said("对照", "sets"), .left),
            ])
            for list in told where list.programme == programme.folderName {
                table.add([
                    list.list, Figure.grouped(list.codes),
                    list.hasDays ? said("有", "yes") : "", list.sets.joined(separator: " "),
                ])
            }
            output.table(table)
            output.line()
        }
        output.line(said("代码体系（映射的 codeSet）", "Sets of codes (codeSet of a mapping)"))
        var table = Columns(sides: [.left, .left])
        for set in sets.entries { table.add([set.name, set.title.said]) }
        output.table(table)
        return .done
    }
}

struct CodesShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: said("一个代码表的全部代码。", "All codes of a list."))
    }

    @Argument(help: ArgumentHelp(said("代码表，如 abo、divisions。", "A list such as abo.")))
    var list: String

    @Option(help: ArgumentHelp(said("只看这一天有效的代码。", "Only codes of this day.")))
    var on: CalendarDate?

    @OptionGroup var lists: CodeListOptions
    @OptionGroup var common: SharedOptions

    private struct Told: Encodable {
        let code: String
        let label: Wording
        let validFrom: String?
        let validTo: String?
        let successor: String?
        let numbers: [String: [String]]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let list = try lists.list(list)
        let shown = list.codes.indices.filter { place in
            on.map { list.codes[place].holds(on: $0) } ?? true
        }
        try output.give(
            shown.map { place in
                let code = list.codes[place]
                return Told(
                    code: code.code, label: code.label, validFrom: code.validFrom?.description,
                    validTo: code.validTo?.description, successor: code.successor,
                    numbers: Dictionary(
                        uniqueKeysWithValues: list.sets.map { set in
                            (set, list.numbers(of: code.code, in: set).map(\.text))
                        }))
            })
        let hasSuccessors = shown.contains { list.codes[$0].successor != nil }
        var heads: [(title: String, side: Columns.Side)] = [(said("代码", "code"), .left)]
        heads += list.sets.map { ($0, .left) }
        if list.hasDays { heads += [(said("起", "from"), .left), (said("止", "to"), .left)] }
        if hasSuccessors { heads.append((said("继任", "then"), .left)) }
        heads.append((said("含义", "meaning"), .left))
        var table = Columns(heads)
        for place in shown {
            let code = list.codes[place]
            var cells = [code.code] + list.sets.map { list.written(code.code, in: $0) }
            if list.hasDays {
                cells += [code.validFrom?.description ?? "", code.validTo?.description ?? ""]
            }
            if hasSuccessors { cells.append(code.successor ?? "") }
            table.add(cells + [code.label.said])
        }
        output.table(table, indent: 0)
        return .done
    }
}
