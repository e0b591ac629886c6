package import Evidence
package import Records
package import Settlements

/// A list in which clinics, or whoever asks them, say how many cases they did (机构自报数清单): XLSX or
/// CSV with the columns 机构 (institution), 月份 (month), 例数 (count) and, where a programme has several
/// services, 服务 (service).
package struct SourceCountList: Sendable {
    /// Rows that say something, in their order.
    package private(set) var counts: [Fact.Counted] = []
    /// Rows that do not, by number as Excel counts.
    package private(set) var problems: [(row: Int, problem: SourceCountProblem)] = []

    private static let columns: BroughtList.Wanted = [
        "institution": ["机构", "机构代码", "institution"], "month": ["月份", "month"],
        "count": ["例数", "接收", "生效", "count", "accepted"], "service": ["服务", "service"],
    ]
    private static let byteLimit = 8 << 20

    /// - Parameters:
    ///   - services: the services that the programme has; none for one that has a single one.
    ///   - person: who brought it.
    /// - Throws: `ReadFailure`, `SourceCountFailure` where a column is missing.
    package init(
        path: String, programme: String, services: Set<String>, by person: String
    ) throws {
        let list = try BroughtList(
            path: path, byteLimit: SourceCountList.byteLimit, wanted: SourceCountList.columns,
            key: "count")
        for name in ["institution", "month", "count"] where list.columns[name] == nil {
            throw SourceCountFailure(
                place: list.name,
                detail: SourceCountList.columns[name]?.joined(separator: " / "))
        }
        let digest = try ItemDigest.sha256(
            ofFileAt: path, byteLimit: SourceCountList.byteLimit)
        var counts: [Fact.Counted] = []
        var problems: [(row: Int, problem: SourceCountProblem)] = []
        try list.read(
            unreadable: { problems.append(($0, .unreadable)) },
            each: { row in
                do throws(SourceCountProblem) {
                    guard !row.isSpoiled else { throw .unreadable }
                    counts.append(
                        try SourceCountList.count(
                            institution: row.text("institution"), month: row.text("month"),
                            count: row.text("count"), service: row.text("service"),
                            of: programme, services, list: digest, by: person))
                } catch {
                    problems.append((row.number, error))
                }
            })
        self.counts = counts
        self.problems = problems
    }

    /// The same rows as what the national side has in force, by institution and month: whoever
    /// brings the list says that it is theirs.
    package func nationalCounts(of year: Int) -> [NationalCounts] {
        var sums: [PeriodCell: Int] = [:]
        for count in counts where count.month.year == year {
            sums[
                PeriodCell(institution: count.institution, month: count.month), default: 0
            ] += count.count
        }
        return sums.sorted { $0.key < $1.key }.compactMap { cell, accepted in
            guard let institution = cell.institution, let month = cell.month else { return nil }
            return NationalCounts(
                institution: institution, month: month, accepted: accepted, rejected: 0,
                duplicate: 0)
        }
    }

    /// One count as it was typed or as a row says it.
    package static func count(
        institution: String, month: String, count: String, service: String,
        of programme: String, _ services: Set<String>, list: String?, by person: String
    ) throws(SourceCountProblem) -> Fact.Counted {
        // A name, or somebody's number, is not a code, and must not reach the ledger.
        guard ListedText.isInstitution(institution) else { throw .institution }
        guard let month = CalendarMonth(spelled: month) else { throw .month }
        guard let number = Int(count), (0...10_000_000).contains(number) else { throw .count }
        guard service.isEmpty || services.contains(service) else { throw .service }
        return Fact.Counted(
            programme: programme, institution: institution, month: month,
            service: service.isEmpty ? nil : service, count: number, list: list, by: person)
    }
}

/// What is the matter with one count.
package enum SourceCountProblem: String, Error, Sendable, CaseIterable, Codable {
    case unreadable = "K-ROW"
    case institution = "K-INSTITUTION"
    case month = "K-MONTH"
    case count = "K-COUNT"
    case service = "K-SERVICE"

    package var entry: CodeEntry {
        switch self {
        case .unreadable:
            CodeEntry(
                rawValue, what: Wording(zh: "该行读不出。", en: "The row cannot be read."),
                next: Wording(zh: "改正该行后再收一次。", en: "Mend the row and bring the list again."))
        case .institution:
            CodeEntry(
                rawValue,
                what: Wording(zh: "不是机构代码。", en: "This is no institution's code."),
                next: Wording(
                    zh: "写机构代码（大写字母和数字），不写名称。",
                    en: "Write the institution's code, capital letters and digits, not its name."))
        case .month:
            CodeEntry(
                rawValue, what: Wording(zh: "不是月份。", en: "This is no month."),
                next: Wording(zh: "写作 2012-03。", en: "Write it as 2012-03."))
        case .count:
            CodeEntry(
                rawValue, what: Wording(zh: "不是例数。", en: "This is no count."),
                next: Wording(zh: "写 0 以上的整数。", en: "Write a whole number, 0 or more."))
        case .service:
            CodeEntry(
                rawValue, what: Wording(zh: "本项目没有这项服务。", en: "The programme has no such service."),
                next: Wording(
                    zh: "用该项目的服务名（如 serum、nipt），或留空。",
                    en: "Use a service of the programme, such as serum or nipt, or leave it out."))
        }
    }
}

/// Why a list of counts says nothing.
package struct SourceCountFailure: ExplainedFailure {
    package let place: String?
    package let detail: String?

    package var entry: CodeEntry { SourceCountFailure.column }

    static let column = CodeEntry(
        "K-COLUMN",
        what: Wording(zh: "清单缺少必需的列。", en: "The list lacks a column that it needs."),
        next: Wording(
            zh: "首行写 机构、月份、例数（可加 服务）。",
            en: "The first row names institution, month, count, and service if need be."))
}

/// All codes of clinics' own counts, for `shangbao explain`.
package let sourceCountCodes: [CodeEntry] =
    SourceCountProblem.allCases.map(\.entry) + [SourceCountFailure.column]
