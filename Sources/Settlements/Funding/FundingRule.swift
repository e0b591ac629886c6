package import Definitions
import LibCrypto
package import Records

/// One notice on money as code: what a case is worth, and who pays (结算规则).
///
/// To add one: a file in this folder, and a line in `fundingReaders`.
package protocol FundingRule: Sendable {
    /// The name of its data, e.g. `chongqing-2012`.
    var name: String { get }
    var title: Wording { get }
    /// The programme whose cases it pays.
    var programme: String { get }
    /// What is counted, e.g. couples.
    var unit: Wording { get }
    /// Digest of its data file, SHA-256 hex: which parameters a statement was made with.
    var digest: String { get }
    /// Whether it knows funding areas (经费结算区域) that are no division of their own, such as a
    /// development zone; else the county is looked up by its division code.
    var knowsAreas: Bool { get }
    /// Due dates that lie so many days apart or less are those of one pregnancy, whatever its
    /// number says (同一次妊娠); `nil` where claims are told apart by their number alone.
    var samePregnancyDays: Int? { get }

    /// The rule as one county reads it, whose prices may be its own.
    func local(to division: String) -> any FundingRule
    /// Whether a record is a matter of money at all: follow-ups are counted and never paid.
    func concerns(_ record: SubmittedRecord) -> Bool
    /// What a case in force is worth on its own, before claims are compared.
    func entitlement(of record: SubmittedRecord) -> Entitlement
    /// How often a person may have what a case is worth.
    func limit(of record: SubmittedRecord) -> ClaimLimit
    /// The parameters that a statement of this year and county rests on, in their order.
    func parameters(year: Int, division: String) -> [Parameter]
    /// Who pays how much of the year's lines in one county.
    func account(year: Int, division: String, lines: [SettledLine]) -> FundingAccount
}

/// How often a person may have what a case is worth (重复享受).
package enum ClaimLimit: Sendable, Equatable {
    /// Once for each person and child order or pregnancy; a further one is unpaid for the reason.
    case once(of: String, further: UnpaidReason)
    /// Every test of a pregnancy (人次), but what repeats a failed one is no test of its own.
    case eachTest(of: String)

    /// What is claimed: claims of different things do not meet.
    var thing: String {
        switch self {
        case .once(let thing, _), .eachTest(let thing): thing
        }
    }
}

extension FundingRule {
    package var knowsAreas: Bool { false }

    package var samePregnancyDays: Int? { nil }

    /// The same everywhere.
    package func local(to division: String) -> any FundingRule { self }

    /// Every record.
    package func concerns(_ record: SubmittedRecord) -> Bool { true }

    /// One free check for each child order.
    package func limit(of record: SubmittedRecord) -> ClaimLimit {
        .once(of: "check", further: .secondClaim)
    }
}

/// What one case is worth.
package enum Entitlement: Sendable, Equatable {
    /// Paid as this item of the rule's own list.
    case paid(FundedItem)
    case unpaid(UnpaidReason)
}

/// Something that is paid for: its price for one case, in fen.
package struct FundedItem: Hashable, Sendable {
    /// A stable name, e.g. `couple`.
    package let name: String
    package let title: Wording
    /// The rule's number, e.g. `R-11`.
    package let rule: String
    package let price: Money
}

/// Why an accepted case is paid nothing.
package enum UnpaidReason: String, Sendable, Codable, CaseIterable {
    case beforeStart, selfPaid, oneSpouse, incomplete, secondClaim, claimUnknown, disputed
    case notLocal, notRealName, failedTest, secondTest

    /// The rule by which it is not paid.
    package var rule: String {
        switch self {
        case .beforeStart: "start"
        case .selfPaid, .secondClaim, .claimUnknown: "R-05"
        case .oneSpouse: "R-11"
        case .incomplete: "R-09"
        case .disputed: "R-10"
        case .notLocal: "R-31"
        case .notRealName: "R-37"
        case .failedTest, .secondTest: "R-41"
        }
    }

    package var title: Wording {
        switch self {
        case .beforeStart: Wording(zh: "早于结算起始日", en: "before the start of money")
        case .selfPaid: Wording(zh: "自费检查", en: "self-paid")
        case .oneSpouse: Wording(zh: "单方档案", en: "one spouse only")
        case .incomplete: Wording(zh: "项目未做全", en: "incomplete")
        case .secondClaim: Wording(zh: "同孩次重复享受", en: "second claim, same child order")
        case .claimUnknown: Wording(zh: "无法确认是否重复", en: "claimant unknown")
        case .disputed: Wording(zh: "回执矛盾，冻结", en: "answers contradict, frozen")
        case .notLocal: Wording(zh: "非本市户籍", en: "not registered in the city")
        case .notRealName: Wording(zh: "实名未核实", en: "identity not verified")
        case .failedTest: Wording(zh: "检测失败，未重采血", en: "test failed, not drawn again")
        case .secondTest: Wording(zh: "同一次妊娠重复筛查", en: "second test, same pregnancy")
        }
    }
}

