import Foundation

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

    private static func create(_ path: String) throws(SampleFailure) -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw .file(path) }
        return handle
    }
}
