import Foundation
import LibCrypto

/// What a walk over a whole trail found.
package struct AuditReport: Sendable, Hashable {
    /// Rows that are whole, from the first on.
    package let head: AuditHead
    /// The line at which the chain breaks; `nil` for a whole one.
    package let brokenAt: Int64?
    /// Heads that were kept elsewhere and are not in the trail: rows were cut off or made anew.
    package let missing: [AuditHead]

    package var holds: Bool { brokenAt == nil && missing.isEmpty }
}

extension AuditTrail {
    /// Recomputes every link, and looks for heads that were kept elsewhere.
    ///
    /// - Parameter each: told of every row that is whole, in their order.
    /// - Throws: `AuditFailure` where the file cannot be read, and what `each` throws.
    package func read(
        heldTo kept: [AuditHead] = [], each: (AuditRow) throws -> Void = { _ in }
    ) throws -> AuditReport {
        var open = Dictionary(kept.map { ($0.seq, $0) }) { first, _ in first }
        var differing: [AuditHead] = []
        var head = AuditHead.none
        var place: Int64 = 0
        var broken: Int64?
        var torn: Int?
        try lines { bytes in
            guard broken == nil else { return }
            place += 1
            guard let line = AuditLine(bytes) else {
                // Broken off by a power cut: the next row must say how many bytes there are.
                torn = (torn ?? 0) + bytes.count + 1
                return
            }
            guard line.follows(head), line.row.torn == torn else {
                broken = place
                return
            }
            torn = nil
            head = AuditHead(seq: line.row.seq, hash: line.hash)
            if let known = open.removeValue(forKey: head.seq), known != head {
                differing.append(known)
            }
            try each(line.row)
        }
        return AuditReport(
            head: head, brokenAt: broken ?? (torn == nil ? nil : place),
            missing: (differing + open.values).sorted { $0.seq < $1.seq })
    }

    /// Heads that were kept elsewhere and stand in no line: quickly, without recomputing the chain.
    ///
    /// Throws `AuditFailure` where the file cannot be read.
    package func missing(of kept: [AuditHead]) throws -> [AuditHead] {
        var open = Dictionary(kept.map { (Hex.encode($0.hash), $0) }) { first, _ in first }
        guard !open.isEmpty else { return [] }
        try lines { line in
            guard line.count > 65 else { return }
            open[String(decoding: line[..<64], as: UTF8.self)] = nil
        }
        return open.values.sorted { $0.seq < $1.seq }
    }

    /// Hands over the lines without their ends; what follows the last end is no line yet.
    func lines(_ each: ([UInt8]) throws -> Void) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            guard FileManager.default.fileExists(atPath: path) else { return }
            throw failure(errno)
        }
        defer { try? file.close() }
        var rest: [UInt8] = []
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
            rest += part
            var start = 0
            while let end = rest[start...].firstIndex(of: 0x0A) {
                try each(Array(rest[start..<end]))
                start = end + 1
            }
            rest.removeFirst(start)
        }
    }
}
