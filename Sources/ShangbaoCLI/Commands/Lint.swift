import ArgumentParser
import Definitions
import Flow
import Foundation
import Programmes
import Records
import Schedules

/// Checks everything under `mappings/`, and the site's own file.
struct Lint: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said(
                "检查映射目录与站点配置，逐条指出行列。", "Check mappings and site; say file, line, column."))
    }

    @Flag(help: ArgumentHelp(said("重新生成由数据元目录产生的文件。", "Make the generated files anew.")))
    var write = false

    @Option(help: ArgumentHelp(said("映射目录（默认按站点）。", "The folder mappings; the site's if absent.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        struct Problem: Encodable {
            let file: String
            let line: Int
            let column: Int
            let problem: String
        }

        let checked: Int
        let problems: [Problem]
        let written: [String]
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        var problems: [DefinitionError] = []
        let root = try root(&problems)
        let written = write ? try writeGenerated(root) : []
        let lint = CatalogueLint.run(root: root)
        problems += lint.problems
        do throws(DefinitionError) {
            _ = try HolidayCalendar(folder: root + "/calendars")
        } catch {
            problems.append(error)
        }
        if DifferenceFile.isThere(below: root) {
            do throws(DefinitionError) {
                _ = try DifferenceFile.read(below: root)
            } catch {
                problems.append(error)
            }
        }
        if ReasonFile.isThere(below: root) {
            do throws(DefinitionError) {
                _ = try ReasonFile(below: root)
            } catch {
                problems.append(error)
            }
        }
        let funding = fundingProblems(below: root)
        problems += funding.problems
        let checked = lint.checked + funding.checked
        if problems.isEmpty { problems += siteProblems() }
        try output.give(
            Result(
                checked: checked,
                problems: problems.map {
                    .init(file: $0.file, line: $0.line, column: $0.column, problem: $0.problem.said)
                }, written: written))
        for path in written { output.line("✓ \(path)") }
        for problem in problems {
            output.paragraph("✗ \(problem.place ?? problem.file)")
            output.paragraph(problem.problem.said, indent: 2)
        }
        output.line()
        if problems.isEmpty {
            output.line("✓ \(checked) 个文件，没有问题", "✓ \(checked) files, no problem")
            return .done
        }
        output.line(
            "\(problems.count) 处要改，\(checked) 个文件无误",
            "\(problems.count) to mend, \(checked) files without a problem")
        return .configuration
    }

    /// The folder to check; a site's file that cannot be read is a problem like others.
    private func root(_ problems: inout [DefinitionError]) throws -> String {
        let folder = common.siteFolder
        guard FileManager.default.fileExists(atPath: folder + "/" + Configuration.fileName) else {
            return try Places.mappings(mappings)
        }
        do {
            let configuration = try Configuration(folder: folder)
            return try mappings.map { try Places.mappings($0) } ?? configuration.mappings
        } catch let error as DefinitionError {
            problems.append(error)
            return try Places.mappings(mappings)
        }
    }

    /// What the site's file names and the mappings do not have.
    private func siteProblems() -> [DefinitionError] {
        let folder = common.siteFolder
        guard mappings == nil,
            FileManager.default.fileExists(atPath: folder + "/" + Configuration.fileName)
        else { return [] }
        do {
            return try Site(folder: folder, clock: systemClock).calendarProblems()
        } catch {
            return [error as? DefinitionError].compactMap { $0 }
        }
    }

    private func writeGenerated(_ root: String) throws -> [String] {
        var written: [String] = []
        for programme in try Catalogue(root: root).programmes {
            for profile in programme.profiles {
                for (path, text) in GeneratedFiles.all(of: programme, for: profile) {
                    let whole = profile.folder + "/" + path
                    guard FileManager.default.contents(atPath: whole) != Data(text.utf8) else {
                        continue
                    }
                    try Places.write(text, to: whole)
                    written.append(Places.shown(whole))
                }
            }
        }
        return written
    }
}
