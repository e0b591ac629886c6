import Delivery
import Programmes
import Records

/// Finds for each row of a list of results the version that it speaks of (对应): by our reference;
/// without it by the platform's number, or by the ID numbers of all persons, and then only where
/// one version alone can be meant. Nothing is guessed.
struct ResultMatching {
    private let versions: [String: HandedItem]
    private let bySerial: [String: [HandedItem]]
    private let byPersons: [[String: String]: [HandedItem]]

    /// - Parameters:
    ///   - items: everything that was handed out, oldest first.
    ///   - persons: of each record the ID numbers by role; none where no row needs them.
    init(_ items: [HandedItem], persons: [RecordID: [String: String]]) {
        // What was cancelled was never typed; of what went again the last one counts.
        let items = items.filter { $0.state != .void }
        versions = Dictionary(
            items.map { (Worklist.reference($0.record, $0.version), $0) },
            uniquingKeysWith: { $1 })
        let latest = versions.values
        bySerial = Dictionary(
            grouping: latest.filter { $0.serial != nil }, by: { $0.serial ?? "" })
        byPersons = Dictionary(
            grouping: latest.filter { persons[$0.record]?.isEmpty == false },
            by: { persons[$0.record] ?? [:] })
    }

    /// Whether a row can only be told by its persons.
    static func needsPersons(_ row: ResultRow) -> Bool {
        row.reference == nil && !row.persons.isEmpty
    }

    /// The version that a row speaks of, or why none.
    func item(for row: ResultRow) -> Result<HandedItem, Miss> {
        if let reference = row.reference {
            guard let item = versions[Worklist.reference(reference.record, reference.version)]
            else { return .failure(Miss(.unmatched)) }
            return .success(meant(item, by: row))
        }
        var found = row.serial.flatMap { bySerial[$0] } ?? []
        if found.isEmpty, !row.persons.isEmpty { found = byPersons[row.persons] ?? [] }
        // A case that is gone from the platform is one that we asked to have deleted.
        let deletions = found.filter { $0.action == .withdraw }
        if row.outcome == .withdrawn, !deletions.isEmpty { found = deletions }
        guard let only = found.first else { return .failure(Miss(.unmatched)) }
        return found.count == 1 ? .success(only) : .failure(Miss(.several))
    }

    /// The platform keeps the reference that was typed with a case; that it is gone answers the
    /// withdrawal that followed.
    private func meant(_ item: HandedItem, by row: ResultRow) -> HandedItem {
        guard row.outcome == .withdrawn, item.action != .withdraw else { return item }
        return versions.values
            .filter {
                $0.record == item.record && $0.action == .withdraw && $0.version > item.version
            }
            .min { $0.version < $1.version } ?? item
    }

    /// The records that the platform gave this number to before (平台编号).
    func owners(of serial: String) -> Set<RecordID> {
        Set((bySerial[serial] ?? []).map(\.record))
    }

    struct Miss: Error {
        let problem: ResultProblem

        init(_ problem: ResultProblem) { self.problem = problem }
    }
}

/// What the rows of a list come to, case by case.
struct ResultAnswers {
    private(set) var entries: [HandedItem: UnsignedReceipt.Entry] = [:]
    private(set) var problems: [Int: ResultProblem]
    private(set) var pending = 0
    private var banned: Set<HandedItem> = []
    private var rows: [HandedItem: Int] = [:]

    init(
        _ rows: [ResultRow], problems: [Int: ResultProblem], by matching: ResultMatching,
        code: (ResultRow) -> (code: String, isKnown: Bool)
    ) {
        self.problems = problems
        for row in rows {
            switch matching.item(for: row) {
            case .failure(let miss): self.problems[row.number] = miss.problem
            case .success(let item): take(row, of: item, code)
            }
        }
        refuseSharedSerials(by: matching)
    }

    /// A number that the platform gave to two cases (一号两例) counts for neither: one of them it
    /// would not pay for.
    private mutating func refuseSharedSerials(by matching: ResultMatching) {
        var bySerial: [String: [HandedItem]] = [:]
        for (item, entry) in entries {
            if entry.isAccepted, let serial = entry.serial {
                bySerial[serial, default: []].append(item)
            }
        }
        for (serial, items) in bySerial {
            let owners = matching.owners(of: serial).union(items.map(\.record))
            guard owners.count > 1 else { continue }
            for item in items {
                // The one that had it before keeps what it has.
                if let row = rows[item] { problems[row] = .shared }
                entries[item] = nil
            }
        }
    }

    private mutating func take(
        _ row: ResultRow, of item: HandedItem,
        _ code: (ResultRow) -> (code: String, isKnown: Bool)
    ) {
        let isWithdrawal = item.action == .withdraw
        switch row.outcome {
        case .pending: pending += 1
        // It still stands there: nobody has deleted it yet.
        case .accepted where isWithdrawal: pending += 1
        case .withdrawn where !isWithdrawal: problems[row.number] = .action
        case .accepted, .withdrawn:
            keep(
                UnsignedReceipt.Entry(
                    record: item.record, version: item.version, isAccepted: true,
                    serial: row.serial, code: nil), of: item, row.number)
        case .rejected:
            let (code, isKnown) = code(row)
            if !isKnown { problems[row.number] = .reason }
            keep(
                UnsignedReceipt.Entry(
                    record: item.record, version: item.version, isAccepted: false,
                    serial: row.serial, code: code), of: item, row.number)
        }
    }

    private mutating func keep(
        _ entry: UnsignedReceipt.Entry, of item: HandedItem, _ number: Int
    ) {
        guard !banned.contains(item), entries[item].map({ $0 == entry }) ?? true else {
            if let first = rows[item] { problems[first] = .contradicted }
            problems[number] = .contradicted
            entries[item] = nil
            banned.insert(item)
            return
        }
        entries[item] = entry
        rows[item] = number
    }
}
