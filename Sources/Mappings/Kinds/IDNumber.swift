package import Records

/// GB 11643-1999 citizen ID numbers (公民身份号码) on bytes.
package enum IDNumber {
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checkCharacters = Array("10X98765432".utf8)
    /// The province prefixes of GB/T 2260, with 83 for residents of Taiwan.
    private static let provinces: Set<Int> = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51,
        52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91,
    ]
    /// No province: invented people live there.
    private static let inventedProvince = 99

    /// The check character of 17 digits.
    package static func checkCharacter(of digits: some Collection<UInt8>) -> UInt8 {
        var sum = 0
        for (digit, weight) in zip(digits, weights) { sum += Int(digit - 0x30) * weight }
        return checkCharacters[sum % 11]
    }

    /// 18 characters from 15 digits: the century goes in, the check character on (标准升位).
    package static func upgraded(_ fifteen: [UInt8]) -> [UInt8] {
        let seventeen = Array(fifteen[0..<6]) + Array("19".utf8) + Array(fifteen[6...])
        return seventeen + [checkCharacter(of: seventeen)]
    }

    /// Whether bytes have the form of a number: 18 characters, a day of the calendar, the right
    /// check character. Another document's number, as a record may hold one, has not.
    package static func isFormed(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count == 18 else { return false }
        return bytes.withUnsafeBufferPointer { bytes in
            var sum = 0
            for place in 0..<17 {
                guard bytes[place] >= 0x30, bytes[place] <= 0x39 else { return false }
                sum += Int(bytes[place] - 0x30) * weights[place]
            }
            return bytes[17] == checkCharacters[sum % 11] && birthDate(of: bytes) != nil
        }
    }

    /// Whether 18 bytes are a number that someone may bear.
    ///
    /// - Parameter acceptsInvented: whether the province prefix 99 passes (rehearsal only).
    package static func isValid(_ bytes: [UInt8], acceptsInvented: Bool) -> Bool {
        guard isFormed(bytes[...]) else { return false }
        let province = Int(bytes[0] - 0x30) * 10 + Int(bytes[1] - 0x30)
        return provinces.contains(province) || (acceptsInvented && province == inventedProvince)
    }

    /// The birthday inside a number of 18 characters, or `nil` where there is no such day.
    package static func birthDate(of bytes: ArraySlice<UInt8>) -> CalendarDate? {
        bytes.withUnsafeBufferPointer { birthDate(of: $0) }
    }

    private static func birthDate(of bytes: UnsafeBufferPointer<UInt8>) -> CalendarDate? {
        guard bytes.count >= 14 else { return nil }
        var number = 0
        for place in 6..<14 {
            guard bytes[place] >= 0x30, bytes[place] <= 0x39 else { return nil }
            number = number * 10 + Int(bytes[place] - 0x30)
        }
        return CalendarDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    }

    /// Whether the 17th digit says male (odd).
    package static func isMale(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count >= 17 && (bytes[bytes.startIndex + 16] - 0x30) % 2 == 1
    }
}
