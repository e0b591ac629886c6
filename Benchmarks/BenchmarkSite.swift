import Definitions
import Delivery
import Flow
import Foundation
import Intake
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records
import Rehearsal
import Samples
import Storage
import Submissions
import Validation

/// What the command line asks for.
struct BenchmarkArguments {
    var stage = ""
    var couples = 10_000
    /// Of the books of a year.
    var cases = 100_000
    /// Of a delivery: how many records, how many in a submission, how many of these at once.
    var records = 10_000
    var batch = 50
    var inFlight = 2
    var suite = CipherSuite.gm
    var work = NSTemporaryDirectory() + "shangbao-bench"
    var mappings = FileManager.default.currentDirectoryPath + "/mappings"

    init(_ words: [String]) {
        var rest = words.dropFirst()[...]
        stage = rest.popFirst() ?? ""
        while let word = rest.popFirst(), let value = rest.popFirst() {
            switch word {
            case "--couples": couples = Int(value) ?? couples
            case "--records": records = Int(value) ?? records
            case "--cases": cases = max(1, Int(value) ?? cases)
            case "--batch": batch = max(1, Int(value) ?? batch)
            case "--in-flight": inFlight = max(1, Int(value) ?? inFlight)
            case "--suite": suite = CipherSuite(rawValue: value) ?? suite
            case "--work": work = value
            case "--mappings": mappings = value
            default: break
            }
        }
    }
}

/// A county made for one run: generated records, fresh keys, an empty database.
struct BenchmarkSite {
    let arguments: BenchmarkArguments
    let clock: Records.Clock
    let programme: Programme
    let profile: NationalProfile
    let file: MappingFile
    let csv: String
    let kit: PreparationKit

    init(_ arguments: BenchmarkArguments, clock: @escaping Records.Clock) throws {
        self.arguments = arguments
        self.clock = clock
        let catalogue = try Catalogue(root: arguments.mappings)
        programme = catalogue.programmes[0]
        profile = programme.profiles[0]
        file = programme.mappings[0]
        try FileManager.default.createDirectory(
            atPath: arguments.work, withIntermediateDirectories: true)
        csv = arguments.work + "/couples-\(arguments.couples).csv"
        if !FileManager.default.fileExists(atPath: csv) {
            let request = SampleRequest(
                couples: arguments.couples, seed: 1, defectFraction: 0.02, encoding: .gb18030)
            _ = try SampleWriter(request, mapping: file.mapping).write(to: csv)
        }
        kit = try BenchmarkSite.kit(programme, profile, arguments)
    }

    private static func kit(
        _ programme: Programme, _ profile: NationalProfile, _ arguments: BenchmarkArguments
    ) throws -> PreparationKit {
        let suite = arguments.suite
        let signing = try SigningKey(generating: suite)
        let designated =
            try String(
                contentsOfFile: arguments.mappings + "/../samples/site/designated.csv",
                encoding: .utf8)
        return PreparationKit(
            programme: programme, profile: profile,
            naming: NamingKeys(
                suite: suite, linkRoot: try .random(count: 32), linkDomain: "link/9901",
                outRoot: try .random(count: 32), epoch: 1, caseKey: try .random(count: 32),
                contentKey: try .random(count: 32)),
            sender: Sender(
                creditCode: "12990101MA0000T1XF", region: "990101", pseudonymEpoch: 1,
                recipientName: "national-2026",
                recipient: try UnwrappingKey(generating: suite).wrappingKey(),
                signingKeyID: "bench001", signingKey: signing),
            localKeys: [
                HeldKey(
                    kid: "local001", epoch: 1, activated: Timestamp(microseconds: 0),
                    secret: try .random(count: 32))
            ],
            designated: try CodeList(
                name: "designated", text: designated, shownAs: "designated.csv"),
            county: ServedCounty(region: "990101", fundingArea: nil), acceptsInvented: true,
            random: { (count) throws(CryptoFailure) in
                try SecretBytes.random(count: count).withUnsafeBytes { Array($0) }
            })
    }

