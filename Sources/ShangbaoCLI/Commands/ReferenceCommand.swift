import ArgumentParser
import Flow
import Foundation
import Programmes
import Records

/// Writes the pages of `docs/reference` from the code and the definitions.
struct ReferenceCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "reference", abstract: said("由程序生成参考文档。", "Write the reference pages."))
    }

    @Option(help: ArgumentHelp(said("写到哪个目录。", "The folder to write to.")))
    var out = "docs/reference"

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let catalogue = try Catalogue(root: try Places.mappings(mappings))
        let folder = Places.absolute(out)
        var written: [String] = []
        for page in ReferencePages(catalogue).all {
            let path = folder + "/" + page.name
            let isSame = FileManager.default.contents(atPath: path) == Data(page.text.utf8)
            if !isSame { try Places.write(page.text, to: path) }
            written.append(page.name)
            output.line("\(isSame ? "·" : "✓") \(Places.shown(path))")
        }
        try output.give(["folder": folder, "pages": written.joined(separator: " ")])
        return .done
    }
}
