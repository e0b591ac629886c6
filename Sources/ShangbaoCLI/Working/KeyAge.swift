import Flow
import LibCrypto
import Privacy
import Records

/// Which active keys are due for their next one (轮换期限): `sign` after two years, `pid-out` with
/// the programme's year. The others are rotated as needed.
enum KeyAge {
    private static let day: Int64 = 86_400_000_000
    /// Two years.
    private static let signingDays: Int64 = 730
    /// How long before its end a signing key is spoken of.
    private static let noticeDays: Int64 = 30

    /// One sentence for each key that is due or soon will be, and each that waits to be used.
    static func hints(of keys: [KeyEntry], on moment: Timestamp) -> [String] {
        keys.compactMap { hint(of: $0, on: moment) }
    }

    private static func hint(of key: KeyEntry, on moment: Timestamp) -> String? {
        let name = "\(key.kid) \(key.use.rawValue) \(key.suite.rawValue)"
        let command =
            "shangbao keys rotate \(key.use.rawValue) "
            + (key.device.map { "--device \($0)" } ?? "--suite \(key.suite.rawValue)")
        switch (key.use, key.state) {
        case (.sign, .pending):
            return said(
                "\(name) 待启用：国家平台登记公钥后运行 shangbao keys mark \(key.kid) active。",
                "\(name) waits: once the national side has its public key, run shangbao keys mark "
                    + "\(key.kid) active.")
        case (.sign, .active):
            let end = Timestamp(
                microseconds: key.since.microseconds + KeyAge.signingDays * KeyAge.day)
            let left = (end.microseconds - moment.microseconds) / KeyAge.day
            guard left <= KeyAge.noticeDays else { return nil }
            return said(
                "\(name) 用满两年之日 \(end.day)：\(command)。",
                "\(name) is two years old on \(end.day): \(command).")
        case (.pidOut, .active):
            guard key.since.day.parts.year < moment.day.parts.year else { return nil }
            return said(
                "\(name) 是 \(key.since.day.parts.year) 年启用的，新项目年度宜轮换：\(command)。",
                "\(name) is of \(key.since.day.parts.year); with a new programme year: \(command).")
        default: return nil
        }
    }
}

/// How long the national side's key still holds (收件证书期限).
enum RecipientAge {
    /// How long before its end it is spoken of.
    static let noticeDays: Int64 = 30

    /// What is wrong with the key in use, or will be within 30 days; `nil` where all is well.
    static func hint(of recipient: Recipient, on moment: Timestamp) -> Wording? {
        guard let term = recipient.certificate.validity else { return nil }
        let now = moment.microseconds / 1_000_000
        let left = (term.upperBound - now) / 86_400
        guard now <= term.upperBound else {
            return RecipientFailure(.expired).entry.next
        }
        guard left < noticeDays else { return nil }
        return Wording(
            zh: "收件证书还有 \(left) 天到期：向国家平台索取新证书，shangbao keys import-recipient。",
            en:
                "The recipient's certificate ends in \(left) days: ask the national side for the new "
                + "one, then shangbao keys import-recipient.")
    }
}

/// Whether a restore drill is due (恢复演练期限).
enum DrillAge {
    /// What to do; `nil` while none is due.
    static func hint(of standing: DrillStanding) -> Wording? {
        switch standing.due {
        case nil: nil
        case .changed:
            Wording(
                zh: "密钥环改动以后还没有演练过备份：shangbao keys export-backup，再 shangbao keys drill。",
                en:
                    "No backup was tried since the ring was changed: shangbao keys export-backup, then "
                    + "shangbao keys drill.")
        case .days(let days):
            Wording(
                zh: "已经 \(days) 天没有演练备份：shangbao keys drill 备份文件。",
                en: "No backup was tried for \(days) days: shangbao keys drill FILE.")
        }
    }

    /// When the last one was, as people read it.
    static func last(_ standing: DrillStanding) -> String {
        standing.last.map { said("上次恢复演练 \($0.day)", "last restore drill \($0.day)") }
            ?? said("还没有做过恢复演练", "no restore drill yet")
    }
}
