/// Telephone numbers (电话号码), DOMAIN 2.5, without spaces and hyphens.
enum PhoneNumber {
    private static let countryCodes = ["+86", "0086"].map { Array($0.utf8) }
    /// Invented people have numbers that no operator gives out.
    private static let invented = Array("120".utf8)
    /// No place has this area code.
    private static let inventedArea = Array("0000".utf8)

    /// The digits as the record holds them, or `nil` where it is no number.
    ///
    /// - Parameters:
    ///   - landline: whether a number with an area code (区号) passes too.
    ///   - acceptsInvented: whether 120… and 0000-… pass (rehearsal only).
    static func normal(_ bytes: [UInt8], landline: Bool, acceptsInvented: Bool) -> [UInt8]? {
        let code = countryCodes.first { bytes.starts(with: $0) }
        let digits = Array(bytes.dropFirst(code?.count ?? 0))
        guard digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        if isMobile(digits, acceptsInvented) { return digits }
        guard landline else { return nil }
        // Behind the country's code the area code has lost its zero.
        let full = code != nil && digits.first != 0x30 ? [0x30] + digits : digits
        return isLandline(full, acceptsInvented) ? full : nil
    }

    private static func isMobile(_ digits: [UInt8], _ acceptsInvented: Bool) -> Bool {
        digits.count == 11 && digits[0] == 0x31
            && (digits[1] >= 0x33 || (acceptsInvented && digits.starts(with: invented)))
    }

    /// An area code of three digits (010, 02x) or four, then seven or eight.
    private static func isLandline(_ digits: [UInt8], _ acceptsInvented: Bool) -> Bool {
        if acceptsInvented, digits.starts(with: inventedArea) {
            return (11...12).contains(digits.count)
        }
        guard digits.count >= 10, digits[0] == 0x30, digits[1] >= 0x31 else { return false }
        let area = digits[1] <= 0x32 ? 3 : 4
        return (7...8).contains(digits.count - area)
    }
}
