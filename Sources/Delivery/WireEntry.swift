import Foundation
import LibCrypto
package import Records
package import Storage

/// One line of the wire journal (发送日志): what might have been sent, and what the database looked
/// like just before.
package struct WireEntry: Sendable, Hashable {
    /// What a line tells.
    package enum Kind: String, Sendable {
        /// From here on these bytes may have left the house.
        case sent
        /// The database was found as it should be, or what it lacked has been told to it.
        case seen
    }

    package let kind: Kind
    /// `nil` with `seen`.
    package let submission: SubmissionID?
    package let fence: Int64
    /// SHA-256 of the bytes sent, hex; empty with `seen`.
    package let digest: String
    /// The machine's clock: for people, and for how long a line is kept.
    package let at: Timestamp
    package let stand: DatabaseStand
    /// The last line of the ledger, and how its hash begins.
    package let seq: Int64
    package let hash: String

    /// A line before the first byte of a send.
    package init(
        sent submission: SubmissionID, fence: Int64, digest: [UInt8], at: Timestamp,
        _ mark: DatabaseMark
    ) {
        (kind, self.submission, self.fence) = (.sent, submission, fence)
        self.digest = Hex.encode(digest)
        self.at = at
        (stand, seq, hash) = (mark.stand, mark.seq, mark.hash)
    }

    /// A line that says that all is well.
    package init(seen mark: DatabaseMark, at: Timestamp) {
        (kind, submission, fence, digest) = (.seen, nil, 0, "")
        self.at = at
        (stand, seq, hash) = (mark.stand, mark.seq, mark.hash)
    }

    /// Where the database stood.
    package var mark: DatabaseMark { DatabaseMark(stand: stand, seq: seq, hash: hash) }
}

/// Where a database stands: which one it is, and the end of its ledger.
package struct DatabaseMark: Sendable, Hashable {
    package let stand: DatabaseStand
    package let seq: Int64
    /// How the last line's hash begins, hex.
    package let hash: String

    package init(stand: DatabaseStand, seq: Int64, hash: String) {
        self.stand = stand
        self.seq = seq
        self.hash = hash
    }

    /// As much of a hash as tells two histories apart.
    static func beginning(of hash: [UInt8]) -> String { Hex.encode(Array(hash.prefix(8))) }
}

// MARK: - As a line

extension WireEntry {
    /// One line of text with its checksum: `kind submission fence digest at system timeline seq
    /// hash crc`, `-` for what is absent.
    var line: String {
        let words = [
            kind.rawValue, submission?.text ?? "-", "\(fence)", digest.isEmpty ? "-" : digest,
            "\(at.microseconds)", stand.system, stand.timeline, "\(seq)",
            hash.isEmpty ? "-" : hash,
        ]
        let text = words.joined(separator: " ")
        return text + " " + WireEntry.checksum(text) + "\n"
    }

    /// `nil` for a line that is torn or was changed.
    init?(line: Substring) {
        guard let cut = line.lastIndex(of: " "),
            WireEntry.checksum(String(line[..<cut])) == line[line.index(after: cut)...]
        else { return nil }
        let words = line[..<cut].split(separator: " ").map { $0 == "-" ? "" : String($0) }
        guard words.count == 9, let kind = Kind(rawValue: words[0]), let fence = Int64(words[2]),
            let at = Int64(words[4]), let seq = Int64(words[7]),
            (kind == .sent) == !words[1].isEmpty
        else { return nil }
        self.kind = kind
        submission = words[1].isEmpty ? nil : SubmissionID(words[1])
        self.fence = fence
        digest = words[3]
        self.at = Timestamp(microseconds: at)
        stand = DatabaseStand(system: words[5], timeline: words[6])
        self.seq = seq
        hash = words[8]
    }

    /// CRC-32 (IEEE 802.3), eight hex digits.
    private static func checksum(_ text: String) -> String {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in text.utf8 {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        let digits = String(~crc, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
