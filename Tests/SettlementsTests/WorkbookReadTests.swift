import Foundation
import Records
import Settlements
import Testing

/// The workbook opens in the office program of the finance bureau, and shows the same figures.
struct WorkbookReadTests {
    /// The rows of a sheet as LibreOffice reads them.
    private func rows(of statement: Statement, sheet: String) throws -> [[String]] {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "workbook-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try statement.writeWorkbook(to: folder.appending(path: "book.xlsx").path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/soffice")
        // Every sheet, in UTF-8, with numbers as they are and not as they are shown.
        process.arguments = [
            "--headless", "--norestore", "-env:UserInstallation=file://\(folder.path)/office",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1",
            "--outdir", folder.path, folder.appending(path: "book.xlsx").path,
        ]
        process.environment = [
            "HOME": folder.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
        ]
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(!String(decoding: complaints, as: UTF8.self).lowercased().contains("error"))
        let table = try String(
            contentsOf: folder.appending(path: "book-\(sheet).csv"), encoding: .utf8)
        return table.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: ["\""]) }
        }
    }

    /// Yuan as a spreadsheet writes a number: no zeros at the end.
    private func shown(_ money: Money) -> String {
        var text = money.yuan
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    @Test func `totals, shares and the tie-out are those of the statement`() throws {
        var sample = SampleFunding.couples(7)
        sample.accept([.sample("self", isFree: false)])
        let text = SampleFunding.text(
            localPrice: 26_001, shares: "{ central: 1/17, city: 3/11 }",
            years: SampleFunding.years((2012, "forecast: 9"), (2013, "forecast: 2")))
        let statement = try SampleFunding.closing(sample, text).statement
        let rows = try rows(of: statement, sheet: "结算表")
        func row(_ code: String) throws -> [String] {
            try #require(rows.first { $0.first == code }, "\(code)")
        }
        let total = try row("paid.total")
        #expect(total[3] == "7" && total[5] == shown(statement.totalFen))
        #expect(try row("大写")[1] == "人民币\(statement.totalFen.capitals)")
        #expect(statement.payers.count == 3)
        for line in statement.payers {
            let found = try row("total.\(line.payer)")
            #expect(found[2] == line.share)
            #expect(
                Array(found[3...5])
                    == [line.dueFen, line.excessFen, line.totalFen].map(shown))
            if let ahead = line.prepayment {
                #expect(found[7] == shown(ahead.paidFen) && found[9] == shown(ahead.carryOutFen))
            }
        }
        #expect(try row("unpaid.selfPaid")[2] == "1")
        let books = try self.rows(of: statement, sheet: "核对")
        #expect(books.count == statement.balance.count + 1)
        for (line, found) in zip(statement.balance, books.dropFirst()) {
            #expect(found[0] == line.institution ?? "未知")
            for (title, count) in [("收到", line.taken), ("已接收", line.accepted)] {
                let column = try #require(books[0].firstIndex(of: title))
                #expect(Int(found[column]) == count, "\(title)")
            }
        }
    }
}
