package import Records

/// Our cases beside the national side's own list of them (对明细账): one to one, and several rows to
/// one case. A function of the books and the list; nothing is put right by itself.
package struct ListReconciliation: Sendable {
    /// Which months are compared: a year, or one month of it.
    package struct Scope: Sendable, Hashable {
        package let year: Int
        package let month: CalendarMonth?

        package init(year: Int, month: CalendarMonth? = nil) {
            self.year = year
            self.month = month
        }

        /// Whether a month is compared.
        package func holds(_ month: CalendarMonth) -> Bool {
            self.month.map { $0 == month } ?? (month.year == year)
        }
    }

    /// What a list is like.
    package struct Shape: Sendable, Hashable {
        /// Whether a row is a case, so that a case under two numbers is counted twice; else
        /// several rows may be one.
        package let countsRows: Bool
        /// Services that are not in it at all.
        package let omitted: Set<String>

        package init(countsRows: Bool = true, omitted: Set<String> = []) {
            self.countsRows = countsRows
            self.omitted = omitted
        }
    }

    /// Several rows that are one case.
    package struct Match: Sendable, Codable, Hashable {
        package let record: RecordID
        package let rows: [Int]
    }

    /// Three sides of one institution and month.
    package struct Line: Sendable, Codable, Hashable {
        package let institution: String?
        package let month: CalendarMonth?
        /// Cases by the clinic's own word; absent where it said nothing.
        package internal(set) var source: Int?
        /// Cases in force in our books and in the list.
        package internal(set) var local = 0
        package internal(set) var national = 0
        /// Differences of cases that are counted here by us, else by them.
        package internal(set) var differences = 0
    }

    /// Cases of ours with at least one row, and rows in all.
    package private(set) var matched = 0
    package let rows: Int
    /// Those with more than one row.
    package private(set) var manyToOne: [Match] = []
    /// Cases that are open on both sides: no difference yet.
    package private(set) var open = 0
    /// Cases of theirs that we do not know and that count nowhere.
    package private(set) var withoutEffect = 0
    /// Cases of other months.
    package private(set) var outside = 0
    /// In the order of `Difference.isBefore`.
    package private(set) var differences: [Difference] = []
    /// By the row's number.
    package let problems: [Int: ListedRowProblem]
    /// Names of cases that a row without sense speaks of: nothing is said of them.
    package private(set) var doubted: Set<String>
    /// By institution and month; the unknown cell last.
    package var lines: [Line] { cells.sorted { $0.key < $1.key }.map(\.value) }

    private let scope: Scope
    private let shape: Shape
    /// Cases in force of services that the list does not have.
    private var unlisted: [PeriodCell: Int] = [:]
    private var cells: [PeriodCell: Line] = [:]

    /// - Parameters:
    ///   - shape: what the list is like.
    ///   - scope: which months are compared.
    package init(_ rows: [ListedRow], _ shape: Shape, _ book: CaseBook, scope: Scope) {
        let cases = book.cases.map { LedgerCase($0.key, $0.value, in: book) }
            .sorted { $0.record.text < $1.record.text }
        let matching = ListMatching(rows, cases)
        self.rows = rows.count
        self.scope = scope
        self.shape = shape
        problems = matching.problems
        doubted = Set(matching.doubted.map { cases[$0].record.text })
        for row in rows where matching.problems[row.number] != nil {
            for name in [row.record?.text, row.serial, row.group] {
                if let name { doubted.insert(name) }
            }
        }
        for (place, one) in cases.enumerated() {
            let isDoubted = matching.doubted.contains(place)
            judge(one, Listed(matching.rowsOfCase[place]), isDoubted: isDoubted)
        }
        for rows in matching.foreign { judge(Listed(rows)) }
        let source = book.sourceCounts.lines(book, year: scope.year)
        for line in source where line.service == nil && scope.holds(line.month) {
            let cell = PeriodCell(institution: line.institution, month: line.month)
            change(cell) { $0.source = line.source }
        }
        differences += source.filter { scope.holds($0.month) }.compactMap { Difference($0) }
        differences.sort(by: Difference.isBefore)
    }

    /// What the list itself counts in force, by institution and month; what has neither is left
    /// out.
    package var counts: [NationalCounts] {
        lines.compactMap { line in
            guard let institution = line.institution, let month = line.month, line.national > 0
            else { return nil }
            return NationalCounts(
                institution: institution, month: month, accepted: line.national, rejected: 0,
                duplicate: 0)
        }
    }

    /// Where the list is not what the national side's own counts say, added to the differences.
    /// Of services that it does not have our books tell how many there are.
    package mutating func compare(with counts: [NationalCounts]) {
        var said: [PeriodCell: Int] = [:]
        for count in counts where scope.holds(count.month) {
            said[PeriodCell(institution: count.institution, month: count.month), default: 0] +=
                count.accepted
        }
        for cell in Set(said.keys).union(cells.keys).union(unlisted.keys)
        where cell != .unknown {
            let listed = (cells[cell]?.national ?? 0) + (unlisted[cell] ?? 0)
            let counted = said[cell] ?? 0
            guard listed != counted else { continue }
            var difference = Difference(.listTotals, .countOnly, .listNotCounts, at: cell)
            difference.local = listed
            difference.national = counted
            differences.append(difference)
        }
        differences.sort(by: Difference.isBefore)
    }

    private mutating func change(_ cell: PeriodCell, _ body: (inout Line) -> Void) {
        var line = cells[cell] ?? Line(institution: cell.institution, month: cell.month)
        body(&line)
        cells[cell] = line
    }

    /// A case of ours, with the rows that speak of it.
    private mutating func judge(_ one: LedgerCase, _ listed: Listed, isDoubted: Bool) {
        let isOurs = one.cell.month.map(scope.holds) ?? false
        let isTheirs = listed.month.map(scope.holds) ?? false
        guard isOurs || isTheirs || one.cell.month == nil && !listed.rows.isEmpty else {
            if !listed.rows.isEmpty { outside += 1 }
            return
        }
        if listed.rows.isEmpty, one.service.map(shape.omitted.contains) ?? false {
            if one.standing == .accepted { unlisted[one.cell, default: 0] += 1 }
            return
        }
        if one.standing == .accepted, isOurs { change(one.cell) { $0.local += 1 } }
        let place = listed.place(else: one.cell)
        let times = shape.countsRows ? listed.times : 1
        if listed.state == .accepted, place.month.map(scope.holds) ?? true {
            change(place) { $0.national += times }
        }
        if !listed.rows.isEmpty { matched += 1 }
        if listed.rows.count > 1 {
            manyToOne.append(Match(record: one.record, rows: listed.numbers))
        }
        guard !isDoubted else { return }
        guard let (kind, reason) = one.difference(from: listed, times: times) else {
            if [.unanswered, .queued].contains(one.standing) { open += 1 }
            return
        }
        let cell = isOurs ? one.cell : place
        var difference = Difference(.list, kind, reason, at: cell)
        difference.record = one.record
        difference.rows = listed.numbers
        if reason == .listedTwice { (difference.local, difference.national) = (1, times) }
        differences.append(difference)
        change(cell) { $0.differences += 1 }
    }

    /// A case of theirs that our books do not know.
    private mutating func judge(_ listed: Listed) {
        guard listed.month.map(scope.holds) ?? true else {
            outside += 1
            return
        }
        guard listed.state != .rejected, listed.state != .withdrawn else {
            withoutEffect += 1
            return
        }
        let cell = listed.place(else: .unknown)
        let times = shape.countsRows ? listed.times : 1
        if listed.state == .accepted { change(cell) { $0.national += times } }
        var difference = Difference(
            .list, .nationalOnly, listed.state == .pending ? .notOursPending : .notOurs, at: cell)
        difference.record = listed.rows.first?.record
        difference.serial = listed.rows.lazy.compactMap { $0.serial ?? $0.group }.first
        difference.rows = listed.numbers
        differences.append(difference)
        change(cell) { $0.differences += 1 }
    }
}

