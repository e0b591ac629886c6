import Foundation
import LibZip
import Testing

/// Containers are read back by Python, and what Python writes is read or refused here.
@Suite struct ZipArchiveTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("shangbao-zip-\(UUID().uuidString)")

    private func python(_ script: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let path = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: path)
        return path.path
    }

    @Test func `The first file is stored at its fixed place, and the bytes are the same twice`()
        throws
    {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let kind = try write("kind", "application/vnd.etsi.asic-e+zip")
        let text = try write("text", String(repeating: "abc", count: 100_000))
        for name in ["one.zip", "two.zip"] {
            let writer = try ZipWriter(path: folder.appendingPathComponent(name).path)
            try writer.add("mimetype", file: kind, isStored: true)
            try writer.add("ledger/leaves.jsonl", file: text)
            try writer.close()
        }
        let one = try Data(contentsOf: folder.appendingPathComponent("one.zip"))
        #expect(try one == Data(contentsOf: folder.appendingPathComponent("two.zip")))
        // ETSI EN 319 162-1, A.1: readable at byte 38 without unpacking anything.
        #expect(one[30..<69] == Data("mimetypeapplication/vnd.etsi.asic-e+zip".utf8))
        #expect(one.count < 10_000)
        let read = try python(
            "import zipfile; z = zipfile.ZipFile('one.zip'); print(z.testzip(), z.namelist(), "
                + "len(z.read('ledger/leaves.jsonl')))")
        #expect(read == "None ['mimetype', 'ledger/leaves.jsonl'] 300000\n")
        let reader = try ZipReader(path: folder.appendingPathComponent("one.zip").path)
        #expect(reader.names == ["mimetype", "ledger/leaves.jsonl"])
        #expect(try reader.bytes(of: "mimetype", limit: 100)?.count == 31)
        #expect(try reader.bytes(of: "other", limit: 100) == nil)
        #expect(throws: ZipFailure.refused) {
            try reader.bytes(of: "ledger/leaves.jsonl", limit: 299_999)
        }
    }

    @Test(arguments: [
        ("'../out'", ZipFailure.refused), ("'/out'", .refused), ("'a/../b'", .refused),
        ("'a\\\\b'", .refused), ("'a', 'a'", .refused), ("'.hidden'", .refused),
    ])
    func `A name that leads elsewhere or stands twice is refused`(
        names: String, failure: ZipFailure
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try python(
            """
            import warnings, zipfile
            warnings.simplefilter('ignore')
            with zipfile.ZipFile('bad.zip', 'w') as z:
                for name in [\(names)]: z.writestr(zipfile.ZipInfo(name), 'x')
            """)
        let path = folder.appendingPathComponent("bad.zip").path
        let inside = folder.appendingPathComponent("inside").path
        #expect(throws: ZipFailure.self) {
            try ZipReader(path: path).extract(to: inside, limit: 1000)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/out"))
    }

    @Test func `A damaged container and one that is too large are refused`() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = try write("text", String(repeating: "abcdefgh", count: 10_000))
        let path = folder.appendingPathComponent("one.zip").path
        let writer = try ZipWriter(path: path)
        try writer.add("text", file: text, isStored: true)
        try writer.close()
        #expect(throws: ZipFailure.refused) {
            try ZipReader(path: path).extract(
                to: folder.appendingPathComponent("a").path, limit: 79_999)
        }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[5000] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: ZipFailure.malformed) {
            try ZipReader(path: path).extract(
                to: folder.appendingPathComponent("b").path, limit: 100_000)
        }
        _ = try write("not.zip", "this is none")
        #expect(throws: ZipFailure.malformed) {
            try ZipReader(path: folder.appendingPathComponent("not.zip").path)
        }
    }
}
