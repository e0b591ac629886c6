import Definitions
package import Delivery
import Foundation
import Intake
import LibCrypto
import LibZlib
package import Privacy
import Programmes
import Records
package import Storage
import Submissions

/// Assisted entry at work (辅助录入): hands cases to the person who types, and takes the platform's
/// own list of results in.
package struct AssistedDesk: Sendable {
    private let site: Site
    private let part: SiteProgramme
    private let entry: AssistedEntry
    private let database: any SteadyDatabase
    private let exchange: Exchange
    private let desk: PreparationDesk
    private let names: AnswerTextNames

    /// Throws `AssistedFailure` for a site that reports by wire or a profile without forms.
    package init(
        site: Site, _ part: SiteProgramme, database: any SteadyDatabase, exchange: Exchange,
        keyring: Keyring
    ) async throws {
        guard exchange.isAssisted else { throw AssistedFailure(.notAssisted) }
        guard let entry = part.profile.assisted else {
            throw AssistedFailure(.noForms, place: part.programme.folderName)
        }
        try await site.bind(database, to: keyring)
        self.site = site
        self.part = part
        self.entry = entry
        self.database = database
        self.exchange = exchange
        let kit = try site.preparationKit(keyring, for: part)
        names = try AnswerTextNames(suite: kit.naming.suite, caseKey: kit.naming.caseKey)
        desk = try PreparationDesk(kit: kit)
    }

    // MARK: - Out

    /// What is due, with a worklist of it; `nil` where nothing is.
    ///
    /// Nothing is changed or written. Throws `HandoutFailure`, `StorageFailure`, `PackingFailure`.
    package func due() async throws -> (worklist: Worklist, handouts: [Handout])? {
        let (outbox, name, programme) = (exchange.outbox, exchange.endpoint.name, part.name)
        let handouts = try await database.read {
            try outbox.handouts(name, programme: programme, in: $0)
        }
        guard !handouts.isEmpty else { return nil }
        return (try await worklist(of: handouts.map(\.submission)), handouts)
    }

    /// A worklist that was handed out, with the SHA-256 of the workbook that was written.
    ///
    /// Throws `AssistedFailure`, `StorageFailure`, `PackingFailure`.
    ///
    /// - Parameter beginning: how the workbook's SHA-256 begins; the last one if `nil`.
    package func handedOut(
        _ beginning: String? = nil
    ) async throws -> (worklist: Worklist, workbook: String) {
        let (outbox, programme) = (exchange.outbox, part.name)
        let found = try await database.read {
            try outbox.handouts(
                programme: programme, beginning: beginning?.lowercased() ?? "", in: $0)
        }
        if let beginning {
            guard beginning.count >= 8, Set(found.map(\.workbook)).count == 1 else {
                throw AssistedFailure(.noWorklist, place: beginning)
            }
        }
        guard let one = found.first else {
            throw AssistedFailure(.neverHanded, place: part.programme.folderName)
        }
        return (try await worklist(of: one.submissions), one.workbook)
    }

    /// Notes that a worklist was handed out. Throws `HandoutFailure`, `StorageFailure`.
    package func handOut(_ worklist: Worklist, _ handouts: [Handout], by person: String)
        async throws
    {
        let (outbox, now) = (exchange.outbox, site.clock())
        try await database.write {
            try outbox.handOut(
                handouts, workbook: worklist.digest, cases: worklist.cases, by: person, now: now,
                in: $0)
        }
    }

    private func worklist(of submissions: [SubmissionID]) async throws -> Worklist {
        var cases: [Worklist.Case] = []
        let dictionary = part.programme.dictionary
        let owner: (Element) -> String = { element in
            switch element.location {
            case .subject(let number): dictionary.subjects[number].title.zh
            case .form(let number): dictionary.forms[number].title.zh
            }
        }
        var opened: [SubmissionID: [ClearRecord]] = [:]
        for submission in submissions {
            for record in try await clear(submission) {
                let serial = try await database.read { [outbox = exchange.outbox] in
                    try outbox.serial(of: record.record, before: record.version, in: $0)
                }
                cases.append(
                    Worklist.Case(
                        record: record, serial: serial,
                        earlier: try await earlier(than: record, &opened), owner: owner))
            }
        }
        return Worklist(
            cases, submissions: submissions, steps: entry.checklist,
            persons: Set(dictionary.subjects.map(\.idNumber)))
    }

    /// What stands on the platform of a record that is to be changed or deleted there.
    private func earlier(
        than record: ClearRecord, _ opened: inout [SubmissionID: [ClearRecord]]
    ) async throws -> ClearRecord? {
        guard record.action != .submit else { return nil }
        let standing = try await database.read { [outbox = exchange.outbox] in
            try outbox.standing(of: record.record, before: record.version, in: $0)
        }
        guard let standing else { return nil }
        if opened[standing.submission] == nil {
            opened[standing.submission] = try await clear(standing.submission)
        }
        return opened[standing.submission]?.first {
            $0.record == record.record && $0.version == standing.version
        }
    }

    /// The records of a submission in clear.
    private func clear(_ submission: SubmissionID) async throws -> [ClearRecord] {
        let outbox = exchange.outbox
        let parcel = try await database.read { try outbox.parcel(of: submission, in: $0) }
        guard let parcel, Hash.sha256.digest(parcel.wire) == parcel.wireDigest else {
            throw StorageFailure(.corrupt)
        }
        return try await desk.read(parcel)
    }

    // MARK: - Back

    /// What a list of results came to.
    package struct Outcome: Sendable {
        /// SHA-256 of the list, hex.
        package let list: String
        /// Whether these very bytes were brought before.
        package let wasKept: Bool
        package let rows: Int
        /// Cases that it decides, and rows that decide nothing yet.
        package let accepted: Int
        package let rejected: Int
        package let pending: Int
        /// By the row's number.
        package let problems: [Int: ResultProblem]
        /// What was made of the receipts, one for each submission.
        package let receipts: [Disposition: Int]
    }

    /// Takes a list of results in: its bytes first, sealed; then what it says, as receipts
    /// without a signature.
    ///
    /// The same list again changes nothing, but for what is understood by now. Throws
    /// `ReadFailure`, `AssistedFailure`, `StorageFailure`, `PackingFailure`.
    package func take(resultsAt path: String, by person: String) async throws -> Outcome {
        let file = try SourceFile(path: path, byteLimit: ResultRows.byteLimit)
        let bytes = try file.bytes(0..<file.byteCount)
        let list = Hex.encode(Hash.sha256.digest(bytes))
        let read = try ResultRows(path: path, by: entry.results)
        try file.verifyUnchanged()
        let (outbox, now) = (exchange.outbox, site.clock())
        let sealed = try await desk.pieces(of: bytes, digest: list)
        let kept = try await database.write {
            try outbox.keepList(
                list, sealed: sealed, byteCount: bytes.count, by: person, now: now, in: $0)
        }
        let items = try await database.read { [name = part.name] in
            try outbox.handedItems(programme: name, in: $0)
        }
        let persons =
            read.rows.contains(where: ResultMatching.needsPersons)
            ? try await self.persons(of: items) : [:]
        let answers = ResultAnswers(
            read.rows, problems: read.problems, by: ResultMatching(items, persons: persons),
            code: code)
        let receipts = try await apply(answers, of: list, received: kept.received)
        let accepted = answers.entries.values.count { $0.isAccepted }
        return Outcome(
            list: list, wasKept: !kept.isNew, rows: read.count, accepted: accepted,
            rejected: answers.entries.count - accepted, pending: answers.pending,
            problems: answers.problems, receipts: receipts)
    }

    /// A list that is kept, as it was brought. Throws `AssistedFailure`, `StorageFailure`,
    /// `CryptoFailure`.
    package func keptList(_ beginning: String) async throws -> (digest: String, bytes: [UInt8]) {
        let outbox = exchange.outbox
        let kept = try await database.read { try outbox.keptList(beginning: beginning, in: $0) }
        guard beginning.count >= 8, let kept else {
            throw AssistedFailure(.noList, place: beginning)
        }
        guard !kept.sealed.contains("") else {
            throw AssistedFailure(.listErased, place: String(kept.digest.prefix(16)))
        }
        return (kept.digest, try await desk.whole(kept.sealed, digest: kept.digest))
    }

    /// One receipt for each submission, stored and understood as any other.
    private func apply(
        _ answers: ResultAnswers, of list: String, received: Timestamp
    ) async throws -> [Disposition: Int] {
        let collector = Collector(
            database: database, outbox: exchange.outbox, endpoint: exchange.endpoint,
            clock: site.clock)
        let bySubmission = Dictionary(grouping: answers.entries, by: \.key.submission)
        var receipts: [Disposition: Int] = [:]
        for (submission, found) in bySubmission.sorted(by: { $0.key.text < $1.key.text }) {
            let digest = try await database.read { [outbox = exchange.outbox] in
                try outbox.show(submission, in: $0)?.digest
            }
            guard let digest else { throw StorageFailure(.corrupt) }
            let receipt = UnsignedReceipt(
                list: list, submission: submission, digest: digest,
                sender: exchange.endpoint.sender, received: received, entries: found.map(\.value))
            let taken = try await collector.take(
                receipt.document(namespace: exchange.endpoint.namespace))
            receipts[taken.disposition, default: 0] += 1
        }
        return receipts
    }

    /// The code of a rejection: the platform's own, where the profile knows it, else what its
    /// reason means, else a name that holds the record.
    private func code(_ row: ResultRow) -> (code: String, isKnown: Bool) {
        if exchange.endpoint.codes[row.code] != nil { return (row.code, true) }
        let text = row.reason.isEmpty ? row.code : row.reason
        let code =
            entry.results.texts.code(of: text, named: names) ?? AnswerTextNames.nameless
        return (code, exchange.endpoint.codes[code] != nil)
    }

    /// The ID numbers of everybody who was handed out, in memory alone.
    private func persons(of items: [HandedItem]) async throws -> [RecordID: [String: String]] {
        var persons: [RecordID: [String: String]] = [:]
        let dictionary = part.programme.dictionary
        for submission in Set(items.map(\.submission)) {
            for record in try await clear(submission) {
                var numbers: [String: String] = [:]
                for subject in dictionary.subjects where entry.results.persons[subject.role] != nil
                {
                    let field = record.fields.first { $0.element.ordinal == subject.idNumber }
                    if let field { numbers[subject.role] = field.text.uppercased() }
                }
                if !numbers.isEmpty { persons[record.record] = numbers }
            }
        }
        return persons
    }
}