/// What the rows of one case say together.
struct Listed {
    enum State: Sendable {
        case absent, accepted, rejected, pending, withdrawn
        /// One row says this, another one that.
        case mixed
    }

    let rows: [ListedRow]
    let state: State
    /// The newest version that a row names.
    let version: Int?
    let institution: String?
    let month: CalendarMonth?
    /// How often they count it: so many numbers of theirs it has.
    let times: Int

    init(_ rows: [ListedRow]) {
        self.rows = rows
        let last = rows.compactMap(\.version).max()
        // An older version's row is what was true before.
        let newest = rows.filter { $0.version == last || $0.version == nil }
        version = last
        let states = Set(newest.map(\.state))
        state =
            switch (states.first, states.count) {
            case (nil, _): .absent
            case (.accepted?, 1): .accepted
            case (.rejected?, 1): .rejected
            case (.pending?, 1): .pending
            case (.withdrawn?, 1): .withdrawn
            default: .mixed
            }
        institution = newest.lazy.compactMap(\.institution).first
        month = newest.lazy.compactMap(\.month).first
        times = max(1, Set(newest.compactMap(\.serial)).count)
    }

    var numbers: [Int] { rows.map(\.number).sorted() }

    /// Where they count it; what a row does not say is as our books have it.
    func place(else cell: PeriodCell) -> PeriodCell {
        PeriodCell(institution: institution ?? cell.institution, month: month ?? cell.month)
    }
}