/// A parameter as a statement shows it; its value is `unset` where nobody has set it.
package struct Parameter: Sendable, Codable, Hashable {
    package let name: String
    package let value: String

    init(_ name: String, _ value: String?) {
        self.name = name
        self.value = value ?? "unset"
    }
}

/// The paid cases of one item.
package struct SettledLine: Sendable, Codable, Hashable {
    package let item: String
    package let title: Wording
    package let rule: String
    /// Cases, e.g. couples, and the persons in them.
    package let cases: Int
    package let persons: Int
    /// Price of one case, and of all, in fen.
    package let priceFen: Money
    package let fen: Money
}

/// Something that must be known before money moves.
package struct Blocker: Sendable, Codable, Hashable {
    package let code: String
    /// The parameter to set, where it is one.
    package let parameter: String?
    package let wording: Wording

    /// - Parameter why: the sentence for people; else what the code says anyway.
    init(_ entry: CodeEntry, parameter: String? = nil, why: Wording? = nil) {
        code = entry.code
        self.parameter = parameter
        wording = why ?? entry.what
    }
}

/// Who pays, what was paid ahead, and what stands in the way.
package struct FundingAccount: Sendable {
    package let payers: [PayerLine]
    package let blocked: [Blocker]
    package let warnings: [Wording]
}

/// One payer's year.
package struct PayerLine: Sendable, Codable, Hashable {
    /// `central`, `city` or `district`; with a point and the item where items are shared out
    /// each by itself, e.g. `city.serum`.
    package let payer: String
    package let title: Wording
    /// The exact fraction, e.g. `4/5`.
    package let share: String
    /// Its part of the year's standard amount, in fen; the last payer bears the remainder.
    package let dueFen: Money
    /// What the county adds above the standard price by its own decision, in fen.
    package let excessFen: Money
    package let totalFen: Money
    /// For payers that pay ahead.
    package let prepayment: Prepayment?
    package let rules: PayerRules
}

/// By which rules of the programme a payer's figures stand, e.g. R-12 (依据): a table of the
/// statement shows them beside the amounts.
package struct PayerRules: Sendable, Codable, Hashable {
    /// What is due in all.
    package let total: String
    /// What is paid above the standard price; `nil` where the notice knows no such thing.
    package let excess: String?
    /// What is paid ahead, and the difference from what was due.
    package let prepayment: String
    /// What goes over into the next year.
    package let carryOver: String
}

/// Files with rules of their own, by the name under `funding:`; any other is a `FundingScheme`.
private let fundingReaders: [(name: String, read: FundingReader)] = [
    ("chongqing-2012", readChongqing),
    ("liaocheng-2016", readLiaocheng),
]

private typealias FundingReader =
    @Sendable (_ section: inout Section, _ digest: String) throws(DefinitionError)
    -> any FundingRule

@Sendable private func readChongqing(
    _ section: inout Section, _ digest: String
) throws(DefinitionError) -> any FundingRule {
    try ChongqingFunding(&section, digest: digest)
}

@Sendable private func readLiaocheng(
    _ section: inout Section, _ digest: String
) throws(DefinitionError) -> any FundingRule {
    try LiaochengFunding(&section, digest: digest)
}

/// Reads a file of `mappings/funding/`.
///
/// - Parameters:
///   - text: the file's content.
///   - file: its path as people know it, for errors.
package func fundingRule(
    text: String, shownAs file: String
) throws(DefinitionError) -> any FundingRule {
    var section = try Section(text: text, shownAs: file)
    let name = try section.text("funding")
    let digest = Hex.encode(Hash.sha256.digest(Array(text.utf8)))
    let rule: any FundingRule
    if let reader = fundingReaders.first(where: { $0.name == name }) {
        rule = try reader.read(&section, digest)
    } else {
        guard section.has("payers") else {
            let known = fundingReaders.map(\.name).joined(separator: ", ")
            throw section.error(
                at: "funding",
                "没有这个结算规则；可用：\(known)；其他名称须写成办法，有 items 和 payers。",
                "No such funding rule; known: \(known). Any other is a scheme, with items and "
                    + "payers.")
        }
        rule = try FundingScheme(&section, name: name, digest: digest)
    }
    try section.finish()
    return rule
}
