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
            sides.isWhole = source != nil
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
                    try await compareKept(item, columns.count, &sides, &impact)
                }
            } catch is HeaderFailure {
                impact.held.unread += 1
            } catch is ReadFailure { impact.held.unread += 1 }
        }
        sides.tally.count(into: &impact, new.mapping.dictionary)
        try settle(sides.tally, &impact)
        return impact
    }

    /// What goes out is worth what settlement would make of it, were all of it accepted.
    private func settle(_ tally: ImpactTally, _ impact: inout Impact) throws {
        let rule = try site.funding(of: arrival.kit.programme)
        let division = site.place(for: rule)
        let (before, after) = tally.submitted
        for worth in rule.worth(of: before, division: division) {
            impact.before.fen.merge(worth, uniquingKeysWith: +)
        }
        for worth in rule.worth(of: after, division: division) {
            impact.after.fen.merge(worth, uniquingKeysWith: +)
        }
        let years = Set((before + after).map { $0.servedOn.parts.year }).sorted()
        for line in years.flatMap({
            rule.account(year: $0, division: division, lines: []).payers
        }) where !impact.payers.contains(where: { $0.name == line.payer }) {
            impact.payers.append(Impact.Payer(name: line.payer, title: line.title))
        }
    }

    private func compareKept(
        _ item: Item, _ columns: Int, _ sides: inout Sides, _ impact: inout Impact
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
            try await compare(
                RowText.batch(of: opened, columns: columns), of: item, &sides, &impact)
        }
    }

    private func compare(
        _ batch: SourceBatch, of item: Item, _ sides: inout Sides,
        _ impact: inout Impact
    ) async throws {
        let before = try await sides.old?.look(at: batch, arrivedOn: item.arrived)
        let after = try await sides.new.look(at: batch, arrivedOn: item.arrived)
        // No mapping reads them: they stay here on either side.
        for _ in batch.unreadable {
            impact.before.fates[Fate.quarantined.rawValue, default: 0] += 1
            impact.after.fates[Fate.quarantined.rawValue, default: 0] += 1
        }
        impact.held.rowsRead += batch.places.count + batch.unreadable.count
        let names = before == nil ? after.compactMap { $0.identity.record?.text } : []
        let standing = try await arrival.database.read {
            try ImpactRecord.standing(of: names, arrival.register, in: $0)
        }
        for (index, place) in batch.places.enumerated() {
            let now = after[index]
            let row: ImpactTally.Row
            if let was = before?[index] {
                row = ImpactTally.Row(
                    item: item.shown, number: place.row, name: was.identity.caseName,
                    before: was.state, after: now.state, changes: was.changes(to: now),
                    isOtherContent: false)
            } else {
                row = recorded(place.row, of: item, now, sides, standing)
            }
            if sides.tally.add(row) { impact.held.repeats += 1 }
        }
    }

    /// A row beside what was written down of it.
    private func recorded(
        _ number: Int, of item: Item, _ now: ImpactSide.Outcome, _ sides: Sides,
        _ standing: [String: ImpactRecord.Standing]
    ) -> ImpactTally.Row {
        let own = sides.recorded[number]
        let name = own?.record?.text ?? now.identity.caseName
        let known = standing[name]
        var (before, after) = (own?.state ?? .known, now.state)
        if own == nil, sides.tally[name] == nil {
            // It came before the period, and is compared as what it is: known. A row without a key
            // stayed here then, too.
            before = now.identity.record == nil ? now.state : known?.state ?? .known
            if before.isOut, after.fate == .sent { after = .known }
        }
        if let own, !sides.isWhole {
            let rules = arrival.kit.programme.rules(for: new.mapping.dictionary)
            after = after.beside(own.state, othersDecide: rules.codesOfOtherRows)
        }
        // Whom the nation was told to forget is forgotten: consent is judged against the nation.
        if before.fate == .withdrawn, after.fate == .held { after = before }
        let isLatest = known?.version.intake == item.intake.text
        let isOther =
            isLatest && own?.state.fate == .sent && !now.identity.has(known?.version.content)
        return ImpactTally.Row(
            item: item.shown, number: number, name: name, before: before, after: after,
            changes: [:], isOtherContent: isOther,
            isOutElsewhere: own?.state.isOut == false && known?.state.isOut == true && !isLatest)
    }

    /// Both sides of the comparison.
    private struct Sides {
        var old: ImpactSide?
        var new: ImpactSide
        /// What was written down of the item in hand.
        var recorded = ImpactRecord()
        /// Whether all of its rows are there.
        var isWhole = true
        var tally = ImpactTally()
    }

    // MARK: - What is held

    private struct Item: Sendable {
        let intake: IntakeID
        let source: String
        let name: String
        let digest: String
        let path: String
        let header: String
        let rows: Int
        /// The rules know the day on which a row came.
        let arrived: CalendarDate

        var shown: Impact.Item {
            Impact.Item(
                name: Arrival.ledgerName(name, digest), source: source, arrived: arrived)
        }
    }

    private func items(since day: CalendarDate, in transaction: any Transaction) throws -> [Item] {
        try transaction.run(
            """
            SELECT intake, source, name, digest, path, header, rows, arrived FROM intake
            WHERE mapping = \(new.path) AND state = 'closed' ORDER BY arrived, intake
            """
        ).compactMap { row in
            let arrived = Timestamp(microseconds: try row.int64("arrived"))
            guard arrived.day >= day else { return nil }
            return Item(
                intake: IntakeID(try row.text("intake")), source: try row.text("source"),
                name: try row.text("name"), digest: try row.text("digest"),
                path: try row.text("path"),
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
