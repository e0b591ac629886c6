/// A result in words with a measured value beside it (定性结果附数值): `阴性(0.02)`, `阳性 3.5`,
/// `0.02(-)`, `S/CO 0.02`, or with its sign, `阴性(-)`.
struct ResultText {
    /// What stands for the result, in the order in which it is looked up; the first that is known
    /// counts. Empty where there is a number alone.
    let words: [ArraySlice<UInt8>]
    /// A second word in brackets, which must mean the same.
    let second: ArraySlice<UInt8>?
    let number: WrittenNumber?
    /// Whether the number may stand alone: what is beside it may be a unit.
    let mayBeBare: Bool

    /// Takes folded bytes apart; `nil` where they are put together in another way.
    init?(_ bytes: [UInt8]) {
        guard let start = ResultText.numberStart(bytes) else {
            guard let open = bytes.firstIndex(of: ResultText.open), open > 0,
                bytes.last == ResultText.close
            else { return nil }
            words = [ResultText.trimmed(bytes[..<open])]
            second = bytes[(open + 1)...].dropLast()
            number = nil
            mayBeBare = false
            return
        }
        let end = bytes[start...].firstIndex { !ResultText.isOfNumber($0) } ?? bytes.endIndex
        let signed = ResultText.boundStart(bytes, before: start)
        guard let number = try? WrittenNumber(bytes[signed..<end], decimalComma: false) else {
            return nil
        }
        self.number = number
        second = nil
        let before = ResultText.trimmed(
            ResultText.withoutLabel(ResultText.trimmed(bytes[..<signed])))
        let after = ResultText.trimmed(bytes[end...])
        if before.isEmpty {
            let behind = ResultText.trimmed(after.drop(while: ResultText.isOfUnit))
            words = [after, behind].filter { !$0.isEmpty }
            mayBeBare = behind.isEmpty
        } else {
            guard after.allSatisfy(ResultText.isOfUnit) else { return nil }
            words = [before]
            mayBeBare = false
        }
    }

    private static let open = UInt8(ascii: "(")
    private static let close = UInt8(ascii: ")")

    private static func numberStart(_ bytes: [UInt8]) -> Int? {
        bytes.firstIndex { $0 >= 0x30 && $0 <= 0x39 }
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: ".")
    }

    /// Letters of a unit: `IU/mL`, `COI`, `%`.
    private static func isOfUnit(_ byte: UInt8) -> Bool {
        (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
            || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "%")
    }

    /// What is measured against a cut-off, as instruments print it before the number.
    private static let labels = ["S/CO", "COI", "S/N", "INDEX", "OD"].map { Array($0.utf8) }

    /// Where a `<` or `>` before a number begins, else the number itself.
    private static func boundStart(_ bytes: [UInt8], before start: Int) -> Int {
        var place = start
        while place > 0, bytes[place - 1] == 0x20 { place -= 1 }
        for length in [3, 2, 1] where place >= length {
            var sign = bytes[(place - length)..<start]
            if WrittenNumber.takeBound(&sign) != .none { return place - length }
        }
        return start
    }

    private static func withoutLabel(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = text.suffix(5).map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }
        guard let label = labels.first(where: { end.suffix($0.count).elementsEqual($0) }) else {
            return text
        }
        return text.dropLast(label.count)
    }

    /// Without spaces, brackets, colons and equals signs at both ends.
    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = text
        while let first = rest.first, marks.contains(first) { rest = rest.dropFirst() }
        while let last = rest.last, marks.contains(last) { rest = rest.dropLast() }
        return rest
    }

    private static let marks = Set(" ():=[],;".utf8)
}
