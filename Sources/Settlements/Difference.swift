package import Records

/// One difference between books (差异), in the words of those who compare them. Nothing corrects it
/// by itself.
package struct Difference: Sendable, Hashable, Codable {
    /// Which books were compared.
    package enum Level: String, Sendable, Codable, CaseIterable {
        /// A clinic's own count and what came from it.
        case source
        /// Our cases in force and the national counts (对总账).
        case counts
        /// Our cases and the national list, one by one (对明细账).
        case list
        /// The national list and the national counts.
        case listTotals
    }

    package let level: Level
    package let kind: Discrepancy.Kind
    package let reason: DifferenceReason
    package var institution: String?
    package var month: CalendarMonth?
    /// What a clinic counts by itself, where it counts one service.
    package var service: String?
    package var record: RecordID?
    /// The national side's number, where our books do not know the case.
    package var serial: String?
    /// Rows of the list that belong to it, as Excel counts.
    package var rows: [Int] = []
    /// Cases in our books, in the national ones, by the clinic's own word.
    package var local: Int?
    package var national: Int?
    package var source: Int?

    package init(
        _ level: Level, _ kind: Discrepancy.Kind, _ reason: DifferenceReason,
        at cell: PeriodCell = .unknown
    ) {
        self.level = level
        self.kind = kind
        self.reason = reason
        institution = cell.institution
        month = cell.month
    }

    /// A clinic's own count that is not what came from it; `nil` where it is, or said nothing.
    package init?(_ line: SourceCounts.Line) {
        guard let source = line.source, source != line.here else { return nil }
        let isMore = source > line.here
        self.init(
            .source, isMore ? .sourceMore : .sourceFewer, isMore ? .sourceMore : .sourceFewer,
            at: PeriodCell(institution: line.institution, month: line.month))
        service = line.service
        local = line.here
        self.source = source
    }

    /// A difference of counts; `nil` for what is none.
    package init?(_ discrepancy: Discrepancy) {
        let reason: DifferenceReason
        switch discrepancy.kind {
        case .localOnly: reason = .onlyOurCount
        case .nationalOnly: reason = .onlyTheirCount
        case .countOnly: reason = .countsDiffer
        default: return nil
        }
        self.init(
            .counts, discrepancy.kind, reason,
            at: PeriodCell(institution: discrepancy.institution, month: discrepancy.month))
        local = discrepancy.local
        national = discrepancy.national
    }

    /// What makes it the same difference in another comparison of the same year.
    package struct Key: Hashable, Sendable {
        let level: String
        let kind: String
        let reason: String
        let subject: String
    }

    package var key: Key {
        Key(
            level: level.rawValue, kind: kind.rawValue, reason: reason.rawValue,
            subject: Difference.subject(
                level: level.rawValue, record: record, serial: serial, institution: institution,
                month: month, service: service))
    }

    /// Of a case its name, else institution, month and service.
    static func subject(
        level: String, record: RecordID?, serial: String?, institution: String?,
        month: CalendarMonth?, service: String?
    ) -> String {
        if level == Level.list.rawValue { return record?.text ?? serial ?? "" }
        return [institution ?? "", month?.description ?? "", service ?? ""]
            .joined(separator: " ")
    }

    /// By class, reason, institution, month and case.
    package static func isBefore(_ left: Difference, _ right: Difference) -> Bool {
        (
            left.kind.rawValue, left.reason.rawValue, left.institution ?? "", left.monthText,
            left.key.subject
        )
            < (
                right.kind.rawValue, right.reason.rawValue, right.institution ?? "",
                right.monthText, right.key.subject
            )
    }

    private var monthText: String { month?.description ?? "" }
}

