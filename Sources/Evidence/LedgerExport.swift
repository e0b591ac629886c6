import Foundation
import LibCrypto
import Records
package import Storage

/// The whole ledger as a file (账本导出), by which anybody reckons everything anew: one JSON object a
/// line, in its order. It holds no personal data, since no fact does.
package struct LedgerExport {
    /// Why there is no file.
    package enum Failure: Error, Sendable, Equatable {
        /// Something of that name is there already.
        case exists
        /// The file system refused.
        case unwritten
    }

    package init() {}

    /// Writes the lines up to now to a new file. Throws `Failure`, `StorageFailure`, which is
    /// `corrupt` where a line does not link to the one before.
    ///
    /// - Returns: the last line's number and hash.
    package func write(to path: String, in transaction: any Transaction) throws -> LedgerHead {
        guard !FileManager.default.fileExists(atPath: path) else { throw Failure.exists }
        let part = path + ".part"
        guard FileManager.default.createFile(atPath: part, contents: nil),
            let file = FileHandle(forWritingAtPath: part)
        else { throw Failure.unwritten }
        var isWhole = false
        defer {
            try? file.close()
            if !isWhole { try? FileManager.default.removeItem(atPath: part) }
        }
        var head = LedgerHead.empty
        var buffer = Data()
        func flush() throws {
            do { try file.write(contentsOf: buffer) } catch { throw Failure.unwritten }
            buffer.removeAll(keepingCapacity: true)
        }
        try Ledger().lines(after: 0, in: transaction) { line in
            guard line.seq == head.seq + 1, line.prev == head.hash else {
                throw StorageFailure(.corrupt)
            }
            head = LedgerHead(seq: line.seq, hash: line.hash)
            buffer.append(contentsOf: line.exported.utf8)
            if buffer.count >= 1 << 20 { try flush() }
            return true
        }
        try flush()
        do {
            try file.synchronize()
            try FileManager.default.moveItem(atPath: part, toPath: path)
        } catch { throw Failure.unwritten }
        isWhole = true
        return head
    }
}

extension LedgerLine {
    /// As the export has it: JSON, keys sorted, ASCII, one line feed at the end.
    package var exported: String {
        JSONText.object([
            ("at", "\(at.microseconds)"), ("body", JSONText.quoted(body)),
            ("hash", JSONText.quoted(Hex.encode(hash))), ("kind", JSONText.quoted(kind)),
            ("prev", JSONText.quoted(Hex.encode(prev))), ("seq", "\(seq)"),
        ]) + "\n"
    }
}
