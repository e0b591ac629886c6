import Definitions
import Flow
import Foundation
import Testing

/// Every file of money is read before it is needed, whether a programme names it or not.
struct FundingFilesTests {
    private static let mappings =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../../mappings"

    @Test func `all that ship can be read`() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: FundingFilesTests.mappings + "/funding")
        let found = fundingProblems(below: FundingFilesTests.mappings)
        #expect(found.problems.isEmpty, "\(found.problems)")
        #expect(found.checked == names.count { $0.hasSuffix(".yaml") } && found.checked >= 4)
    }

    @Test func `a wrong one is named, and the others are read`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/funding-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: FundingFilesTests.mappings, toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let right = folder + "/funding/anhui-2012.yaml"
        let text = try String(contentsOfFile: right, encoding: .utf8)
        try text.replacing("rest: true", with: "rest: false").write(
            toFile: right, atomically: true, encoding: .utf8)
        try text.write(
            toFile: folder + "/funding/other.yaml", atomically: true, encoding: .utf8)
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: folder + "/funding/torn.yaml"))
        let found = fundingProblems(below: folder)
        #expect(
            found.problems.map(\.file) == [
                "funding/anhui-2012.yaml", "funding/other.yaml", "funding/torn.yaml",
            ])
        #expect(found.checked >= 3)
    }
}
