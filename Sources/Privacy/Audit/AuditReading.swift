import Foundation
import Glibc
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

    /// Writes all lines to a file of their own (0600), and gives the last whole row.
    ///
    /// Throws `AuditFailure`: `broken` for a trail that does not hold, of which nothing is written;
    /// `unwritten` where there is such a file already.
    package func export(to path: String) throws -> AuditHead {
        let report = try read()
        guard report.holds else {
            throw AuditFailure(
                .broken, place: self.path, detail: report.brokenAt.map { "line \($0)" })
        }
        let file = Glibc.open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
        guard file >= 0 else {
            throw AuditFailure(.unwritten, place: path, detail: PrivateFile.words(errno))
        }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        var left = report.head.seq
        try lines { line in
            guard left > 0 else { return }
            if AuditLine(line) != nil { left -= 1 }
            try handle.write(contentsOf: Data(line + [0x0A]))
        }
        try handle.synchronize()
        return report.head
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

/// What somebody looks for in a trail.
package struct AuditQuestion: Sendable {
    package var account: String?
    package var action: String?
    package var object: String?
    /// Days of the county, `2026-11-29`, both inclusive.
    package var from: String?
    package var to: String?

    package init(
        account: String? = nil, action: String? = nil, object: String? = nil, from: String? = nil,
        to: String? = nil
    ) {
        self.account = account
        self.action = action
        self.object = object
        self.from = from
        self.to = to
    }

    /// Whether a row is of those that are asked for; an account matches the person, too.
    package func matches(_ row: AuditRow) -> Bool {
        let day = row.at.prefix(10)
        return (account.map { $0 == row.account || $0 == row.person } ?? true)
            && (action.map { row.action == $0 || row.action.hasPrefix($0 + " ") } ?? true)
            && (object.map { isAbout($0, row) } ?? true)
            && (from.map { day >= $0 } ?? true) && (to.map { day <= $0 } ?? true)
    }

    /// Whether what a row is about, or one thing of several, begins so.
    private func isAbout(_ object: String, _ row: AuditRow) -> Bool {
        guard let whole = row.object else { return false }
        return whole.hasPrefix(object)
            || whole.split(separator: " ").contains { $0.hasPrefix(object) }
    }
}
