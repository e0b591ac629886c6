package import Records

/// A row of the national side's list of cases, as far as it is understood by itself (对方清单的一行).
///
/// No name and no ID number is in it.
package struct ListedRow: Sendable {
    /// What the list says of the case.
    package enum State: String, Sendable, Codable, CaseIterable {
        case accepted, rejected
        /// Not decided yet.
        case pending
        /// No longer there.
        case withdrawn
    }

    /// As Excel counts.
    package let number: Int
    /// Our own name of the case, and its version.
    package let record: RecordID?
    package let version: Int?
    /// The national side's number of it.
    package let serial: String?
    /// What ties it to other rows of the same case.
    package let group: String?
    package let institution: String?
    package let month: CalendarMonth?
    package let state: State
    /// What makes it say nothing; the case that it names is not judged then.
    package let problem: ListedRowProblem?

    package init(
        number: Int, record: RecordID? = nil, version: Int? = nil, serial: String? = nil,
        group: String? = nil, institution: String? = nil, month: CalendarMonth? = nil,
        state: State = .accepted, problem: ListedRowProblem? = nil
    ) {
        self.number = number
        self.record = record
        self.version = version
        self.serial = serial
        self.group = group
        self.institution = institution
        self.month = month
        self.state = state
        self.problem = problem
    }
}

/// What is the matter with a row of the national side's list of cases.
package enum ListedRowProblem: String, Sendable, CaseIterable, Codable {
    case unreadable = "M-ROW"
    /// No word of the profile.
    case word = "M-WORD"
    case month = "M-MONTH"
    /// The number looks like a person's.
    case serial = "M-SERIAL"
    case nameless = "M-NAMELESS"
    /// Reference and number name two cases.
    case twoCases = "M-TWO-CASES"
    /// The number is that of several cases.
    case several = "M-SEVERAL"

    package var entry: CodeEntry {
        switch self {
        case .unreadable:
            CodeEntry(
                rawValue, what: Wording(zh: "清单的这一行读不出。", en: "The row cannot be read."),
                next: Wording(zh: "从平台重新导出。", en: "Export the list again."))
        case .word:
            CodeEntry(
                rawValue,
                what: Wording(
                    zh: "状态用语不认识，这一例没有比较。",
                    en: "The status is no known word; the case was not compared."),
                next: Wording(
                    zh: "弄清意思后补入该规格 case-list.yaml 的 words，再对一次。",
                    en: "Find out what it means, add it to words in the profile's case-list.yaml, "
                        + "and compare again."))
        case .month:
            CodeEntry(
                rawValue, what: Wording(zh: "日期或月份读不懂。", en: "This is no day and no month."),
                next: Wording(zh: "写作 2012-03-05 或 2012-03。", en: "Write 2012-03-05 or 2012-03."))
        case .serial:
            CodeEntry(
                rawValue,
                what: Wording(
                    zh: "编号像证件号或电话号码，没有采用。",
                    en: "The number looks like a person's and was not taken."),
                next: Wording(
                    zh: "核对 case-list.yaml 的 serial、group 列。",
                    en: "Check the columns serial and group in case-list.yaml."))
        case .nameless, .twoCases, .several: namingEntry
        }
    }

    private var namingEntry: CodeEntry {
        switch self {
        case .twoCases:
            CodeEntry(
                rawValue,
                what: Wording(
                    zh: "上报编号和平台编号指的不是同一病例，两例都没有比较。",
                    en: "Our reference and their number name two cases; neither was compared."),
                next: Wording(
                    zh: "请平台核对：是不是把编号抄给了另一例。",
                    en: "Ask the platform whether the reference was put to another case."))
        case .several:
            CodeEntry(
                rawValue,
                what: Wording(
                    zh: "这个编号对应几个病例，不猜测。",
                    en: "The number is that of several cases; it is not guessed."),
                next: Wording(
                    zh: "在平台备注里补上报编号后重新导出。",
                    en: "Put our reference into the platform's remarks, and export again."))
        default:
            CodeEntry(
                rawValue,
                what: Wording(
                    zh: "这一行没有上报编号，也没有平台编号。",
                    en: "The row has neither our reference nor a number of theirs."),
                next: Wording(
                    zh: "从平台导出带编号的清单。", en: "Export a list that has one of them."))
        }
    }
}
