import ArgumentParser
import Flow
import Foundation
import Mappings
import Programmes
import Records

/// Runs the examples inside mappings, and the whole files beside them.
struct MappingTest: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "test",
            abstract: said("试跑映射里的样例和 tests/ 里的整份文件。", "Run a mapping's examples and whole files."),
            discussion: said(
                "整份文件放在 项目/tests/映射/样例/，应得的字段值在 expected.csv，问题代码在 findings.csv。",
                "Whole files lie in PROGRAMME/tests/MAPPING/CASE/, with the fields' text in expected.csv "
                    + "and the codes of findings in findings.csv."))
    }

    @Argument(help: ArgumentHelp(said("来源或映射的名称（默认全部）。", "A source or mapping; all if absent.")))
    var name: String?

    @Flag(
        help: ArgumentHelp(
            said(
                "按现在的结果重写 expected.csv 等，自己核对。",
                "Write what comes out as expected; check it yourself.")))
    var record = false

    @Option(help: ArgumentHelp(said("映射目录（默认按站点）。", "The folder mappings; the site's if absent.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        struct Example: Encodable {
            let example: Int
            let field: String
            let expected: String
            let found: String
        }
        struct Case: Encodable {
            let name: String
            let misses: [MappingCase.Miss]
            let recorded: [String]
        }

        let mapping: String
        let examples: Int
        let misses: [Example]
        let cases: [Case]

        var isRight: Bool { misses.isEmpty && cases.allSatisfy(\.misses.isEmpty) }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        var results: [Result] = []
        for (programme, file) in try chosen() {
            let misses = try MappingTrial.misses(of: file.mapping).map {
                Result.Example(
                    example: $0.example, field: $0.field, expected: $0.expected, found: $0.found)
            }
            var cases: [Result.Case] = []
            for one in MappingCase.all(of: file, in: programme) { cases.append(try run(one)) }
            results.append(
                Result(
                    mapping: file.path, examples: file.mapping.examples.count, misses: misses,
                    cases: cases))
        }
        try output.give(results)
        for result in results { show(result, output) }
        return results.allSatisfy(\.isRight) ? .done : .configuration
    }

    private func chosen() throws -> [(Programme, MappingFile)] {
        if let name {
            let found = try common.openMapping(name, mappings)
            return [(found.programme, found.file)]
        }
        return try common.openCatalogue(mappings).programmes.flatMap { programme in
            programme.mappings.map { (programme, $0) }
        }
    }

    private func run(_ one: MappingCase) throws -> Result.Case {
        guard record else {
            return Result.Case(name: one.name, misses: try one.misses(), recorded: [])
        }
        var written: [String] = []
        for (path, text) in try one.recorded()
        where FileManager.default.contents(atPath: path) != Data(text.utf8) {
            try Places.write(text, to: path)
            written.append(Places.shown(path))
        }
        return Result.Case(name: one.name, misses: [], recorded: written)
    }

    private func show(_ result: Result, _ output: Output) {
        for path in result.cases.flatMap(\.recorded) {
            output.line("✎ 已重写，请核对：\(path)", "✎ written anew, check it: \(path)")
        }
        guard !result.isRight else {
            return output.line(
                "✓ \(result.mapping)：\(result.examples) 个样例、\(result.cases.count) 份文件全部相符",
                "✓ \(result.mapping): all \(result.examples) examples and \(result.cases.count) files "
                    + "come out right")
        }
        output.line("✗ \(result.mapping)")
        if !result.misses.isEmpty {
            var table = Columns([
                (said("样例", "example"), .right), (said("字段", "field"), .left),
                (said("应为", "expected"), .left), (said("得到", "found"), .left),
            ])
            for miss in result.misses {
                table.add(["\(miss.example)", miss.field, miss.expected, miss.found])
            }
            output.table(table)
        }
        for one in result.cases where !one.misses.isEmpty {
            output.line("  \(one.name)")
            var table = Columns([
                (said("文件", "file"), .left), (said("行", "row"), .right),
                (said("字段", "field"), .left), (said("应为", "expected"), .left),
                (said("得到", "found"), .left),
            ])
            for miss in one.misses.prefix(50) {
                table.add([miss.input, "\(miss.row)", miss.field, miss.expected, miss.found])
            }
            output.table(table)
            if one.misses.count > 50 { output.line("  … +\(one.misses.count - 50)") }
        }
    }
}