    /// The whole left half: from the file to the durable queue, on all cores.
    func take() async throws {
        let path = arguments.work + "/take.db"
        for ending in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + ending)
        }
        let database = try await SQLiteDatabase.open(path, migrations: Site.migrations)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let arrival = Arrival(
            database: database, outbox: Outbox(epoch: "bench", policy: kit.profile.retry),
            kit: kit,
            desks: try (0..<cores).map { _ in try PreparationDesk(kit: kit) }, clock: clock)
        try await measure("take", couples: arguments.couples, suite: arguments.suite) {
            _ = try await arrival.accept(path: csv, source: "bench", file: file)
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            return Double(size ?? 0)
        }
        await database.close()
    }

    /// Each stage of the left half alone, on one core.
    func stages() async throws {
        let (couples, suite) = (arguments.couples, arguments.suite)
        try await measure("read", couples: couples, suite: suite) {
            let cursor = try CSVReader.open(path: csv)
            while try cursor.next(upTo: 500) != nil {}
            return 0
        }
        let cursor = try CSVReader.open(path: csv)
        let bound = try file.mapping.bound(to: cursor.header, acceptsInvented: true)
        var batches: [SourceBatch] = []
        while let batch = try cursor.next(upTo: 500), batches.count < 20 { batches.append(batch) }
        let rows = batches.reduce(0) { $0 + $1.rowCount }
        var records: [RecordBatch] = []
        await measure("map", couples: rows, suite: suite) {
            records = batches.map { bound.apply(to: $0) }
            return 0
        }
        let context = kit.context(for: bound, nil, arrivedOn: clock().day)
        var examined: [ExaminedBatch] = []
        await measure("rules", couples: rows, suite: suite) {
            examined = records.map { programme.rules.examine($0, context) }
            return 0
        }
        let identification = try Identification(
            keys: kit.naming, nationDomain: programme.dictionary.pseudonymDomain)
        var identities: [[Identity]] = []
        try await measure("identify", couples: rows, suite: suite) {
            identities = try examined.map {
                try identification.identify($0.batch, childOrder: programme.settles.childOrder)
            }
            return 0
        }
        var register = OpenRegister()
        let decided = examined.map { batch in
            programme.rules.decide(
                batch, standing: batch.outcomes.map { _ in .due }, entitlements: &register)
        }
        try await measure("protect", couples: rows, suite: suite) {
            let protection = Protection<ForNation>(dictionary: programme.dictionary)
            for (batch, names) in zip(decided, identities) {
                _ = try protection.protect(
                    batch.checked, rows: batch.checked.rows[...], identities: names,
                    under: try envelope())
            }
            return 0
        }
        let desk = try PreparationDesk(kit: kit)
        try await measure("protect and pack", couples: rows, suite: suite) {
            for (batch, names) in zip(decided, identities) {
                _ = try await desk.pack(
                    batch.checked, identities: names,
                    heads: Dictionary(uniqueKeysWithValues: batch.checked.rows.map { ($0, head) }),
                    upTo: profile.batch, at: clock())
            }
            return 0
        }
    }

    /// A submission of so many couples from the beginning of the file, packed.
    func packed(records count: Int) async throws -> PreparationDesk.Packed {
        let cursor = try CSVReader.open(path: csv)
        let bound = try file.mapping.bound(to: cursor.header, acceptsInvented: true)
        let desk = try PreparationDesk(kit: kit)
        let identification = try Identification(
            keys: kit.naming, nationDomain: programme.dictionary.pseudonymDomain)
        var register = OpenRegister()
        while let rows = try cursor.next(upTo: 2 * count + 50) {
            let context = kit.context(for: bound, nil, arrivedOn: clock().day)
            let examined = programme.rules.examine(bound.apply(to: rows), context)
            let checked = programme.rules.decide(
                examined, standing: examined.outcomes.map { _ in .due }, entitlements: &register
            ).checked
            let (packed, _) = try await desk.pack(
                checked,
                identities: try identification.identify(
                    examined.batch, childOrder: programme.settles.childOrder),
                heads: Dictionary(uniqueKeysWithValues: checked.rows.map { ($0, head) }),
                upTo: count, at: clock())
            if let whole = packed.first(where: { $0.submission.records.count == count }) {
                return whole
            }
        }
        throw BenchmarkFailure("the file has no \(count) couples that pass")
    }

    /// Who the other side of a delivery is.
    static func nation(_ arguments: BenchmarkArguments) throws -> NationalIdentity {
        try .create(
            folder: arguments.work + "/nation", sender: "12990101MA0000T1XF", region: "990101",
            moment: Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1e6)))
    }

    private var head: RecordHead {
        RecordHead(
            version: 1, action: .submit, institution: "MA0000T1X99010111G1001",
            servedOn: CalendarDate(daysSince1970: 15_400),
            traits: SettlementTraits(isFree: true, spouses: [true, true], isComplete: true))
    }

    private func envelope() throws -> Envelope {
        Envelope(
            submission: SubmissionID("00000000-0000-7000-8000-000000000000"),
            suite: arguments.suite, keyID: "benchbenchbench1", dataKey: try .random(count: 32))
    }
}

/// Nobody had a free check before, and nothing was sent.
struct OpenRegister: EntitlementRegister {
    func isTaken(row: Int) -> Bool { false }
    func isInForce(row: Int) -> Bool { false }
    mutating func take(row: Int) {}
}