extension LedgerCase {
    /// How the two sides differ; `nil` where they do not, or where both still wait.
    ///
    /// - Parameter times: how often they count it.
    func difference(
        from listed: Listed, times: Int
    ) -> (Discrepancy.Kind, DifferenceReason)? {
        if listed.state == .mixed { return (.stateDiffers, .mixed) }
        switch standing {
        case .accepted: return inForceDifference(from: listed, times: times)
        case .frozen:
            return listed.state == .absent
                ? (.localOnly, .frozenNotListed) : (.stateDiffers, .weFroze)
        case .unanswered: return unansweredDifference(from: listed)
        case .queued where listed.state == .pending: return nil
        case .queued, .home:
            return listed.isThere ? (.stateDiffers, .notSent) : nil
        case .rejected:
            guard listed.isThere else { return nil }
            return (.stateDiffers, listed.state == .pending ? .weRejectedPending : .weRejected)
        case .reversed: return listed.isThere ? (.stateDiffers, .weReversed) : nil
        case .withdrawn: return listed.isThere ? (.stateDiffers, .weWithdrew) : nil
        }
    }

    private func inForceDifference(
        from listed: Listed, times: Int
    ) -> (Discrepancy.Kind, DifferenceReason)? {
        switch listed.state {
        case .absent: return (.localOnly, .notListed)
        case .rejected: return (.stateDiffers, .theyRejected)
        case .pending: return (.stateDiffers, .theyPending)
        case .withdrawn: return (.stateDiffers, isLeaving ? .noReceiptDeleted : .theyDeleted)
        case .accepted, .mixed: break
        }
        if let version = listed.version, let inForce, version != inForce {
            return (.stateDiffers, version < inForce ? .olderVersion : .newerVersion)
        }
        if times > 1 { return (.countOnly, .listedTwice) }
        return listed.place(else: cell) == cell ? nil : (.stateDiffers, .elsewhere)
    }

    private func unansweredDifference(
        from listed: Listed
    ) -> (Discrepancy.Kind, DifferenceReason)? {
        switch listed.state {
        case .accepted: return (.stateDiffers, .noReceipt)
        case .withdrawn: return (.stateDiffers, .noReceiptDeleted)
        // What they rejected may be the version before, whose answer we have.
        case .rejected where wasRejected && listed.version != lastSent: return nil
        case .rejected: return (.stateDiffers, .noReceiptRejected)
        case .absent, .pending, .mixed: return nil
        }
    }
}

extension Listed {
    /// In force on their side, or about to be.
    var isThere: Bool { state == .accepted || state == .pending }
}
