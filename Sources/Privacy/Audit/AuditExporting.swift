import Foundation
import Glibc
import LibCrypto

extension AuditTrail {
    /// Writes all lines to a file of their own (0600), and beside it, as `PATH.anchors`, the heads
    /// that were kept elsewhere: a line for each, its row, a space and its hash.
    ///
    /// A trail from which rows were cut off is written as it is: who gets it shall see that.
    ///
    /// - Returns: what a walk over the trail found.
    /// - Throws: `AuditFailure`: `broken` for a trail whose chain does not hold, of which nothing
    ///   is written; `output` where there is such a file already, or none can be made.
    package func export(to path: String, anchors: [AuditHead]) throws -> AuditReport {
        let report = try read(heldTo: anchors)
        guard report.brokenAt == nil else {
            throw AuditFailure(.broken, place: self.path, detail: report.words)
        }
        let heads = anchors.map { "\($0.seq) \(Hex.encode($0.hash))\n" }.joined()
        try AuditTrail.make(path) { file in
            var left = report.head.seq
            try lines { line in
                guard left > 0 else { return }
                if AuditLine(line) != nil { left -= 1 }
                try file.write(contentsOf: Data(line + [0x0A]))
            }
        }
        do {
            try AuditTrail.make(path + ".anchors") { try $0.write(contentsOf: Data(heads.utf8)) }
        } catch {
            unlink(path)
            throw error
        }
        return report
    }

    /// Makes a new file; leaves none where it could not be written to the end.
    private static func make(_ path: String, _ write: (FileHandle) throws -> Void) throws {
        let file = Glibc.open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
        guard file >= 0 else {
            throw AuditFailure(.output, place: path, detail: PrivateFile.words(errno))
        }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        do {
            try write(handle)
            try handle.synchronize()
        } catch {
            unlink(path)
            throw error as? AuditFailure ?? AuditFailure(.output, place: path)
        }
    }
}

extension AuditReport {
    /// What is wrong, for a detail: the line, or the rows that were kept elsewhere; `nil` where
    /// nothing is.
    package var words: String? {
        if let brokenAt { return "line \(brokenAt)" }
        guard !missing.isEmpty else { return nil }
        let rows = missing.prefix(5).map { "\($0.seq)" }.joined(separator: " ")
        return "row \(rows)" + (missing.count > 5 ? " …" : "")
    }
}
