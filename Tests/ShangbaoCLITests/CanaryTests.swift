import Foundation
import Testing

/// After the whole way, nobody's name, number, phone or address lies anywhere in the clear.
struct CanaryTests {
    private static let sample =
        Program.root + "/samples/preconception-2012/county-hospital-2012.csv"

    /// Personal texts of the sample, UTF-8.
    private static func canaries() throws -> [Data] {
        let iconv = Process()
        iconv.executableURL = URL(fileURLWithPath: "/usr/bin/iconv")
        iconv.arguments = ["-f", "GB18030", "-t", "UTF-8", sample]
        let pipe = Pipe()
        iconv.standardOutput = pipe
        try iconv.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        iconv.waitUntilExit()
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let header = try #require(lines.first).split(
            separator: ",", omittingEmptySubsequences: false)
        let wanted = header.indices.filter { index in
            ["姓名", "身份证号", "手机", "村", "乡"].contains { header[index].contains($0) }
        }
        #expect(wanted.count >= 8)
        var texts = Set<String>()
        for line in lines.dropFirst() where !line.contains("\"") {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            for index in wanted where index < cells.count {
                let text = cells[index].trimmingCharacters(in: .whitespaces)
                // Two characters may stand anywhere by chance; three and more do not.
                if text.utf8.count >= 9 { texts.insert(text) }
            }
        }
        return texts.sorted().map { Data($0.utf8) }
    }

    /// Every regular file below a folder.
    private static func files(below folder: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String }
        return (names ?? []).map { folder + "/" + $0 }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
    }

    /// Writes down what lies compressed in a site: members of archives and workbooks, also of those
    /// within others, streams of papers, and the database's blocks.
    private static func unfold(_ site: String, into folder: String) throws -> [String: Int] {
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = [
            "-c",
            """
            import io, json, os, re, sqlite3, sys, zipfile, zlib
            site, folder = sys.argv[1:]
            counts = {}
            def keep(kind, data):
                counts[kind] = counts.get(kind, 0) + 1
                open(f"{folder}/{kind}-{counts[kind]}", "wb").write(data)
            def inflate(kind, data):
                try:
                    keep(kind, zlib.decompressobj(47).decompress(data))
                except zlib.error:
                    pass
            def unfold(data):
                if zipfile.is_zipfile(io.BytesIO(data)):
                    archive = zipfile.ZipFile(io.BytesIO(data))
                    for name in archive.namelist():
                        keep("member", name.encode() + b"\\n" + archive.read(name))
                        unfold(archive.read(name))
                for stream in re.findall(rb"stream\\r?\\n(.*?)endstream", data, re.S):
                    inflate("stream", stream)
            files = [os.path.join(at, name) for at, _, names in os.walk(site) for name in names]
            os.makedirs(folder)
            for path in files:
                unfold(open(path, "rb").read())
            database = sqlite3.connect(f"file:{site}/data/shangbao.db?mode=ro", uri=True)
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        if isinstance(value, bytes):
                            inflate("block", value)
            print(json.dumps(counts))
            """, site, folder,
        ]
        let said = Pipe()
        python.standardInput = FileHandle.nullDevice
        python.standardOutput = said
        try python.run()
        let text = try said.fileHandleForReading.readToEnd() ?? Data()
        python.waitUntilExit()
        return try JSONDecoder().decode([String: Int].self, from: text)
    }

    @Test func `no personal value of the sample lies in the site or on the screen`() throws {
        let canaries = try Self.canaries()
        #expect(canaries.count > 500)
        let site = NSTemporaryDirectory() + "shangbao-canary-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: site) }
        let demo = try Program().run(["demo", "--site", site])
        #expect(demo.status == 0, "\(demo.err)")
        let screen = Data((demo.out + demo.err).utf8)
        #expect(canaries.allSatisfy { screen.range(of: $0) == nil })
        let unfolded = try Self.unfold(site, into: site + "/unfolded")
        #expect((unfolded["member"] ?? 0) > 20 && (unfolded["block"] ?? 0) > 0)
        #expect((unfolded["stream"] ?? 0) > 0)
        let block = try String(contentsOfFile: site + "/unfolded/block-1", encoding: .utf8)
        #expect(block.contains("<servingOrgName>"), "what a submission says in the clear is read")
        _ = try UnpackedPack(site + "/out/evidence_990101_2012_1.asice", in: site)
        let files = Self.files(below: site)
        #expect(files.contains { $0.hasSuffix("/data/shangbao.db") })
        #expect(files.contains { $0.hasSuffix("/ledger/leaves.jsonl") })
        #expect(files.contains { $0.hasSuffix("/settlement.html") })
        for file in files {
            let content = try Data(contentsOf: URL(fileURLWithPath: file))
            let found = canaries.contains { content.range(of: $0) != nil }
            #expect(!found, "a personal value lies in \(file.replacing(site, with: "SITE"))")
        }
    }
}
