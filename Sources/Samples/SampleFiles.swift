import Foundation

/// What must become of one row (答案): a line of the truth file.
protocol RowTruth {
    /// The truth file's first line, with its line end.
    static var header: [UInt8] { get }
    func append(to bytes: inout [UInt8])
}

/// What must come of a whole sample (答案汇总), counted row by row.
protocol TruthSummary {
    associatedtype Truth: RowTruth

    init()
    mutating func add(_ truth: Truth)
    /// Brings its lists into their order, after the last row.
    mutating func sort()
}

/// The three files of a sample: the clinic's, and the truth row by row and in sum (样例文件).
enum SampleFiles {
    typealias Sink = ([UInt8]) throws -> Void

    /// Writes `NAME.csv` or `NAME.xlsx`, `NAME.truth.csv` and `NAME.truth.json`.
    ///
    /// - Parameters:
    ///   - path: of the file itself; an ending is replaced for the other two.
    ///   - write: takes sinks for the rows and for the truth.
    static func write<Summary: Encodable>(
        to path: String, _ write: (_ rows: Sink, _ truth: Sink) throws -> Summary
    ) throws -> Summary {
        let ending = [".csv", ".xlsx"].first(where: path.hasSuffix) ?? ""
        let stem = String(path.dropLast(ending.count))
        let file = try create(path)
        let truth = try create(stem + ".truth.csv")
        let summary = try write(
            { try file.write(contentsOf: $0) }, { try truth.write(contentsOf: $0) })
        try file.close()
        try truth.close()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let json = try create(stem + ".truth.json")
        try json.write(contentsOf: try encoder.encode(summary) + [0x0A])
        try json.close()
        return summary
    }

    /// Writes rows and their truth to two sinks, in blocks of about 128 KiB.
    ///
    /// - Parameters:
    ///   - count: of the rows.
    ///   - headerLine: with its line end; it stands in row `headerRow`, counted from 1.
    ///   - file: takes the rows as they are made.
    ///   - make: writes one row and says what must become of it.
    /// - Throws: what the sinks throw, and `SampleFailure.encoding`.
    static func write<Summary: TruthSummary>(
        _ count: Int, below headerLine: [UInt8], atRow headerRow: Int, in file: inout EncodedBlock,
        rows: Sink, truth: Sink,
        make: (_ row: Int, _ file: inout EncodedBlock) throws -> Summary.Truth
    ) throws -> Summary {
        var summary = Summary()
        var answers = Summary.Truth.header
        for _ in 1..<max(1, headerRow) { file.append([0x0D, 0x0A]) }
        file.append(headerLine)
        for row in 0..<count {
            let told = try make(row, &file)
            told.append(to: &answers)
            summary.add(told)
            if file.isFull { try rows(file.take()) }
            if answers.count >= EncodedBlock.size {
                try truth(answers)
                answers.removeAll(keepingCapacity: true)
            }
        }
        file.finish()
        try rows(file.take())
        try truth(answers)
        summary.sort()
        return summary
    }

    private static func create(_ path: String) throws(SampleFailure) -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw .file(path) }
        return handle
    }
}
