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

/// Runs two versions of a mapping over the same rows: those of files that still lie where they were
/// put, and those that stayed here sealed. Nothing is written.
package struct ImpactReading {
    /// Rows that are listed; all are counted.
    private static let listedRows = 200

    private let arrival: Arrival
    private let site: Site
    private let old: MappingFile
    private let new: MappingFile
    private let moment: Timestamp

    /// - Parameters:
    ///   - old: as the site uses it.
    ///   - new: the version that somebody wants to sign.
    /// - Throws: `KeyFailure`, `DefinitionError`, `CryptoFailure`.
    package init(
        of old: MappingFile, against new: MappingFile, at site: Site,
        _ database: any SteadyDatabase,
        keyring: Keyring
    ) throws {
        let kit = try site.preparationKit(keyring, for: site.programme(of: old))
        arrival = Arrival(
            database: database, outbox: try Exchange(site: site, database: database).outbox,
            kit: kit, desks: [try PreparationDesk(kit: kit)], clock: site.clock)
        self.site = site
        self.old = old
        self.new = new
        moment = site.clock()
    }

    /// Looks at everything that came since a day.
    ///
    /// - Throws: `StorageFailure`, `CryptoFailure`, `DefinitionError`.
    package func impact(since day: CalendarDate) async throws -> Impact {
        var impact = Impact(
            mapping: old.mapping.name, since: day,
            before: MappingContent.digest(of: old.content).sha256,
            after: MappingContent.digest(of: new.content).sha256)
        var sides = (old: try ImpactSide(old, arrival), new: try ImpactSide(new, arrival))
        for item in try await arrival.database.read({ try items(since: day, in: $0) }) {
            impact.held.items += 1
            impact.held.rows += item.rows
            let source = file(of: item)
            if source == nil { impact.held.sealedOnly += 1 } else { impact.held.files += 1 }
            do {
                if let source {
                    let cursor = TableCursor(try old.mapping.reader.open(path: source))
                    try sides.old.begin(cursor.header)
                    try sides.new.begin(cursor.header)
                    while let batch = try cursor.next(upTo: arrival.stretchRows) {
                        try await compare(batch, of: item, &sides, &impact)
                    }
                } else {
                    let columns = try RowText.header(of: item.header)
                    try sides.old.begin(columns)
                    try sides.new.begin(columns)
                    try await compareKept(item, &sides, &impact)
                }
            } catch is HeaderFailure {
                impact.held.unread += 1
            } catch is ReadFailure { impact.held.unread += 1 }
        }
        let rule = try site.funding(of: arrival.kit.programme)
        let division = site.place(for: rule)
        impact.before.fen = sides.old.fen(by: rule, division: division)
        impact.after.fen = sides.new.fen(by: rule, division: division)
        return impact
    }

    private func compareKept(
        _ item: Item, _ sides: inout (old: ImpactSide, new: ImpactSide), _ impact: inout Impact
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
        _ batch: SourceBatch, of item: Item, _ sides: inout (old: ImpactSide, new: ImpactSide),
        _ impact: inout Impact
    ) async throws {
        let before = try await sides.old.look(at: batch, arrivedOn: moment.day)
        let after = try await sides.new.look(at: batch, arrivedOn: moment.day)
        impact.held.rowsRead += batch.places.count + batch.unreadable.count
        for (place, pair) in zip(batch.places, zip(before, after)) {
            let (was, is_) = pair
            impact.before.fates[was.fate.rawValue, default: 0] += 1
            impact.after.fates[is_.fate.rawValue, default: 0] += 1
            impact.add(
                Impact.Row(
                    item: Arrival.ledgerName(item.name, item.digest), row: place.row,
                    before: was.fate, after: is_.fate, fields: was.fields(differingFrom: is_),
                    newCodes: is_.codes.subtracting(was.codes).sorted(),
                    goneCodes: was.codes.subtracting(is_.codes).sorted()),
                listing: ImpactReading.listedRows)
        }
    }

    // MARK: - What is held

    private struct Item: Sendable {
        let intake: IntakeID
        let name: String
        let digest: String
        let path: String
        let header: String
        let rows: Int
    }

    private func items(since day: CalendarDate, in transaction: any Transaction) throws -> [Item] {
        try transaction.run(
            """
            SELECT intake, name, digest, path, header, rows, arrived FROM intake
            WHERE mapping = \(old.path) AND state = 'closed' ORDER BY arrived, intake
            """
        ).compactMap { row in
            let arrived = Timestamp(microseconds: try row.int64("arrived"))
            guard arrived.day >= day else { return nil }
            return Item(
                intake: IntakeID(try row.text("intake")), name: try row.text("name"),
                digest: try row.text("digest"), path: try row.text("path"),
                header: try row.text("header"), rows: try row.int("rows"))
        }
    }

    private func rows(of item: Item, in transaction: any Transaction) throws
        -> [(number: Int, sealed: String)]
    {
        try transaction.run(
            "SELECT row, sealed FROM kept_row WHERE intake = \(item.intake.text) ORDER BY row"
        ).map { (number: try $0.int(0), sealed: try $0.text(1)) }
    }

    /// Where an item's file still lies, byte by byte the same; `nil` where it does not.
    private func file(of item: Item) -> String? {
        let folder = (item.path as NSString).deletingLastPathComponent
        let name = (item.path as NSString).lastPathComponent
        let places = [item.path, "\(folder)/done/\(name)"]
        return places.first { path in
            (try? ItemDigest.sha256(
                ofFileAt: path, byteLimit: old.mapping.reader.fileByteLimit)) == item.digest
        }
    }
}
