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
    let desks: [PreparationDesk]
    let clock: Clock
    let register = Register()
    let ledger = Ledger()

    /// Rows that make one stretch, one transaction and, where all pass, one submission.
    var stretchRows: Int { kit.profile.batch }

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

    /// Takes one CSV file through a mapping.
    ///
    /// - Parameters:
    ///   - progress: told after each stretch how many rows are on disk.
    ///   - notes: told of each stretch's rows with findings, just before they are on disk.
    /// - Throws: `ReadFailure`, `HeaderFailure` where nothing of the file can be taken;
    ///   `StorageFailure` and others where the world is not right.
    package func accept(
        path: String, source: String, file: MappingFile,
        progress: @Sendable (Int) -> Void = { _ in },
        notes: @Sendable ([RowNote]) throws -> Void = { _ in }
    ) async throws -> Reception {
        let options = try CSVOptions(file.mapping.options)
        let digest = try ItemDigest.sha256(ofFileAt: path, byteLimit: options.limits.fileBytes)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let intake = intakeID(source, name, digest, by: file)
        let known = try await database.read { try register.progress(of: intake, in: $0) }
        if let known, known.isClosed { return .takenBefore(rows: known.rows) }
        let position = try known.flatMap { try Arrival.position($0.position) }
        let cursor = try CSVReader.open(path: path, options: options, from: position)
        let bound = try file.mapping.bound(
            to: cursor.header, acceptsInvented: kit.acceptsInvented)
        let moment = clock()
        if known == nil {
            try await open(intake, name, digest, path, file, cursor.header, moment)
        }
        var run = ArrivalRun(
            arrival: self, intake: intake, bound: bound,
            mappingDigest: MappingContent.digest(of: file.content).sha256,
            context: kit.context(for: file.mapping, arrivedOn: moment.day),
            rows: known?.rows ?? 0)
        try await run.takeAll(from: cursor, progress: progress, notes: notes)
        let tally = run.tally
        let total = run.rows
        try await database.write { transaction in
            try register.close(intake, in: transaction)
            try ledger.append(
                [.received(.init(intake: intake, rows: total))], at: clock(), in: transaction)
        }
        return .taken(tally, unknownColumns: bound.unknownColumns)
    }

    /// An item is the same as long as its source, name and bytes are, and what it is judged by:
    /// once a mapping or the list of institutions was mended, the same file is looked at again.
    private func intakeID(
        _ source: String, _ name: String, _ digest: String, by file: MappingFile
    ) -> IntakeID {
        let mapping = MappingContent.digest(of: file.content).sha256
        let designated = kit.designated.codes.map { code in
            "\(code.code) \(code.validFrom?.description ?? "") \(code.validTo?.description ?? "")"
        }
        let parts = [source, name, digest, mapping] + designated
        let bytes = Hash.sha256.digest(Array(parts.joined(separator: "\0").utf8))
        return IntakeID(Hex.encode(Array(bytes[0..<16])))
    }

    private func open(
        _ intake: IntakeID, _ name: String, _ digest: String, _ path: String, _ file: MappingFile,
        _ header: [String], _ moment: Timestamp
    ) async throws {
        let byteCount = try SourceFile(path: path, byteLimit: .max).byteCount
        let content = MappingContent.digest(of: file.content)
        try await database.write { transaction in
            try register.open(
                ArrivedItem(
                    intake: intake, name: name, digest: digest, mapping: file.path,
                    header: try RowText.text(ofHeader: header)),
                at: moment, in: transaction)
            try ledger.append(
                [
                    .arrived(
                        .init(
                            intake: intake, name: name, digest: digest, byteCount: byteCount,
                            mapping: file.mapping.name, mappingDigest: content.sha256))
                ], at: moment, in: transaction)
        }
    }

    private static func position(_ text: String) throws -> ReadPosition? {
        guard !text.isEmpty else { return nil }
        return try JSONDecoder().decode(ReadPosition.self, from: Data(text.utf8))
    }
}

/// What became of an item.
package enum Reception: Sendable {
    case taken(ArrivalTally, unknownColumns: [String])
    /// The very same item was taken before: nothing changed.
    case takenBefore(rows: Int)
}

/// Counts of one item's rows, for the closing lines of a command.
package struct ArrivalTally: Sendable, Codable {
    package var rows = 0
    package var fates: [String: Int] = [:]
    package var submissions = 0
    /// Findings by code: how many rows show it.
    package var findings: [String: Int] = [:]

    package init() {}
}

extension CSVOptions {
    /// The reader's options as a mapping names them.
    init(_ options: Mapping.ReadOptions) throws(ReadFailure) {
        self.init(
            encoding: options.encoding == "auto" ? nil : TextEncoding(declared: options.encoding),
            delimiter: options.delimiter.utf8.first.flatMap { Delimiter(rawValue: $0) } ?? .comma,
            headerRow: options.headerRow)
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
