import Definitions
package import Delivery
import Evidence
import Foundation
import Intake
import LibCrypto
import Mappings
import Privacy
package import Programmes
package import Records
package import Storage
import Submissions
import Validation

/// Takes items in (接收). When `accept` returns, every row of the item has its fate on disk: queued,
/// or kept with the reason; only then does a channel answer the sender.
package struct Arrival: Sendable {
    let database: any Database
    let outbox: Outbox
    let kit: PreparationKit
    /// Whose rules look at what arrives.
    package var programme: Programme { kit.programme }
    let desks: [PreparationDesk]
    let clock: Clock
    let register = Register()
    let ledger = Ledger()

    /// Rows that make one stretch, one transaction and, where all pass, one submission.
    var stretchRows: Int { kit.profile.batch }

    /// Records that one submission may have just now: fewer than the profile says for some time
    /// after the other side found one too large. Throws `StorageFailure`.
    func mostRecords(
        at moment: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> Int {
        try outbox.recordLimit(
            kit.profile.name, most: kit.profile.batch, now: moment, in: transaction)
    }

    package init(
        database: any Database, outbox: Outbox, kit: PreparationKit, desks: [PreparationDesk],
        clock: @escaping Clock
    ) {
        precondition(!desks.isEmpty, "an arrival needs a desk")
        self.database = database
        self.outbox = outbox
        self.kit = kit
        self.desks = desks
        self.clock = clock
    }

    /// Takes one file through a mapping, by the reader that the mapping names.
    ///
    /// - Parameters:
    ///   - progress: told after each stretch how many rows are on disk.
    ///   - notes: told of the rows with findings of the whole item, in order, once its last row is
    ///     on disk; a run that was cut short is told of again by the one that goes on.
    ///   - beforeClosing: called after the last notes, before the item is closed.
    /// - Throws: `ReadFailure`, `HeaderFailure` where nothing of the file can be taken;
    ///   `RecipientFailure` where the recipient's certificate is over; `ApprovalFailure`;
    ///   `AnotherWorker` where another one takes it just now; `StorageFailure` and others where
    ///   the world is not right.
    package func accept(
        path: String, source: String, file: MappingFile,
        progress: @Sendable (Int) -> Void = { _ in },
        notes: @Sendable ([RowNote]) throws -> Void = { _ in },
        beforeClosing: @Sendable () throws -> Void = {}
    ) async throws -> Reception {
        // Before anything of the file is written; a list of ours is sealed for nobody.
        if !file.isList { try await demandMayLeave(file) }
        let reader = file.mapping.reader
        let digest = try ItemDigest.sha256(ofFileAt: path, byteLimit: reader.fileByteLimit)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let intake = Arrival.intakeID(source, name, digest, by: file, CountyLists(kit))
        let known = try await database.read { try register.progress(of: intake, in: $0) }
        if let known, known.isClosed {
            return try await takenBefore(intake, rows: known.rows, notes, beforeClosing)
        }
        let position = try known.flatMap { try Arrival.position($0.position) }
        let moment = clock()
        guard let cursor = try Arrival.cursor(path, reader, from: position) else {
            if known == nil {
                try await open(intake, source, name, digest, path, file, [], moment)
            }
            try beforeClosing()
            try await close(intake, rows: 0)
            return .taken(.ofBlankFile, unknownColumns: [])
        }
        let bound = try bound(file, to: cursor.header)
        if let known {
            if known.isAbandoned {
                try await database.write { try register.takeUp(intake, in: $0) }
            }
        } else {
            try await open(intake, source, name, digest, path, file, cursor.header, moment)
        }
        guard let bound, !file.isList else {
            return try await acceptApart(
                cursor, of: intake, from: source, by: file, bound, known?.rows ?? 0, progress,
                notes, beforeClosing)
        }
        let parts = try CaseParts(file, in: kit.programme, acceptsInvented: kit.acceptsInvented)
        var run = ArrivalRun(
            arrival: self, intake: intake, bound: bound, parts: parts,
            mappingDigest: MappingContent.digest(of: file.content).sha256, file: file,
            context: kit.context(for: bound, parts, arrivedOn: moment.day),
            rows: known?.rows ?? 0)
        if let position, let again = try Arrival.cursor(path, reader, from: nil) {
            try await run.recall(again, before: position.nextRow)
        }
        try await run.takeAll(from: cursor, progress: progress)
        if run.hasRecalled { try await goOn() }
        // Before it is told what became of the rows: a later row may have set an earlier one free.
        let done = parts == nil ? Reassembly() : try await reassemble()
        var tally = try await tally(of: intake, notes)
        for finding in cursor.findings { tally.findings[finding.code, default: 0] += 1 }
        tally.add(done, to: intake)
        try beforeClosing()
        try await close(intake, rows: run.rows)
        return .taken(tally, unknownColumns: bound.unknownColumns)
    }

    /// Refuses while what is made of it could not leave. Throws `RecipientFailure`,
    /// `ApprovalFailure`, and what asking the ledger throws.
    private func demandMayLeave(_ file: MappingFile) async throws {
        try kit.recipientTerm?.demand(at: clock())
        try await kit.approvals.learn(from: database)
        try kit.approvals.pass(file)
    }

    /// What became of an item that was taken before, as it stands now. What a run that was cut
    /// short left to be put together goes on.
    private func takenBefore(
        _ intake: IntakeID, rows: Int, _ notes: @Sendable ([RowNote]) throws -> Void,
        _ beforeClosing: @Sendable () throws -> Void
    ) async throws -> Reception {
        let done = try await reassemble()
        var tally = try await tally(of: intake, notes)
        tally.add(done, to: intake)
        try beforeClosing()
        return .takenBefore(rows: rows, tally)
    }

    /// A part's columns are only checked here: they are bound when its case is.
    private func bound(_ file: MappingFile, to header: [String]) throws -> BoundMapping? {
        guard let part = file.mapping.part else {
            return try file.mapping.bound(to: header, acceptsInvented: kit.acceptsInvented)
        }
        _ = try PartTable(file.mapping, part, header: header)
        return nil
    }

    /// Takes a file that makes no cases by itself: parts of cases, or a list.
    private func acceptApart(
        _ cursor: any RecordCursor, of intake: IntakeID, from source: String,
        by file: MappingFile, _ bound: BoundMapping?, _ rows: Int,
        _ progress: @Sendable (Int) -> Void, _ notes: @Sendable ([RowNote]) throws -> Void,
        _ beforeClosing: @Sendable () throws -> Void
    ) async throws -> Reception {
        var rows = rows
        if let bound, let list = file.mapping.dictionary.list {
            rows = try await count(
                cursor, of: intake, from: source, by: bound, list, rows: rows, progress: progress)
        } else if let part = file.mapping.part {
            rows = try await shelve(
                cursor, of: intake, by: file, part, rows: rows, progress: progress)
        }
        var tally = try await tally(of: intake, notes)
        for finding in cursor.findings { tally.findings[finding.code, default: 0] += 1 }
        try beforeClosing()
        try await close(intake, rows: rows)
        if file.isPart { tally.add(try await reassemble(), to: intake) }
        return .taken(tally, unknownColumns: bound?.unknownColumns ?? [])
    }

    /// Opens a file; `nil` where it has nothing but blank lines.
    private static func cursor(
        _ path: String, _ reader: any RecordReader, from position: ReadPosition?
    ) throws(ReadFailure) -> (any RecordCursor)? {
        do {
            return TableCursor(try reader.open(path: path, from: position))
        } catch {
            guard error.isBlankFile else { throw error }
            return nil
        }
    }

    /// The counts of an item's rows that are on disk; hands over what is to be said of them.
    private func tally(
        of intake: IntakeID, _ notes: @Sendable ([RowNote]) throws -> Void
    ) async throws -> ArrivalTally {
        var tally = ArrivalTally()
        var nextRow = 0
        while let stretch = try await database.read({ [nextRow] transaction in
            try register.notes(of: intake, after: nextRow, in: transaction)
        }) {
            tally.add(stretch.notes.tally)
            try notes(stretch.notes.rows)
            nextRow = stretch.nextRow
        }
        return tally
    }

    /// The rows with findings of a file that was taken, as they stand now.
    package func notes(of file: CaseFile, _ notes: @Sendable ([RowNote]) throws -> Void)
        async throws
    {
        _ = try await tally(of: file.intake, notes)
    }

    private func close(_ intake: IntakeID, rows: Int) async throws {
        try await database.write { transaction in
            guard try register.close(intake, in: transaction) else { return }
            try ledger.append(
                [.received(.init(intake: intake, rows: rows))], at: clock(), in: transaction)
        }
    }

    /// An item is the same as long as its source, name and bytes are, and what it is judged by:
    /// once a mapping or one of the county's lists was mended, the same file is looked at again.
    /// Of parts the name does not count: a copy of an older export would undo a newer one.
    static func intakeID(
        _ source: String, _ name: String, _ digest: String, by file: MappingFile,
        _ lists: CountyLists
    ) -> IntakeID {
        let mapping = MappingContent.digest(of: file.content).sha256
        let parts = [source, file.isPart ? "" : name, digest, mapping] + lists.lines
        let bytes = Hash.sha256.digest(Array(parts.joined(separator: "\0").utf8))
        return IntakeID(Hex.encode(Array(bytes[0..<16])))
    }

    private func open(
        _ intake: IntakeID, _ source: String, _ name: String, _ digest: String, _ path: String,
        _ file: MappingFile, _ header: [String], _ moment: Timestamp
    ) async throws {
        let byteCount = try SourceFile(path: path, byteLimit: .max).byteCount
        let content = MappingContent.digest(of: file.content)
        // A file may be named after a person, and a column that nobody asked for too.
        let shown = PersonalSigns.masked(name)
        let folder = PersonalSigns.masked(path: String(path.dropLast(name.count)))
        let known = file.mapping.namedColumns
        let header = header.map { known.contains($0) ? $0 : PersonalSigns.masked($0) }
        try await database.write { transaction in
            try register.open(
                ArrivedItem(
                    intake: intake, source: source, path: folder + shown, name: shown,
                    digest: digest, mapping: file.path,
                    header: try RowText.text(ofHeader: header)),
                at: moment, in: transaction)
            try ledger.append(
                [
                    .arrived(
                        .init(
                            intake: intake, name: Arrival.ledgerName(name, digest), digest: digest,
                            byteCount: byteCount,
                            mapping: file.mapping.name, mappingDigest: content.sha256))
                ], at: moment, in: transaction)
        }
    }

    /// What the ledger, and each pack made of it, calls a file: a name that we made. What the
    /// clinic called it may name a person, and stays in the county's own database.
    package static func ledgerName(_ name: String, _ digest: String) -> String {
        let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        let isPlain = name.contains(".") && (1...5).contains(ending.utf8.count)
        let isWord = ending.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0)
        }
        return "file-\(digest.prefix(12))" + (isPlain && isWord ? "." + ending : "")
    }

    static func position(_ text: String) throws -> ReadPosition? {
        guard !text.isEmpty else { return nil }
        return try JSONDecoder().decode(ReadPosition.self, from: Data(text.utf8))
    }
}

