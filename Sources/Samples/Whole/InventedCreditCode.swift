/// Unified social credit codes that no one has (虚构统一社会信用代码): GB 32100 with an invented
/// division. Computed here apart from the product's own check.
enum InventedCreditCode {
    private static let signs = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let factors = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

    /// Of an institution: 12 (a public institution), its division and its nine characters.
    static func text(of institution: SampleInstitution) -> String {
        let body = "12" + institution.division + institution.code.prefix(9)
        var sum = 0
        for (sign, factor) in zip(body.utf8, factors) {
            sum += (signs.firstIndex(of: sign) ?? 0) * factor
        }
        let check = signs[(31 - sum % 31) % 31]
        return body + String(UnicodeScalar(check))
    }
}
