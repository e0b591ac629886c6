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
    private let moment: Timestamp

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
        moment = site.clock()
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
            sides.recorded = try await arrival.database.read { try recorded(of: item, in: $0) }
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
            try await sides.old?.look(at: batch, arrivedOn: moment.day)
            ?? batch.places.map { sides.outcome(of: $0.row) }
        let after = try await sides.new.look(at: batch, arrivedOn: moment.day)
        impact.held.rowsRead += batch.places.count + batch.unreadable.count
        for (place, pair) in zip(batch.places, zip(before, after)) {
            let (was, now) = pair
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
        /// Of the item in hand, the rows that stayed here.
        var recorded: [Int: ImpactSide.Outcome] = [:]

        /// What was written down of a row: one that did not stay here went out.
        func outcome(of row: Int) -> ImpactSide.Outcome {
            recorded[row]
                ?? ImpactSide.Outcome(fate: .sent, codes: [], leaving: [:], isRecorded: true)
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
            WHERE mapping = \(new.path) AND state = 'closed' ORDER BY arrived, intake
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
            """
            SELECT row, sealed FROM kept_row
            WHERE intake = \(item.intake.text) AND sealed <> '' ORDER BY row
            """
        ).map { (number: try $0.int(0), sealed: try $0.text(1)) }
    }

    private func recorded(of item: Item, in transaction: any Transaction) throws
        -> [Int: ImpactSide.Outcome]
    {
        var found: [Int: ImpactSide.Outcome] = [:]
        for row in try transaction.run(
            "SELECT row, fate, codes FROM kept_row WHERE intake = \(item.intake.text)")
        {
            guard let fate = Fate(rawValue: try row.text("fate")) else { continue }
            let codes = try row.text("codes").split(separator: " ").map(String.init)
            found[try row.int("row")] = ImpactSide.Outcome(
                fate: fate, codes: Set(codes), leaving: [:], isRecorded: true)
        }
        return found
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