/// What became of an item.
package enum Reception: Sendable {
    case taken(ArrivalTally, unknownColumns: [String])
    /// The very same item was taken before: nothing changed, and this is what became of it then.
    case takenBefore(rows: Int, ArrivalTally)
}

/// Counts of one item's rows, for the closing lines of a command.
package struct ArrivalTally: Sendable, Codable {
    package var rows = 0
    package var fates: [String: Int] = [:]
    package var submissions = 0
    /// Cases that went out because this file brought the part that they waited for.
    package var released = 0
    /// Findings by code: how many rows show it.
    package var findings: [String: Int] = [:]
    /// Findings of cases of other files that this file changed, by code.
    package private(set) var caseFindings: [String: Int] = [:]
    /// Those files.
    package private(set) var caseFiles: Set<CaseFile> = []

    private enum CodingKeys: String, CodingKey {
        case rows, fates, submissions, released, findings
    }

    package init() {}

    /// Of a file with nothing but blank lines.
    static var ofBlankFile: ArrivalTally {
        var tally = ArrivalTally()
        tally.findings[ReadFailure.blankFileCode] = 1
        return tally
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rows = try container.decode(Int.self, forKey: .rows)
        fates = try container.decode([String: Int].self, forKey: .fates)
        submissions = try container.decode(Int.self, forKey: .submissions)
        findings = try container.decode([String: Int].self, forKey: .findings)
        // Notes of earlier releases do not have it.
        released = try container.decodeIfPresent(Int.self, forKey: .released) ?? 0
    }

    /// Adds what became of cases; those of the item itself are in its own counts by now.
    mutating func add(_ done: Reassembly, to intake: IntakeID) {
        released += done.sent
        for (file, findings) in done.files where file.intake != intake {
            caseFindings.merge(findings, uniquingKeysWith: +)
            caseFiles.insert(file)
        }
    }

    mutating func add(_ other: ArrivalTally) {
        rows += other.rows
        submissions += other.submissions
        fates.merge(other.fates, uniquingKeysWith: +)
        findings.merge(other.findings, uniquingKeysWith: +)
    }
}

/// The digest that names an item.
enum ItemDigest {
    /// SHA-256 of a regular file, hex, read a block at a time.
    static func sha256(ofFileAt path: String, byteLimit: Int) throws(ReadFailure) -> String {
        let file = try SourceFile(path: path, byteLimit: byteLimit)
        let stream = HashStream(.sha256)
        let block = 1 << 20
        var offset = 0
        while offset < file.byteCount {
            let end = min(offset + block, file.byteCount)
            stream.update(try file.bytes(offset..<end))
            offset = end
        }
        try file.verifyUnchanged()
        return Hex.encode(stream.finish())
    }
}
