import ArgumentParser
import Foundation
import LibCrypto
import LibPDF
import LibXlsx
import Records
import Settlements

/// Writes a pack's statement as a workbook, or as pages, for the finance bureau.
struct StatementCommand: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "statement",
            abstract: said(
                "结算表：由证据包写成财政用的工作簿或 PDF。", "A pack's statement as a workbook or on paper."),
            discussion: said(
                "先核对清单和签名，再由 settlement.json 写出；同一份证据包总是写出同样的字节；表中没有个人信息。",
                "Checks the pack's manifest and signatures, then writes its settlement.json: the same "
                    + "pack always gives the same bytes. No personal data is in it."))
    }

    @Argument(help: ArgumentHelp(said("证据包目录。", "The pack's folder.")))
    var pack: String

    @Option(
        help: ArgumentHelp(
            said("写到哪里（.xlsx 或 .pdf）。", "Where it is written (.xlsx or .pdf)."), valueName: "path"))
    var out: String

    @OptionGroup var common: SharedOptions

    private struct Result: Encodable {
        let path: String
        let year: Int
        let isClosed: Bool
        let totalFen: Money
        let capitals: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let folder = Places.absolute(pack)
        guard let bytes = FileManager.default.contents(atPath: folder + "/settlement.json"),
            let statement = try? Statement(json: [UInt8](bytes))
        else { throw CommandFailure(.notPack, place: Places.shown(folder)) }
        // What finance signs is what the county signed.
        let check = try PackCheck(folder)
        if let wrong = check.checked.first(where: { !$0.holds }) {
            throw CommandFailure(.notPack, place: Places.shown(folder), detail: wrong.what)
        }
        let path = Places.absolute(out)
        let isPaper = path.lowercased().hasSuffix(".pdf")
        guard isPaper || path.lowercased().hasSuffix(".xlsx") else {
            throw CommandFailure(.usage, place: out, detail: ".xlsx, .pdf")
        }
        let shown = Places.shown(path)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.exists, place: shown)
        }
        // Whole or not at all: it has its name once it is written.
        let part = path + ".part"
        try? FileManager.default.removeItem(atPath: part)
        do {
            if isPaper {
                let digest = Hex.encode(Hash.sha256.digest([UInt8](bytes)))
                try statement.writePDF(to: part, digest: digest)
            } else {
                try statement.writeWorkbook(to: part)
            }
            try FileManager.default.moveItem(atPath: part, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: part)
            if case PDFFailure.noFont = error { throw CommandFailure(.noFont, place: shown) }
            throw CommandFailure(.unwritable, place: shown)
        }
        try output.give(
            Result(
                path: path, year: statement.year, isClosed: statement.isClosed,
                totalFen: statement.totalFen, capitals: statement.totalFen.capitals))
        output.line(
            "✓ \(shown)：\(statement.totalFen.yuan) 元（\(statement.totalFen.capitals)）",
            "✓ \(shown): \(statement.totalFen.yuan) yuan (\(statement.totalFen.capitals))")
        return .done
    }
}