/// Why two books differ, in the words of the finance staff (差异原因).
package enum DifferenceReason: String, Sendable, Codable, CaseIterable {
    case sourceMore, sourceFewer
    case onlyOurCount, onlyTheirCount, countsDiffer
    case listNotCounts
    case notListed, frozenNotListed
    case notOurs, notOursPending
    case notSent, noReceipt, noReceiptRejected, noReceiptDeleted
    case theyRejected, theyPending, theyDeleted
    case weRejected, weRejectedPending, weReversed, weWithdrew, weFroze
    case olderVersion, newerVersion, mixed
    case listedTwice, elsewhere

    package var title: Wording {
        switch self {
        case .sourceMore: Wording(zh: "机构自报多于收到", en: "the clinic counts more than came")
        case .sourceFewer: Wording(zh: "机构自报少于收到", en: "the clinic counts fewer than came")
        case .onlyOurCount: Wording(zh: "我方有生效病例、对方计数为零", en: "cases in our books alone")
        case .onlyTheirCount: Wording(zh: "对方计数有、我方没有生效病例", en: "cases in their counts alone")
        case .countsDiffer: Wording(zh: "双方例数不同", en: "both count cases, not as many")
        case .listNotCounts:
            Wording(zh: "对方的清单与对方的计数不符", en: "their list is not what their counts say")
        case .notListed:
            Wording(zh: "我方已接收、对方清单无此例", en: "accepted in our books, not in their list")
        case .frozenNotListed:
            Wording(zh: "我方争议冻结、对方清单无此例", en: "frozen in our books, not in their list")
        case .notOurs:
            Wording(zh: "对方清单有、我方账上无此例", en: "in their list, unknown to our books")
        case .notOursPending:
            Wording(zh: "对方待审核、我方账上无此例", en: "pending with them, unknown to our books")
        default: stateTitle
        }
    }

    /// Of what both books have.
    private var stateTitle: Wording {
        switch self {
        case .notSent: Wording(zh: "对方清单有、我方没有报送", en: "in their list, never sent by us")
        case .noReceipt:
            Wording(
                zh: "对方已接收、我方账上未收到回执", en: "accepted by them, no receipt in our books")
        case .noReceiptRejected:
            Wording(zh: "对方已退回、我方账上未收到回执", en: "rejected by them, no receipt in our books")
        case .noReceiptDeleted:
            Wording(zh: "对方已删除、我方撤回未收到回执", en: "deleted by them, our withdrawal unanswered")
        case .theyRejected:
            Wording(zh: "我方已接收、对方已退回", en: "accepted in our books, rejected in theirs")
        case .theyPending:
            Wording(zh: "我方已接收、对方待审核", en: "accepted in our books, pending in theirs")
        case .theyDeleted:
            Wording(zh: "我方已接收、对方已删除", en: "accepted in our books, deleted in theirs")
        case .weRejected:
            Wording(zh: "对方已接收、我方账上被退回", en: "accepted in their books, rejected in ours")
        case .weRejectedPending:
            Wording(zh: "对方待审核、我方账上被退回", en: "pending in their books, rejected in ours")
        case .weReversed:
            Wording(zh: "对方仍有效、我方账上已撤销接收", en: "in force there, taken back in our books")
        case .weWithdrew:
            Wording(zh: "对方仍有效、我方已撤回", en: "in force there, withdrawn in our books")
        case .weFroze:
            Wording(zh: "我方争议冻结、对方已有定论", en: "frozen in our books, decided in theirs")
        case .olderVersion:
            Wording(zh: "双方都已接收、对方仍是旧版", en: "accepted by both, theirs is an older version")
        case .newerVersion:
            Wording(
                zh: "对方已接收新版、我方账上未收到回执",
                en: "they accepted a newer version, no receipt in our books")
        case .mixed:
            Wording(zh: "对方同一例的各行状态不一", en: "their rows of one case say different things")
        case .listedTwice:
            Wording(zh: "双方都有、对方一例列了几次", en: "both have it, they list it more than once")
        default:
            Wording(
                zh: "双方都已接收、机构或月份不同", en: "accepted by both, another institution or month")
        }
    }
}
