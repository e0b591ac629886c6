package import Records

/// Finds ID numbers that somebody may bear (GB 11643): a tests' file holds invented people only,
/// whose numbers begin with 99, where nobody lives.
enum RealPerson {
    /// Excel's number of the first row that holds such a number, whatever its check digit.
    static func row(in batch: SourceBatch) -> Int? {
        batch.bytes.withUnsafeBufferPointer { bytes in
            for row in 0..<batch.rowCount {
                for column in 0..<batch.columnCount
                where isNumber(bytes[batch.cell(row: row, column: column)]) {
                    return batch.places[row].row
                }
            }
            return nil
        }
    }

    /// Whether a cell is an ID number of 18 characters, or of 15 digits, with a day in it.
    static func isNumber(_ cell: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        // Digits typed in groups or in full width are the same number; an apostrophe, or a sign
        // without width, hides none.
        let letters = String(decoding: cell, as: UTF8.self).unicodeScalars.compactMap { scalar in
            switch scalar.value {
            case 0x30...0x39, 0x58, 0x78: scalar
            case 0xFF10...0xFF19, 0xFF38, 0xFF58: Unicode.Scalar(scalar.value - 0xFEE0)
            case 0x20, 0x2D, 0x3000: Unicode.Scalar(0x20)
            case 0x27, 0x60, 0xA0, 0x2018, 0x2019, 0x200B...0x200F, 0x202A...0x202E,
                0x2060...0x206F, 0xFEFF:
                nil
            default: Unicode.Scalar(0x3F)
            }
        }
        if isNumber(letters.filter { $0 != " " }.map { Int($0.value) - 0x30 }) { return true }
        // And one that stands in a sentence.
        return letters.split(whereSeparator: { $0 == "?" || $0 == " " }).contains { run in
            isNumber(run.map { Int($0.value) - 0x30 })
        }
    }

    private static func isNumber(_ text: [Int]) -> Bool {
        let digits = text.allSatisfy { (0...9).contains($0) }
        let isLong =
            text.count == 18 && text.dropLast().allSatisfy { (0...9).contains($0) }
            && (digits || text.last == 0x58 - 0x30 || text.last == 0x78 - 0x30)
        guard isLong || (text.count == 15 && digits), text.prefix(2) != [9, 9] else { return false }
        let start = isLong ? 10 : 8
        let month = text[start] * 10 + text[start + 1]
        let day = text[start + 2] * 10 + text[start + 3]
        return (1...12).contains(month) && (1...31).contains(day)
    }
}

/// A case that cannot be run.
package struct CaseFailure: ExplainedFailure {
    package enum Reason: Sendable { case realPerson, noInput }

    package let reason: Reason
    package let place: String?

    init(_ reason: Reason, place: String) {
        self.reason = reason
        self.place = place
    }

    package var detail: String? { nil }

    package var entry: CodeEntry {
        switch reason {
        case .realPerson: CaseFailure.realPerson
        case .noInput: CaseFailure.noInput
        }
    }

    static let realPerson = CodeEntry(
        "E-CASE-PERSON",
        what: Wording(
            zh: "样例文件里有像真人的身份证号；样例只许用 99 开头的虚构号码。",
            en: "A case's file holds an ID number that somebody may bear; only those from 99 may "
                + "stand there."),
        next: Wording(
            zh: "换成虚构的人；若文件已提交进版本库，请立即告知隐私负责人。",
            en: "Put invented people there; where it is in the history already, tell the privacy "
                + "officer."))
    static let noInput = CodeEntry(
        "E-CASE-EMPTY",
        what: Wording(zh: "样例目录里没有机构的文件。", en: "The case's folder has no file of a clinic."),
        next: Wording(
            zh: "放入一个文件，如 input.csv，再 --record。",
            en: "Put a file there, such as input.csv, then run with --record."))
}
