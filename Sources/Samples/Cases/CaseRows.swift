import Definitions
import Records

/// Rows that show a case of a rule (用例行).
extension SampleWriter {
    /// The cases that this layout and encoding can show, in order.
    static func cases(_ request: SampleRequest, _ layout: RowLayout) -> CaseSchedule {
        guard request.isWhole, request.defectFraction > 0 else { return CaseSchedule([]) }
        let known = Set(layout.plans.map(\.element.name))
        let all = RuleCase.all + RuleCase.crosswalks(layout)
        return CaseSchedule(
            all.filter { item in
                (item.isForWorkbooks || request.encoding != .xlsx)
                    && item.cells.keys.allSatisfy(known.contains)
            })
    }

    /// Makes the row of a case, and knows what must become of it.
    func make(_ item: RuleCase, row: Int, into line: inout [UInt8]) -> MadeRow {
        let couple = InventedCouple(number: row, wish: item.wish, world: world)
        var texts: [Int: [UInt8]] = [:]
        let cells = item.cells.merging(identity(item, couple, row)) { _, own in own }
        for (field, said) in cells {
            guard let column = layout.column(of: field) else { continue }
            texts[column] = layout.text(said, at: column, couple)
        }
        var spelling = RandomStream(seed: request.seed, couple: row, .spelling)
        _ = layout.append(couple, &spelling, change: nil, texts: texts, to: &line)
        return (truth(row: row, couple, item.expectation, note: item.label), nil)
    }

    /// Cells about who somebody is, where a case changes that.
    private func identity(_ item: RuleCase, _ couple: InventedCouple, _ row: Int)
        -> [String: Said]
    {
        let number = couple.wife.idNumber
        switch item.identity {
        case .own: return [:]
        case .shared:
            return ["husband.idNumber": .text(number), "husband.name": .text(couple.wife.name)]
        case .fifteenDigits:
            let digits = number.prefix(6) + number.dropFirst(8).dropLast()
            return ["wife.idNumber": .text(String(digits))]
        case .husbandOf(let rowsBack):
            let back = row - rowsBack
            let wish = cases.item(row: back)?.wish ?? CoupleWish()
            let other = InventedCouple(number: back, wish: wish, world: world).husband
            let age = other.birthDate.completedYears(to: couple.fileDate)
            let born = InventedIDNumber.digits(of: other.birthDate)
            return [
                "husband.idNumber": .text(other.idNumber), "husband.name": .text(other.name),
                "husband.birthDate": .text(born), "husband.ageYears": .text("\(age)"),
            ]
        }
    }
}
