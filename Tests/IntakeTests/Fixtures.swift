import Foundation
import Glibc
import Intake
import Records

/// A folder of its own for one test, gone with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("intake-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and answers its path.
    @discardableResult
    func write(_ bytes: [UInt8], as name: String = "case.csv") throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func names(in subfolder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(subfolder)").sorted()
    }

    func append(_ bytes: [UInt8], to file: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(bytes))
        try handle.close()
    }

    func setModified(_ name: String, secondsSince1970: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: secondsSince1970)],
            ofItemAtPath: "\(path)/\(name)")
    }
}

extension String {
    /// The text's bytes in an encoding, `nil` where it has no such character.
    func bytes(in encoding: TextEncoding) -> [UInt8]? {
        switch encoding {
        case .utf8: Array(utf8)
        case .utf16le: utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .gb18030: converted(to: "GB18030")
        case .gbk: converted(to: "GBK")
        }
    }

    private func converted(to name: String) -> [UInt8]? {
        let converter = iconv_open(name, "UTF-8")
        defer { iconv_close(converter) }
        var input = utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 2 + 8)
        var (inputLeft, outputLeft) = (input.count, output.count)
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                return iconv(converter, &from, &inputLeft, &to, &outputLeft)
            }
        }
        guard result == 0 else { return nil }
        return output.dropLast(outputLeft).map { UInt8(bitPattern: $0) }
    }
}

/// What a cursor gave of a file, in a form that can be compared.
struct Reading: Equatable {
    struct Row: Equatable {
        let number: Int
        let raw: Range<Int>
        /// Cells, or the one code of an unreadable row.
        let cells: [String]
        var isUnreadable = false
    }

    var header: [String] = []
    var rows: [Row] = []
    var byteFaults: [ByteFault] = []
    var codes: [String] = []
    var end: ReadPosition?

    /// Reads to the end in batches of `rowLimit`.
    static func all(
        _ path: String, _ options: CSVOptions = CSVOptions(), from position: ReadPosition? = nil,
        rowLimit: Int = 100, eachPosition: (ReadPosition) -> Void = { _ in }
    ) throws -> Reading {
        let cursor = try CSVReader.open(path: path, options: options, from: position)
        var reading = Reading()
        reading.header = cursor.header
        eachPosition(cursor.position)
        while let batch = try cursor.next(upTo: rowLimit) {
            reading.take(batch)
            reading.byteFaults += cursor.byteFaults
            eachPosition(cursor.position)
        }
        reading.codes = cursor.findings.map(\.code)
        reading.end = cursor.position
        return reading
    }

    private mutating func take(_ batch: SourceBatch) {
        var taken: [Row] = []
        for row in 0..<batch.rowCount {
            let cells = (0..<batch.columnCount).map {
                String(decoding: batch.bytes[batch.cell(row: row, column: $0)], as: UTF8.self)
            }
            taken.append(
                Row(number: batch.places[row].row, raw: batch.places[row].raw, cells: cells))
        }
        for bad in batch.unreadable {
            taken.append(
                Row(
                    number: bad.place.row, raw: bad.place.raw, cells: [bad.finding.code],
                    isUnreadable: true))
        }
        rows += taken.sorted { $0.number < $1.number }
    }
}

/// The code of the failure that `work` throws.
func failureCode<Result>(_ work: () throws -> Result) -> String? {
    do {
        _ = try work()
        return nil
    } catch let failure as ReadFailure {
        return failure.entry.code
    } catch {
        return "\(type(of: error))"
    }
}

/// A seeded generator (SplitMix64), so that a failing table can be made again.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
