import Records

/// Finds for each row of a list the case that it speaks of: by our reference, else by the national
/// side's number, else by the rows that it is tied to. Two sorted lists of keys are walked side by
/// side, so that a row costs the same whatever the size of the books.
struct ListMatching {
    /// The rows of each case, by the case's place.
    private(set) var rowsOfCase: [[ListedRow]]
    /// Rows that name no case of ours, by what they name; one entry is one case of theirs.
    private(set) var foreign: [[ListedRow]] = []
    private(set) var problems: [Int: ListedRowProblem] = [:]
    /// Places of cases that a row without sense may name.
    private(set) var doubted: Set<Int> = []

    /// A key and the cases that bear it: their places stand in `owners`, ascending.
    private struct Run {
        let key: String
        var owners: Range<Int>
    }

    private let owners: [Int]
    private let runs: [Run]
    private var doubtedRuns: Set<Int> = []

    init(_ rows: [ListedRow], _ cases: [LedgerCase]) {
        let keys = cases.enumerated().flatMap { place, one in
            [("r" + one.record.text, place)] + one.serials.map { ("s" + $0, place) }
        }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        owners = keys.map(\.1)
        var runs: [Run] = []
        for (place, key) in keys.enumerated() {
            if let last = runs.last, last.key == key.0 {
                runs[runs.count - 1].owners = last.owners.lowerBound..<place + 1
            } else {
                runs.append(Run(key: key.0, owners: place..<place + 1))
            }
        }
        self.runs = runs
        rowsOfCase = Array(repeating: [], count: cases.count)
        match(rows)
    }

    /// The run of each key, walked beside the runs; `nil` where nobody bears it.
    private func places(of keys: [String?]) -> [Int?] {
        var found: [Int?] = Array(repeating: nil, count: keys.count)
        let sorted = keys.indices.filter { keys[$0] != nil }
            .sorted { (keys[$0] ?? "") < (keys[$1] ?? "") }
        var run = 0
        for place in sorted {
            guard let key = keys[place] else { continue }
            while run < runs.count, runs[run].key < key { run += 1 }
            if run < runs.count, runs[run].key == key { found[place] = run }
        }
        return found
    }

    private mutating func match(_ rows: [ListedRow]) {
        let byRecord = places(of: rows.map { $0.record.map { "r" + $0.text } })
        let bySerial = places(of: rows.map { $0.serial.map { "s" + $0 } })
        var loose: [ListedRow] = []
        /// The case of a group, or -1 where it has several.
        var caseOfGroup: [String: Int] = [:]
        for (place, row) in rows.enumerated() {
            let (own, numbered) = (byRecord[place], bySerial[place])
            if let problem = row.problem {
                doubt(row, problem, [own, numbered])
                continue
            }
            switch find(row, own, numbered) {
            case .failure(let miss): doubt(row, miss.problem, [own, numbered])
            case .success(nil): loose.append(row)
            case .success(.some(let found)):
                rowsOfCase[found].append(row)
                if let group = row.group {
                    let before = caseOfGroup[group] ?? found
                    caseOfGroup[group] = before == found ? found : -1
                }
            }
        }
        tie(loose, caseOfGroup)
        for run in doubtedRuns { doubted.formUnion(owners[runs[run].owners]) }
    }

    private struct Miss: Error { let problem: ListedRowProblem }

    /// The place of the case that a row's own words name.
    private func find(
        _ row: ListedRow, _ own: Int?, _ numbered: Int?
    ) -> Result<Int?, Miss> {
        let owner = own.map { owners[runs[$0].owners.lowerBound] }
        guard let numbered else { return .success(owner) }
        let bearers = runs[numbered].owners
        if row.record != nil {
            guard let owner, holds(bearers, owner) else {
                return .failure(Miss(problem: .twoCases))
            }
            return .success(owner)
        }
        guard bearers.count == 1 else { return .failure(Miss(problem: .several)) }
        return .success(owners[bearers.lowerBound])
    }

    /// Whether a case is among the bearers of a key; they are in order.
    private func holds(_ bearers: Range<Int>, _ wanted: Int) -> Bool {
        var (low, high) = (bearers.lowerBound, bearers.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if owners[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low < bearers.upperBound && owners[low] == wanted
    }

    private mutating func doubt(_ row: ListedRow, _ problem: ListedRowProblem, _ found: [Int?]) {
        problems[row.number] = problem
        doubtedRuns.formUnion(found.compactMap { $0 })
    }

    /// Rows that name no case of ours join the one that their group has; the rest are theirs alone.
    private mutating func tie(_ loose: [ListedRow], _ caseOfGroup: [String: Int]) {
        var theirs: [(name: String, row: ListedRow)] = []
        for row in loose {
            if let record = row.record {
                theirs.append(("r" + record.text, row))
            } else if let group = row.group, let found = caseOfGroup[group] {
                if found >= 0 {
                    rowsOfCase[found].append(row)
                } else if let serial = row.serial {
                    theirs.append(("s" + serial, row))
                } else {
                    problems[row.number] = .several
                }
            } else if let name = row.group.map({ "g" + $0 }) ?? row.serial.map({ "s" + $0 }) {
                theirs.append((name, row))
            } else {
                problems[row.number] = .nameless
            }
        }
        theirs.sort { ($0.name, $0.row.number) < ($1.name, $1.row.number) }
        var last: String?
        for (name, row) in theirs {
            if name == last {
                foreign[foreign.count - 1].append(row)
            } else {
                foreign.append([row])
            }
            last = name
        }
    }
}
