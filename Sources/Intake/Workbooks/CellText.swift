internal import Foundation
internal import Records

/// What a workbook stores for a cell, as the text that people would write into a CSV.
enum CellText {
    /// Appends a number as it is stored; one with more digits than Excel keeps, or with a small
    /// exponent, is written out as Excel shows it, with 15 digits.
    ///
    /// Whole numbers are never touched: a citizen's number that was made a number is either as it
    /// was typed, or has the exponent that tells of the damage. A barcode of another length gets
    /// that exponent where zeros stand for its last digits: it has no check digit to tell.
    /// - Returns: whether it is a number at all.
    static func appendNumber(_ raw: ArraySlice<UInt8>, to text: inout [UInt8]) -> Bool {
        var (digits, exponent, hasPoint) = (0, false, false)
        var isAtStart = true
        for byte in raw {
            switch byte {
            case 0x30...0x39:
                if !exponent, digits > 0 || byte != 0x30 { digits += 1 }
            case UInt8(ascii: "."):
                guard !hasPoint, !exponent else { return false }
                hasPoint = true
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                guard isAtStart else { return false }
            case UInt8(ascii: "E"), UInt8(ascii: "e"):
                guard !exponent, !isAtStart else { return false }
                exponent = true
                isAtStart = true
                continue
            default: return false
            }
            isAtStart = false
        }
        guard let last = raw.last, (0x30...0x39).contains(last) else { return false }
        guard exponent || (hasPoint && digits > 15),
            let number = Double(String(decoding: raw, as: UTF8.self)), number.isFinite,
            abs(number) < 1e15
        else {
            let isCut = !exponent && !hasPoint && isCutCode(raw, digits)
            if isCut { appendExponent(raw, to: &text) } else { text.append(contentsOf: raw) }
            return true
        }
        append(number, to: &text)
        return true
    }

    /// Whether a whole number of more digits than Excel keeps has zeros in their place.
    private static func isCutCode(_ raw: ArraySlice<UInt8>, _ digits: Int) -> Bool {
        digits > 15 && digits != 18 && raw.first.map { $0 != UInt8(ascii: "-") } ?? false
            && raw.suffix(digits - 15).allSatisfy { $0 == 0x30 }
    }

    /// `20160517000123400` as `2.01605170001234E+16`.
    private static func appendExponent(_ raw: ArraySlice<UInt8>, to text: inout [UInt8]) {
        let digits = raw.drop { $0 == 0x30 }
        guard let first = digits.first else { return }
        var rest = digits.dropFirst()
        while rest.last == 0x30 { rest = rest.dropLast() }
        text.append(first)
        if !rest.isEmpty { text.append(UInt8(ascii: ".")) }
        text.append(contentsOf: rest)
        text.append(contentsOf: "E+\(digits.count - 1)".utf8)
    }

    /// 15 digits, without exponent and without zeros at the end.
    private static func append(_ number: Double, to text: inout [UInt8]) {
        let written = String(format: "%.14e", abs(number))
        let parts = written.split(separator: "e")
        guard number != 0, parts.count == 2, let exponent = Int(parts[1]) else {
            text.append(UInt8(ascii: "0"))
            return
        }
        var digits = Array(parts[0].utf8.filter { $0 != UInt8(ascii: ".") })
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        if number < 0 { text.append(UInt8(ascii: "-")) }
        if exponent < 0 {
            text.append(contentsOf: "0.".utf8)
            text.append(contentsOf: repeatElement(0x30, count: -exponent - 1))
            text.append(contentsOf: digits)
            return
        }
        for place in 0...max(exponent, digits.count - 1) {
            if place == exponent + 1 { text.append(UInt8(ascii: ".")) }
            text.append(place < digits.count ? digits[place] : 0x30)
        }
    }

    /// Appends a serial number as the day and time that people see: `yyyy-MM-dd`, `yyyy-MM`,
    /// `HH:mm`, `yyyy-MM-dd HH:mm`; seconds only where there are any.
    ///
    /// Serial 60 is 1900-02-29, a day that only Excel knows; it is written so, and refused as no
    /// date. What is no day at all is written as its number.
    /// - Returns: whether it is a number at all.
    static func appendSerial(
        _ raw: ArraySlice<UInt8>, as meaning: NumberMeaning, from1904: Bool,
        to text: inout [UInt8]
    ) -> Bool {
        let before = text.count
        guard appendNumber(raw, to: &text) else { return false }
        guard let serial = Double(String(decoding: raw, as: UTF8.self)), serial >= 0,
            serial < (from1904 ? 2_957_004 : 2_958_466)
        else { return true }
        text.removeSubrange(before...)
        var day = Int(serial)
        var seconds = Int(((serial - Double(day)) * 86_400).rounded())
        if seconds == 86_400 { (day, seconds) = (day + 1, 0) }
        switch meaning {
        case .month:
            appendDay(day, from1904, to: &text)
            text.removeLast(3)
        case .date: appendDay(day, from1904, to: &text)
        case .time where day == 0: appendTime(seconds, to: &text)
        case .time, .dateTime, .number:
            appendDay(day, from1904, to: &text)
            if seconds > 0 {
                text.append(0x20)
                appendTime(seconds, to: &text)
            }
        }
        return true
    }

