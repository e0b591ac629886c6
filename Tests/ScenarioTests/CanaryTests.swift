import Foundation
import Testing

/// After the whole way, nobody's name, number, phone or address lies anywhere in the clear.
@Suite(.serialized) struct CanaryTests {
    private static let sample =
        Program.repository + "/samples/preconception-2012/county-hospital-2012.csv"

    /// Personal texts of the sample, as UTF-8 and as GB18030 bytes.
    private static func canaries() throws -> [(text: String, bytes: [Data])] {
        let iconv = try Program.execute(["iconv", "-f", "GB18030", "-t", "UTF-8", sample])
        let lines = iconv.output.split(separator: "\r\n").map(String.init)
        let header = try #require(lines.first).split(
            separator: ",", omittingEmptySubsequences: false)
        let wanted = header.indices.filter { index in
            ["姓名", "身份证号", "手机", "村", "乡"].contains { header[index].contains($0) }
        }
        var texts = Set<String>()
        for line in lines.dropFirst() where !line.contains("\"") {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            for index in wanted where index < cells.count {
                let text = cells[index].trimmingCharacters(in: .whitespaces)
                // Two characters of a name may stand anywhere by chance; longer ones do not.
                if text.utf8.count >= 9 || (text.utf8.count >= 7 && text.allSatisfy(\.isNumber)) {
                    texts.insert(text)
                }
            }
        }
        return texts.sorted().map { ($0, [Data($0.utf8)]) }
    }

    private static func files(below folder: String) -> [String] {
        let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return all.map { folder + "/" + $0 }.filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    @Test func `No personal value of the sample lies in the site or on the screen`() throws {
        let canaries = try Self.canaries()
        #expect(canaries.count > 500)
        try Program.inNewFolder { folder in
            let site = folder + "/site"
            let demo = try Program.run(["demo", "--site", site])
            #expect(demo.status == 0, "\(demo.errors)")
            let screen = Data((demo.output + demo.errors).utf8)
            let files = Self.files(below: site)
            #expect(files.contains { $0.hasSuffix("shangbao.db") })
            for canary in canaries {
                #expect(
                    screen.range(of: canary.bytes[0]) == nil, "a personal value on the screen")
            }
            for file in files where !file.hasSuffix(".csv") || !file.contains("/in/") {
                let content = try Data(contentsOf: URL(fileURLWithPath: file))
                for canary in canaries where content.range(of: canary.bytes[0]) != nil {
                    Issue.record("a personal value of the sample lies in \(file)")
                    break
                }
            }
        }
    }
}
