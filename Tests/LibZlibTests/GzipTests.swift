import Foundation
import LibZlib
import Testing

struct GzipTests {
    /// Bytes that repeat with a long period, so that there is something to pack and to get wrong.
    static func sample(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 1_000_000])
    func `What is packed comes back`(count: Int) throws {
        let bytes = Self.sample(count)
        #expect(try Gzip.decompress(Gzip.compress(bytes), limit: count) == bytes)
    }

    @Test func `The header holds no time, so the same bytes give the same bytes`() throws {
        let packed = try Gzip.compress(Self.sample(1_000))
        #expect(Array(packed[0..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(try Gzip.compress(Self.sample(1_000)) == packed)
    }

    @Test func `One compressor packs many and leaves nothing of one in the next`() throws {
        let compressor = GzipCompressor()
        for count in [5_000, 10, 0, 70_000, 10] {
            let bytes = Self.sample(count)
            let packed = try bytes.withUnsafeBytes { try compressor.compress($0) }
            #expect(try packed == Gzip.compress(bytes))
        }
    }

    @Test func `A bomb stops at the limit`() throws {
        let bomb = try Gzip.compress([UInt8](repeating: 0, count: 20_000_000))
        #expect(bomb.count < 200_000)
        #expect(throws: GzipFailure.tooLarge) { try Gzip.decompress(bomb, limit: 1_000_000) }
        #expect(throws: GzipFailure.tooLarge) { try Gzip.decompress(bomb, limit: 19_999_999) }
        #expect(try Gzip.decompress(bomb, limit: 20_000_000).count == 20_000_000)
    }

    @Test func `Every shortened file is refused`() throws {
        let packed = try Gzip.compress(Self.sample(300))
        for count in 0..<packed.count {
            #expect(throws: GzipFailure.truncated) {
                try Gzip.decompress(Array(packed.prefix(count)), limit: 300)
            }
        }
    }

    @Test func `A wrong checksum, a wrong header and a second member are refused`() throws {
        let packed = try Gzip.compress(Self.sample(300))
        var damaged = packed
        damaged[packed.count - 6] ^= 1
        #expect(throws: GzipFailure.corrupt) { try Gzip.decompress(damaged, limit: 300) }
        #expect(throws: GzipFailure.corrupt) {
            try Gzip.decompress(Array("no gzip at all".utf8), limit: 300)
        }
        #expect(throws: GzipFailure.trailingBytes) {
            try Gzip.decompress(packed + packed, limit: 600)
        }
    }

    @Test func `The gzip command reads it`() throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).gz")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(Gzip.compress(Array("上报\n".utf8))).write(to: file)
        let gzip = Process()
        let output = Pipe()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-dc", file.path]
        gzip.standardOutput = output
        try gzip.run()
        let read = output.fileHandleForReading.readDataToEndOfFile()
        gzip.waitUntilExit()
        #expect(gzip.terminationStatus == 0)
        #expect(String(decoding: read, as: UTF8.self) == "上报\n")
    }
}
