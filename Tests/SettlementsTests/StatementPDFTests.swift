import Foundation
import LibPDF
import Settlements
import Testing

/// The paper says what the other forms say.
struct StatementPDFTests {
    private func text(_ statement: Statement) throws -> String {
        let path = NSTemporaryDirectory() + "statement-\(UUID().uuidString).pdf"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try statement.writePDF(to: path, digest: "5e1d")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/pdftotext")
        process.arguments = ["-layout", path, "-"]
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `totals, shares, capitals and the tie-out stand on it`() throws {
        var sample = SampleFunding.couples(3)
        sample.accept([.sample("self", isFree: false)])
        let statement = try SampleFunding.closing(
            sample, SampleFunding.text(localPrice: 26_000)
        ).statement
        let text = try text(statement)
        for part in [
            "paid.couple", "720.00", "柒佰贰拾元整", "total.central", "4/5", "576.00", "60.00",
            "unpaid.selfPaid", "自费检查", SampleBook.clinic, "2012-03", "编制人", "第 1 页，共",
            "settlement.json SHA-256 5e1d", "E-COUNTS-MISSING",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
    }

    @Test func `a draft without shares says so`() throws {
        let statement = try SampleFunding.closing(
            SampleFunding.couples(1), SampleFunding.text(shares: nil)
        ).statement
        let text = try text(statement)
        #expect(text.contains("草案，尚未关账") && text.contains("参数未设，未分担"))
        #expect(text.contains("E-SHARES-UNSET"))
    }
}
