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
                "结算表：由证据包写成工作簿、PDF 或网页。", "A pack's statement as workbook, paper or page."),
            discussion: said(
                "先核对清单和签名，再由 settlement.json 写出；同一份证据包总是写出同样的字节；表中没有个人信息。",
                "Checks the pack's manifest and signatures, then writes its settlement.json: the same "
                    + "pack always gives the same bytes. No personal data is in it."))
    }

    @Argument(help: ArgumentHelp(said("证据包。", "The pack.")))
    var pack: String

    @Option(
        help: ArgumentHelp(
            said("写到哪里（.xlsx、.pdf 或 .html）。", "Where it is written: .xlsx, .pdf or .html."),
            valueName: "path"))
    var out: String

    @OptionGroup var common: SharedOptions

    private enum Form: String, CaseIterable {
        case xlsx, pdf, html
    }

    private struct Result: Encodable {
        let path: String
        let year: Int
        let isClosed: Bool
        let totalFen: Money
        let capitals: String
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let place = Places.absolute(pack)
        let reader = try PackReader(place)
        let bytes = try reader.file("settlement.json")
        guard let statement = try? Statement(json: bytes) else {
            throw CommandFailure(.notPack, place: Places.shown(place))
        }
        // What finance signs is what the county signed.
        let check = try reader.unpacked { PackCheck($0) }
        if let wrong = check.checked.first(where: { !$0.holds }) {
            throw CommandFailure(.notPack, place: Places.shown(place), detail: wrong.what)
        }
        let path = Places.absolute(out)
        let name = path.lowercased()
        guard let form = Form.allCases.first(where: { name.hasSuffix("." + $0.rawValue) }) else {
            throw CommandFailure(.usage, place: out, detail: ".xlsx, .pdf, .html")
        }
        let shown = Places.shown(path)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.exists, place: shown)
        }
        // Whole or not at all: it has its name once it is written.
        let part = path + ".part"
        try? FileManager.default.removeItem(atPath: part)
        do {
            switch form {
            case .pdf:
                let digest = Hex.encode(Hash.sha256.digest(bytes))
                let head = try reader.file("ledger/tree-head.txt")
                let anchor = PackAnchor(head: String(decoding: head, as: UTF8.self))
                try statement.writePDF(to: part, digest: digest, anchor: anchor.line)
            case .xlsx: try statement.writeWorkbook(to: part)
            case .html:
                try Data(statement.html()).write(to: URL(fileURLWithPath: part))
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
