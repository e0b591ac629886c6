import ArgumentParser
import Definitions
import Flow
import Foundation
import Mappings
import Programmes
import Records

/// Words that no list knows: they wait for a decision and are never dropped.
struct CodesUnmapped: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "unmapped",
            abstract: said("对照表不认得的写法，等人决定。", "Words that no list knows, held for a decision."),
            discussion: said(
                "来自待更正的行（密封保存，用密钥环打开），或来自 --file。只看代码、是否和区划列，"
                    + "不看姓名、号码和文字。加词之后，同一文件再收一次，这些行就继续。",
                "From quarantined rows, which are sealed and opened with the key ring, or from --file. "
                    + "Only columns of codes, flags and divisions are shown: no names, numbers or free "
                    + "text. Once the word is added, take the same file again and the rows go on."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称（默认全部）。", "A source or mapping; all if absent.")))
    var source: String?

    @Option(help: ArgumentHelp(said("看这个文件，不看数据库。", "Look at this file, not at the database.")))
    var file: String?

    @Option(help: ArgumentHelp(said("--file 用哪份映射。", "The mapping for --file.")))
    var mapping: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            said("列 写法 代码：给出要加的那一行。", "COLUMN WORD CODE: print the line to add."),
            valueName: "column word code"))
    var decide: [String] = []

    @Option(help: ArgumentHelp(said("映射目录（默认按站点）。", "The folder mappings; the site's if absent.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    private struct Line: Encodable {
        let column: String
        let field: String
        let table: String?
        let word: String
        let isMasked: Bool
        let rows: Int
    }

    private struct Result: Encodable {
        let rows: Int
        let words: [Line]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        if !decide.isEmpty { return try decide(output) }
        let found = try await words()
        let lines = found.counts.map { word, rows in
            Line(
                column: word.column, field: word.field, table: word.table, word: word.word,
                isMasked: word.isMasked, rows: rows)
        }.sorted {
            ($1.rows, $0.column, $0.word) < ($0.rows, $1.column, $1.word)
        }
        try output.give(Result(rows: found.rows, words: lines))
        guard !lines.isEmpty else {
            output.line("✓ 没有不认得的写法", "✓ no word that the lists do not know")
            return .done
        }
        output.line(
            "\(Figure.grouped(found.rows)) 行等人决定：",
            "\(Figure.grouped(found.rows)) rows wait for a decision:")
        var table = Columns([
            (said("列", "column"), .left), (said("写法", "word"), .left),
            (said("行数", "rows"), .right), (said("对照表", "table"), .left),
        ])
        for line in lines {
            table.add([
                line.column, line.word, Figure.grouped(line.rows), line.table ?? line.field,
            ])
        }
        output.table(table)
        if lines.contains(where: \.isMasked) {
            output.line(
                "…n… 不像词，像号码或句子：请机构核对那一列。",
                "…n… looks like a number or a sentence: ask the clinic about the column.")
        }
        output.line(
            "下一步：shangbao codes unmapped --decide 列 写法 代码",
            "Next: shangbao codes unmapped --decide COLUMN WORD CODE")
        return .toCorrect
    }

    private func words() async throws -> UnmappedWords {
        if let file {
            let known = try common.openMapping(mapping ?? source ?? "", mappings).file
            return try UnmappedWords(inFileAt: Places.absolute(file), by: known)
        }
        let site = try common.openSite()
        let name = try source.map { try site.mapping(for: $0) }
        let keyring = try await common.openKeyring(of: site)
        return try await site.withView { view in
            var all = UnmappedWords.none
            for part in site.programmes {
                all.add(
                    try await site.unmappedWords(
                        of: part, source: name?.source, in: view,
                        try site.preparationKit(keyring, for: part)))
            }
            return all
        }
    }

    private struct Decision: Encodable {
        let file: String
        let line: String
        let isKnown: Bool
    }

    /// Says which line to add to which table; nothing is edited.
    private func decide(_ output: Output) throws -> ExitStatus {
        guard decide.count == 3 else {
            throw CommandFailure(
                .usage, detail: said("--decide 列 写法 代码", "--decide COLUMN WORD CODE"))
        }
        let (column, word, code) = (decide[0], decide[1], decide[2])
        let (programme, rule) = try rule(of: column)
        let element = programme.dictionary.elements[rule.ordinal]
        if case .division(let list) = element.kind {
            // A division is a code of the nation's list: no word stands for one.
            throw CommandFailure(
                .usage, place: column,
                detail: "\(element.name): " + programme.file(ofTable: "codes/" + list.name))
        }
        let codes = element.kind.codes
        guard codes.contains(code) else {
            let shown = codes.prefix(30).joined(separator: " ") + (codes.count > 30 ? " …" : "")
            throw CommandFailure(.usage, place: code, detail: "\(element.name): \(shown)")
        }
        let table = rule.words?.name
        let file = programme.file(ofTable: table ?? "words/" + element.wireName)
        let line = CSVCell.text(word) + "," + CSVCell.text(code)
        let known = rule.words?.code(of: word)
        try output.give(Decision(file: file, line: line, isKnown: known != nil))
        if let known {
            output.line(
                "\(file) 已有这个词：\(word) → \(known)", "\(file) has it: \(word) → \(known)")
            return known == code ? .done : .usage
        }
        output.line(
            table == nil
                ? "新建 mappings/\(file)，首行 word,code，并加一行："
                : "在 mappings/\(file) 加一行：",
            table == nil
                ? "Make mappings/\(file) with the head word,code and this line:"
                : "Add this line to mappings/\(file):")
        output.line("  " + line)
        if table == nil {
            output.paragraph(
                said(
                    "并在映射中给这一列写上 lookUp: words/\(element.wireName)。",
                    "and give the column lookUp: words/\(element.wireName) in the mapping."))
        }
        output.paragraph(
            said(
                "然后 shangbao lint；正式站点重新审批映射；同一文件再 shangbao take 一次，留下的行就继续。",
                "Then shangbao lint; in production have the mapping approved anew; shangbao take the same "
                    + "file again, and the rows that it kept go on."))
        return .done
    }

    /// The rule that reads a column: of the mapping named, else of the first mapping that has it.
    private func rule(of column: String) throws -> (Programme, FieldRule) {
        var searched: [(programme: Programme, file: MappingFile)] = []
        if let name = mapping ?? source {
            searched = [try common.openMapping(name, mappings)]
        } else {
            searched = try common.openCatalogue(mappings).programmes.flatMap { programme in
                programme.mappings.map { (programme, $0) }
            }
        }
        for (programme, file) in searched {
            if let rule = file.mapping.rules.first(where: { $0.column == column }),
                programme.dictionary.elements[rule.ordinal].kind.holdsWords
            {
                return (programme, rule)
            }
        }
        throw CommandFailure(
            .usage, place: column,
            detail: said("没有映射按代码读这一列", "no mapping reads this column as codes"))
    }
}

extension ElementKind {
    /// The codes that a word may mean.
    fileprivate var codes: [String] {
        switch self {
        case .code(let list), .set(let list): list.codes.map(\.code)
        case .flag: ["true", "false"]
        default: []
        }
    }
}