    private static func appendDay(_ day: Int, _ from1904: Bool, to text: inout [UInt8]) {
        switch day {
        case 0 where !from1904: text.append(contentsOf: "1900-01-00".utf8)
        case 60 where !from1904: text.append(contentsOf: "1900-02-29".utf8)
        default:
            let since1970 = from1904 ? day - 24_107 : day - (day > 60 ? 25_569 : 25_568)
            CalendarDate(daysSince1970: Int32(since1970)).append(to: &text)
        }
    }

    private static func appendTime(_ seconds: Int, to text: inout [UInt8]) {
        func append(_ number: Int) {
            text.append(0x30 + UInt8(number / 10))
            text.append(0x30 + UInt8(number % 10))
        }
        append(seconds / 3600)
        text.append(UInt8(ascii: ":"))
        append(seconds / 60 % 60)
        guard seconds % 60 > 0 else { return }
        text.append(UInt8(ascii: ":"))
        append(seconds % 60)
    }

    /// Appends a day or time in the form of ISO 8601 (`t="d"`) as `appendSerial` would.
    ///
    /// - Returns: whether it is one.
    static func appendISODate(_ raw: ArraySlice<UInt8>, to text: inout [UInt8]) -> Bool {
        let parts = raw.split(separator: UInt8(ascii: "T"), maxSplits: 1)
        guard let day = parts.first,
            let date = CalendarDate(iso: String(decoding: day, as: UTF8.self))
        else { return false }
        date.append(to: &text)
        guard parts.count == 2 else { return true }
        // A fraction of a second and the mark of UTC say nothing about a clock on the wall.
        let clock = parts[1].prefix { (0x30...0x3A).contains($0) }
        let numbers = clock.split(separator: UInt8(ascii: ":")).map {
            Int(String(decoding: $0, as: UTF8.self)) ?? 99
        }
        guard numbers.count == 3, numbers[0] < 24, numbers[1] < 60, numbers[2] < 60 else {
            return false
        }
        let seconds = numbers[0] * 3600 + numbers[1] * 60 + numbers[2]
        if seconds > 0 {
            text.append(0x20)
            appendTime(seconds, to: &text)
        }
        return true
    }

    /// Puts characters in the place of `_x000D_` and its like (part 1, clause 22.9.2.19).
    static func resolveEscapes(in bytes: inout [UInt8], from start: Int) {
        guard let first = bytes[start...].firstRange(of: Array("_x".utf8)) else { return }
        var (read, written) = (first.lowerBound, first.lowerBound)
        while read < bytes.count {
            if let unit = escape(in: bytes[read...]), let scalar = Unicode.Scalar(unit) {
                for byte in String(Character(scalar)).utf8 {
                    bytes[written] = byte
                    written += 1
                }
                read += 7
            } else {
                bytes[written] = bytes[read]
                (read, written) = (read + 1, written + 1)
            }
        }
        bytes.removeSubrange(written...)
    }

    private static func escape(in bytes: ArraySlice<UInt8>) -> UInt32? {
        let (first, count) = (bytes.startIndex, 7)
        guard bytes.count >= count, bytes[first] == UInt8(ascii: "_"),
            bytes[first + 1] == UInt8(ascii: "x"), bytes[first + 6] == UInt8(ascii: "_")
        else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[first + 2..<first + 6] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    /// Whether well-formed UTF-8 holds a control character, or one of the ranges for private use.
    static func isFaulty(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            for (index, byte) in bytes.enumerated() {
                switch byte {
                case 0..<0x20 where !isTextASCII(byte): return true
                case 0xEE, 0xF4: return true
                case 0xEF where index + 2 < bytes.count:
                    if bytes[index + 1] < 0xA4 { return true }
                    if bytes[index + 1] == 0xBF, bytes[index + 2] > 0xBD { return true }
                case 0xF3 where index + 1 < bytes.count && bytes[index + 1] >= 0xB0: return true
                default: break
                }
            }
            return false
        }
    }
}
