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
