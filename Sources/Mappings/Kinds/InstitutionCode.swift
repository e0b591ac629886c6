/// Institution codes (机构代码): WS 218-2002 with 22 characters, GB 32100-2015 with 18.
enum InstitutionCode {
    private static let creditCharacters = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]

    static func isValid(_ bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 18: isCreditCode(bytes)
        case 22: isWS218(bytes)
        default: false
        }
    }

    /// GB 32100-2015: weights 3^(i-1) mod 31, check character 31 - sum mod 31.
    static func isCreditCode(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 18 else { return false }
        var weight = 1
        var sum = 0
        for byte in bytes[0..<17] {
            guard let value = creditCharacters.firstIndex(of: byte) else { return false }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return bytes[17] == creditCharacters[(31 - sum % 31) % 31]
    }

    /// 9 organisation code, 6 division, 2 economic type, 4 category, 1 management class.
    private static func isWS218(_ bytes: [UInt8]) -> Bool {
        let isDigit: (UInt8) -> Bool = { $0 >= 0x30 && $0 <= 0x39 }
        let isUpper: (UInt8) -> Bool = { $0 >= 0x41 && $0 <= 0x5A }
        return isOrganisationCode(bytes[0..<9]) && bytes[9..<17].allSatisfy(isDigit)
            && bytes[17..<21].allSatisfy { isDigit($0) || isUpper($0) } && isDigit(bytes[21])
    }

    /// GB 11714-1997: eight characters and a check character.
    private static func isOrganisationCode(_ bytes: ArraySlice<UInt8>) -> Bool {
        var sum = 0
        for (byte, weight) in zip(bytes, organisationWeights) {
            switch byte {
            case 0x30...0x39: sum += Int(byte - 0x30) * weight
            case 0x41...0x5A: sum += Int(byte - 0x41 + 10) * weight
            default: return false
            }
        }
        let check = 11 - sum % 11
        let expected = check == 10 ? UInt8(ascii: "X") : check == 11 ? 0x30 : UInt8(0x30 + check)
        return bytes.last == expected
    }
}
