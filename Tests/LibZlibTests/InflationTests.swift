import LibZlib
import Testing

struct InflationTests {
    /// Raw deflate is what a gzip member has between its header and its trailer.
    private static func deflated(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try Gzip.compress(bytes).dropFirst(10).dropLast(8))
    }

    /// Unpacks, `taken` packed bytes and `room` bytes at a time.
    private static func inflated(
        _ packed: [UInt8], taken: Int, room: Int
    ) throws -> (bytes: [UInt8], isFinished: Bool, left: Int) {
        let inflation = try Inflation()
        var (output, used) = ([UInt8](), 0)
        var block = [UInt8](repeating: 0, count: room)
        while true {
            let given = Array(packed[used..<min(packed.count, used + taken)])
            let step = try given.withUnsafeBytes { input in
                try block.withUnsafeMutableBytes { try inflation.step(from: input, into: $0) }
            }
            used += step.consumed
            output += block[..<step.written]
            if step.isFinished || (step.consumed == 0 && step.written == 0) {
                return (output, step.isFinished, packed.count - used)
            }
        }
    }

    @Test(arguments: [(1, 1), (3, 1000), (100_000, 7), (100_000, 100_000)])
    func `what was packed comes out, however it is cut`(taken: Int, room: Int) throws {
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
        let packed = try Self.deflated(bytes)
        let result = try Self.inflated(packed + [1, 2, 3], taken: taken, room: room)
        #expect(result.bytes == bytes && result.isFinished)
        #expect(result.left == 3)
    }

    @Test func `no more comes out than there is room for`() throws {
        let packed = try Self.deflated([UInt8](repeating: 0, count: 10_000_000))
        #expect(packed.count < 100_000)
        let inflation = try Inflation()
        var room = [UInt8](repeating: 1, count: 4096)
        let step = try packed.withUnsafeBytes { input in
            try room.withUnsafeMutableBytes { try inflation.step(from: input, into: $0) }
        }
        #expect(step.written == 4096 && !step.isFinished)
    }

    @Test func `a cut stream does not end, and a broken one is refused`() throws {
        let packed = try Self.deflated((0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) })
        let cut = try Self.inflated(Array(packed.dropLast(4)), taken: 100_000, room: 9000)
        #expect(!cut.isFinished)
        #expect(throws: GzipFailure.corrupt) {
            try Self.inflated([0xFF, 0xFF, 0xFF, 0xFF], taken: 10, room: 10)
        }
    }

    @Test func `the checksum is that of ISO 3309`() {
        var checksum = CRC32()
        for part in ["1234", "", "56789"] {
            Array(part.utf8).withUnsafeBytes { checksum.update($0) }
        }
        #expect(checksum.value == 0xCBF4_3926)
        #expect(CRC32().value == 0)
    }
}
