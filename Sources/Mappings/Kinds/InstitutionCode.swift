/// Institution codes (机构代码): WS 218-2002 with 22 characters, GB 32100-2015 with 18, and what
/// stations without either bear.
enum InstitutionCode {
    /// What a code is.
    enum Form: Equatable {
        case national
        /// Organisation code, division and `ZZ`: a station without a WS 218 code (DOMAIN 2.3). In
        /// the normal form `Z` fills up the 22 characters that the wire needs.
        case placeholder
        /// A bare GB 11714 organisation code, or twelve digits of a small clinic: known in one
        /// place only.
        case local
    }

    private static let creditCharacters = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]
    private static let letterZ = UInt8(ascii: "Z")
    private static let placeholderCount = 17
    private static let fullCount = 22

    /// What normalised bytes are, and how the record holds them; `nil` where they are no code.
    static func read(_ bytes: [UInt8]) -> (form: Form, code: [UInt8])? {
        switch bytes.count {
        case 9 where isOrganisationCode(bytes[...]): (.local, bytes)
        case 12 where bytes.allSatisfy(isDigit): (.local, bytes)
        case placeholderCount where isPlaceholder(bytes):
            (.placeholder, bytes + Array(repeating: letterZ, count: fullCount - placeholderCount))
        case 18 where isCreditCode(bytes): (.national, bytes)
        case fullCount where isWS218(bytes): (.national, bytes)
        case fullCount where isPlaceholder(bytes): (.placeholder, bytes)
        default: nil
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
        let isUpper: (UInt8) -> Bool = { $0 >= 0x41 && $0 <= 0x5A }
        return isOrganisationCode(bytes[0..<9]) && bytes[9..<17].allSatisfy(isDigit)
            && bytes[17..<21].allSatisfy { isDigit($0) || isUpper($0) } && isDigit(bytes[21])
    }

    /// 9 organisation code, 6 division, then nothing but Z.
    private static func isPlaceholder(_ bytes: [UInt8]) -> Bool {
        isOrganisationCode(bytes[0..<9]) && bytes[9..<15].allSatisfy(isDigit)
            && bytes[15...].allSatisfy { $0 == letterZ }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

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
