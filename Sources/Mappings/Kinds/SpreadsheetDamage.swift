/// What a spreadsheet leaves of a number that only names something (被表格软件改坏的编号): fifteen digits
/// at most survive, and two different barcodes become one.
package enum SpreadsheetDamage {
    /// Whether a number of a file, a sample or a barcode lost its last digits: `2.01605E+17`,
    /// `201605170001.0`, or eighteen digits and more of which all behind the fifteenth are zeros.
    ///
    /// Of sixteen and seventeen digits one number in ten or a hundred ends in such zeros by
    /// itself: those cannot be told, and pass.
    package static func isLikely(in bytes: [UInt8]) -> Bool {
        if isScientific(bytes) { return true }
        let whole = bytes.prefix(while: isDigit)
        guard !whole.isEmpty else { return false }
        if whole.count == bytes.count {
            return bytes.count >= 18 && bytes[15...].allSatisfy { $0 == 0x30 }
        }
        let rest = bytes[whole.count...]
        return rest.first == UInt8(ascii: ".") && rest.count > 1
            && rest.dropFirst().allSatisfy { $0 == 0x30 }
    }

    /// `2.01605E+17`, as every spreadsheet shows a number that is too long.
    static func isScientific(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, isDigit(first), let last = bytes.last, isDigit(last),
            let mark = bytes.firstIndex(where: { $0 == 0x45 || $0 == 0x65 })
        else { return false }
        let mantissa = bytes[..<mark]
        guard mantissa.count == 1 || (mantissa.count > 2 && mantissa[1] == UInt8(ascii: ".")),
            mantissa.dropFirst(2).allSatisfy(isDigit)
        else { return false }
        let exponent = bytes[(mark + 1)...]
        let isSigned = exponent.first == UInt8(ascii: "+") || exponent.first == UInt8(ascii: "-")
        // Without point and sign it may be a number that somebody gave, as 1E5 is.
        guard isSigned || mantissa.count > 1 else { return false }
        let digits = exponent.drop(while: { !isDigit($0) })
        return (1...3).contains(digits.count) && digits.allSatisfy(isDigit)
            && exponent.count - digits.count <= 1
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
