import Definitions
import Delivery
import Foundation
import Intake
import LibCrypto
import Mappings
package import Privacy
package import Programmes
package import Records
import Settlements
package import Storage
import Validation

/// Runs a version of a mapping over rows that came before: those of files that still lie where they
/// were put, and those that stayed here sealed. It is held against another version, or against what
/// was written down when they came. Nothing is written.
package struct ImpactReading {
    /// Rows that are listed; all are counted.
    private static let listedRows = 200

    private let arrival: Arrival
    private let site: Site
    private let old: MappingFile?
    private let new: MappingFile

    /// - Parameters:
    ///   - old: what it is held against; `nil` for what was written down.
    ///   - new: the version that somebody wants to sign.
    /// - Throws: `KeyFailure`, `DefinitionError`, `CryptoFailure`.
    package init(
        of new: MappingFile, against old: MappingFile?, at site: Site,
        _ database: any SteadyDatabase,
        keyring: Keyring
    ) throws {
        let kit = try site.preparationKit(keyring, for: site.programme(of: new))
        arrival = Arrival(
            database: database, outbox: try Exchange(site: site, database: database).outbox,
            kit: kit, desks: [try PreparationDesk(kit: kit)], clock: site.clock)
        self.site = site
        self.old = old
        self.new = new
    }

    /// Looks at everything that came since a day.
    ///
    /// - Throws: `StorageFailure`, `CryptoFailure`, `DefinitionError`.
    package func impact(since day: CalendarDate) async throws -> Impact {
        var impact = Impact(
            mapping: new.mapping.name, since: day,
            before: old.map { MappingContent.digest(of: $0.content).sha256 },
            after: MappingContent.digest(of: new.content).sha256)
        var sides = Sides(
            old: try old.map { try ImpactSide($0, arrival) }, new: try ImpactSide(new, arrival))
        for item in try await arrival.database.read({ try items(since: day, in: $0) }) {
            impact.held.items += 1
            impact.held.rows += item.rows
            let source = file(of: item)
            sides.recorded = try await arrival.database.read {
                try ImpactRecord(of: item.intake, in: $0)
            }
            if source == nil { impact.held.sealedOnly += 1 } else { impact.held.files += 1 }
            do {
                if let source {
                    let cursor = TableCursor(try new.mapping.reader.open(path: source))
                    try sides.old?.begin(cursor.header)
                    try sides.new.begin(cursor.header)
                    while let batch = try cursor.next(upTo: arrival.stretchRows) {
                        try await compare(batch, of: item, &sides, &impact)
                    }
                } else {
                    let columns = try RowText.header(of: item.header)
                    try sides.old?.begin(columns)
                    try sides.new.begin(columns)
                    try await compareKept(item, &sides, &impact)
                }
            } catch is HeaderFailure {
                impact.held.unread += 1
            } catch is ReadFailure { impact.held.unread += 1 }
        }
        let rule = try site.funding(of: arrival.kit.programme)
        let division = site.place(for: rule)
        impact.before.fen = sides.old?.fen(by: rule, division: division) ?? [:]
        impact.after.fen = sides.new.fen(by: rule, division: division)
        return impact
    }

    private func compareKept(
        _ item: Item, _ sides: inout Sides, _ impact: inout Impact
    ) async throws {
        let kept = try await arrival.database.read { try rows(of: item, in: $0) }
        var rest = kept[...]
        while !rest.isEmpty {
            let part = rest.prefix(arrival.stretchRows)
            rest = rest.dropFirst(part.count)
            var opened: [(number: Int, bytes: [UInt8])] = []
            for row in part {
                let bytes = try await arrival.desks[0].open(
                    row.sealed, intake: item.intake, number: row.number)
                opened.append((row.number, bytes))
            }
            try await compare(RowText.batch(of: opened), of: item, &sides, &impact)
        }
    }

    private func compare(
        _ batch: SourceBatch, of item: Item, _ sides: inout Sides,
        _ impact: inout Impact
    ) async throws {
        let before =
            try await sides.old?.look(at: batch, arrivedOn: item.arrived)
            ?? batch.places.map { sides.recorded.outcome(of: $0.row) }
        let after = try await sides.new.look(at: batch, arrivedOn: item.arrived)
        // No mapping reads them: they stay here on either side.
        for _ in batch.unreadable {
            impact.before.fates[Fate.quarantined.rawValue, default: 0] += 1
            impact.after.fates[Fate.quarantined.rawValue, default: 0] += 1
        }
        impact.held.rowsRead += batch.places.count + batch.unreadable.count
        for (place, pair) in zip(batch.places, zip(before, after)) {
            let was = pair.0
            var now = pair.1
            // Of a row that was known nothing was written down, so nothing of it is new.
            if was.isRecorded, was.fate == .unchanged, now.fate == .unchanged { now = was }
            impact.before.fates[was.fate.rawValue, default: 0] += 1
            impact.after.fates[now.fate.rawValue, default: 0] += 1
            impact.add(
                Impact.Row(
                    item: Arrival.ledgerName(item.name, item.digest), row: place.row,
                    before: was.fate, after: now.fate, fields: was.fields(differingFrom: now),
                    newCodes: now.codes.subtracting(was.codes).sorted(),
                    goneCodes: was.codes.subtracting(now.codes).sorted()),
                listing: ImpactReading.listedRows)
        }
    }

    /// Both sides of the comparison.
    private struct Sides {
        var old: ImpactSide?
        var new: ImpactSide
        /// What was written down of the item in hand.
        var recorded = ImpactRecord()
    }

    // MARK: - What is held

    private struct Item: Sendable {
        let intake: IntakeID
        let name: String
        let digest: String
        let path: String
        let header: String
        let rows: Int
        /// The rules know the day on which a row came.
        let arrived: CalendarDate
    }

    private func items(since day: CalendarDate, in transaction: any Transaction) throws -> [Item] {
        try transaction.run(
            """
            SELECT intake, name, digest, path, header, rows, arrived FROM intake
            WHERE mapping = \(new.path) AND state = 'closed' ORDER BY arrived, intake
            """
        ).compactMap { row in
            let arrived = Timestamp(microseconds: try row.int64("arrived"))
            guard arrived.day >= day else { return nil }
            return Item(
                intake: IntakeID(try row.text("intake")), name: try row.text("name"),
                digest: try row.text("digest"), path: try row.text("path"),
                header: try row.text("header"), rows: try row.int("rows"),
                arrived: arrived.day)
        }
    }

    private func rows(of item: Item, in transaction: any Transaction) throws
        -> [(number: Int, sealed: String)]
    {
        try transaction.run(
            """
            SELECT row, sealed FROM kept_row
            WHERE intake = \(item.intake.text) AND sealed <> '' ORDER BY row
            """
        ).map { (number: try $0.int(0), sealed: try $0.text(1)) }
    }

    /// Where an item's file still lies, byte by byte the same; `nil` where it does not.
    private func file(of item: Item) -> String? {
        let folder = (item.path as NSString).deletingLastPathComponent
        let name = (item.path as NSString).lastPathComponent
        let places = [item.path, "\(folder)/done/\(name)"]
        return places.first { path in
            (try? ItemDigest.sha256(
                ofFileAt: path, byteLimit: new.mapping.reader.fileByteLimit)) == item.digest
        }
    }
}
