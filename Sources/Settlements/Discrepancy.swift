package import Records

/// Two books do not agree, or a case may not be paid though it was accepted (差异).
///
/// Nothing is put right by itself: each one is for a person.
package struct Discrepancy: Sendable, Codable, Hashable {
    /// The class of difference; the raw value is its stable code.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// A clinic counts more cases than came from it: an extract is missing.
        case sourceMore = "D-SOURCE-MORE"
        /// A clinic counts fewer cases than came from it.
        case sourceFewer = "D-SOURCE-FEWER"
        /// Only our books have cases in that month.
        case localOnly = "D-LOCAL-ONLY"
        /// Only the national books have cases in that month.
        case nationalOnly = "D-NATIONAL-ONLY"
        /// Both have cases, in different numbers.
        case countOnly = "D-COUNT-ONLY"
        /// Both have the case, and say otherwise of it.
        case stateDiffers = "D-STATE-DIFFERS"
        /// A second free check of the same person and child order.
        case secondClaim = "D-SECOND-CLAIM"
        /// A free check whose claimant or child order is unknown.
        case claimUnknown = "D-CLAIM-UNKNOWN"
        /// Two answers contradict each other: the case is frozen.
        case disputed = "D-DISPUTED"
        /// What the clinic said of it later stayed here: the nation has what was true before.
        case saidLater = "D-LATER"

        /// Whether it is about counts, and so keeps the year open.
        package var isAboutCounts: Bool {
            switch self {
            case .localOnly, .nationalOnly, .countOnly: true
            case .sourceMore, .sourceFewer, .stateDiffers, .secondClaim, .claimUnknown, .disputed,
                .saidLater:
                false
            }
        }
    }

    package let kind: Kind
    package let institution: String
    package let month: CalendarMonth
    /// The case, where it is about one.
    package let record: RecordID?
    /// The case that was paid instead.
    package let earlier: RecordID?
    /// Cases in force in our books and in the national ones, where it is about counts.
    package let local: Int?
    package let national: Int?
    /// Cases by the clinic's own count, where it is about that.
    package let source: Int?
    package let wording: Wording
}

extension Discrepancy {
    /// A clinic's own count that is not what came.
    init(_ line: SourceCounts.Line, source: Int) {
        kind = source > line.here ? .sourceMore : .sourceFewer
        institution = line.institution
        month = line.month
        record = nil
        earlier = nil
        local = line.here
        national = nil
        self.source = source
        let service = line.service.map { " \($0)" } ?? ""
        wording = Wording(
            zh: "\(institution) \(month)\(service)：机构自报 \(source)，收到 \(line.here)，"
                + "相差 \(line.here - source)。",
            en: "\(institution) \(month)\(service): by its own count \(source), here "
                + "\(line.here), difference \(line.here - source).")
    }

    /// A difference of counts.
    init(institution: String, month: CalendarMonth, local: Int, national: Int) {
        kind = national == 0 ? .localOnly : local == 0 ? .nationalOnly : .countOnly
        self.institution = institution
        self.month = month
        record = nil
        earlier = nil
        self.local = local
        self.national = national
        source = nil
        wording = Wording(
            zh: "\(institution) \(month)：本地生效 \(local)，国家 \(national)，"
                + "相差 \(local - national)。",
            en: "\(institution) \(month): in force here \(local), national \(national), "
                + "difference \(local - national).")
    }

    /// One accepted case that is not paid, or not yet.
    init(_ kind: Kind, _ record: SubmittedRecord, earlier: RecordID? = nil) {
        self.kind = kind
        institution = record.institution
        month = record.servedOn.month
        self.record = record.record
        self.earlier = earlier
        local = nil
        national = nil
        source = nil
        wording =
            switch kind {
            case .secondClaim:
                Wording(
                    zh: "同一对象同一孩次已有一次免费检查，本次不结算（R-05）。",
                    en: "The same person has a free check for this child order; not paid (R-05).")
            case .claimUnknown:
                Wording(
                    zh: "无法确认是否重复享受：缺少结算假名或孩次，不结算（R-05）。",
                    en: "No pseudonym or child order, so a second claim cannot be ruled out; "
                        + "not paid (R-05).")
            case .saidLater:
                Wording(
                    zh: "接收后机构又报来不同内容，没有通过校验，留在本地；国家平台仍是原内容，照原内容结算。",
                    en: "What the clinic exported after the acceptance did not pass and stayed "
                        + "here; the nation has, and this pays for, what was accepted.")
            default:
                Wording(
                    zh: "国家回执前后矛盾，已冻结，待人工核实，暂不结算。",
                    en: "The national answers contradict each other; frozen and not paid until "
                        + "a person decides.")
            }
    }
}