extension PreparationDesk {
    /// Reads a submission back with our own copy of its key.
    ///
    /// - Parameter record: the one that is wanted; all of them where it is left out.
    func read(_ parcel: Parcel, only record: RecordID? = nil) throws -> [ClearRecord] {
        guard let suite = CipherSuite(rawValue: parcel.suite) else {
            throw CryptoFailure(.malformed, "suite")
        }
        let document = try Gzip.decompress(parcel.wire, limit: kit.profile.mostBytes)
        return try SubmissionReading(dictionary: kit.programme.dictionary).records(
            of: document,
            under: envelope(of: document, parcel.id, suite, ownKey: parcel.ownKey),
            only: record)
    }

    /// A file that stays at home, sealed in pieces.
    func pieces(of file: [UInt8], digest: String) throws -> [String] {
        let size = 1 << 19
        return try stride(from: 0, to: file.count, by: size).enumerated().map { number, start in
            try seal(
                Array(file[start..<min(start + size, file.count)]), ofFile: digest, number: number)
        }
    }

    /// The whole of it again. Throws `CryptoFailure` for pieces that are not those of the file.
    func whole(_ pieces: [String], digest: String) throws -> [UInt8] {
        var file: [UInt8] = []
        for (number, piece) in pieces.enumerated() {
            file += try open(piece, ofFile: digest, number: number)
        }
        guard Hex.encode(Hash.sha256.digest(file)) == digest else {
            throw CryptoFailure(.authenticationFailed, "kept list")
        }
        return file
    }
}
