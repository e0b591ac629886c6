import Definitions
import Evidence
import Foundation
import Intake
import LibCrypto
import Privacy
import Programmes
package import Records
package import Storage

/// An item that was begun and not finished (没收完的文件): its rows that are on disk are facts.
package struct HalfTaken: Sendable {
    /// What keeps it from going on.
    package enum Standing: String, Sendable, Codable {
        /// Nothing: taken again, it goes on.
        case resumable
        /// Its file is no longer where it was.
        case fileGone
        /// Its file has other bytes now: that is another item.
        case fileChanged
        /// The mapping or the list of institutions was mended: the file is another item by these.
        case judgedAnew
    }

    package let intake: IntakeID
    package let name: String
    /// Excel's number of the last row on disk; 0 where none is.
    package let lastRow: Int
    package let rows: Int
    let source: String
    let path: String
    let digest: String
}

extension Register {
    /// Items that are half-way and that nobody has given up, oldest first.
    ///
    /// Throws `StorageFailure`, and `DecodingError` for a position that this program did not write.
    package func halfTaken(in transaction: any Transaction) throws -> [HalfTaken] {
        try transaction.run(
            """
            SELECT intake, name, position, rows, source, path, digest FROM intake
            WHERE state = 'open' AND abandoned = 0 ORDER BY arrived, intake
            """
        ).map { row in
            let position = try Arrival.position(try row.text("position"))
            return HalfTaken(
                intake: IntakeID(try row.text("intake")), name: try row.text("name"),
                lastRow: position.map { $0.nextRow - 1 } ?? 0, rows: try row.int("rows"),
                source: try row.text("source"), path: try row.text("path"),
                digest: try row.text("digest"))
        }
    }

    /// Gives up a half-taken item: what is on disk of it stays, the rest is waited for no more.
    package func abandon(_ intake: IntakeID, in transaction: any Transaction)
        throws(StorageFailure)
    {
        try transaction.run("UPDATE intake SET abandoned = 1 WHERE intake = \(intake.text)")
    }

    /// An item that had been given up goes on: its file came once more.
    func takeUp(_ intake: IntakeID, in transaction: any Transaction) throws(StorageFailure) {
        try transaction.run("UPDATE intake SET abandoned = 0 WHERE intake = \(intake.text)")
    }
}

extension Site {
    /// Whether a half-taken item can go on, asked of the file as it is now.
    package func standing(of item: HalfTaken) -> HalfTaken.Standing {
        let found = Site.files(shownAs: item.path)
        guard !found.isEmpty else { return .fileGone }
        let same = found.first { path in
            (try? ItemDigest.sha256(ofFileAt: path, byteLimit: .max)) == item.digest
        }
        guard let same else { return .fileChanged }
        let name = (same as NSString).lastPathComponent
        guard let intake = try? intakeID(of: item, name), intake == item.intake else {
            return .judgedAnew
        }
        return .resumable
    }

    /// The files that are kept under this path: of a name that may be a person's, a folder's too,
    /// only a part is.
    private static func files(shownAs path: String) -> [String] {
        guard path.contains("…") else {
            return FileManager.default.fileExists(atPath: path) ? [path] : []
        }
        var found = [""]
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            found = found.flatMap { folder -> [String] in
                if !part.contains("…") { return [folder + "/" + part] }
                let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
                return names.map { folder + "/" + $0 }
            }
        }
        return found.filter {
            FileManager.default.fileExists(atPath: $0) && PersonalSigns.masked(path: $0) == path
        }
    }

    /// What the item would be called if it came now.
    private func intakeID(of item: HalfTaken, _ name: String) throws -> IntakeID {
        Arrival.intakeID(
            item.source, name, item.digest, by: try mapping(for: item.source).file,
            try CountyLists(self))
    }

    /// Gives up a half-taken item, with who and why in the ledger.
    ///
    /// Throws `StorageFailure` and what the ledger throws.
    package func abandon(
        _ item: HalfTaken, by person: String, because reason: String,
        in transaction: any Transaction
    ) throws {
        try Register().abandon(item.intake, in: transaction)
        try Ledger().append(
            [
                .abandoned(
                    .init(intake: item.intake, rows: item.rows, by: person, because: reason))
            ], at: clock(), in: transaction)
    }
}
