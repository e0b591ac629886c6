import Definitions
package import Records

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
