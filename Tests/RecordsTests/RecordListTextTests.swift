import Foundation
import Records
import Testing

struct RecordListTextTests {
    private func record(_ number: Int, institution: String, claimant: String?) -> SubmittedRecord {
        SubmittedRecord(
            record: RecordID(String(repeating: "\(number % 10)", count: 32)), version: number,
            action: RecordAction.allCases[number % 3], institution: institution,
            servedOn: CalendarDate(daysSince1970: Int32(number * 97 - 4000)),
            traits: SettlementTraits(
                isFree: number % 2 == 0, spouses: number % 4 == 0 ? [] : [true, number % 5 == 0],
                isComplete: number % 3 == 0,
                service: number % 9 == 0 ? "nipt" : nil,
                attempt: number % 11 == 0 ? TestAttempt.allCases[number % 3] : nil,
                isLocal: number % 13 == 0 ? number % 2 == 0 : nil,
                isRealName: number % 17 == 0 ? number % 3 == 0 : nil),
            claimant: claimant, childOrder: number % 7 == 0 ? nil : number,
            dueOn: number % 5 == 0 ? CalendarDate(daysSince1970: Int32(number + 17_000)) : nil,
            claimantBefore: number % 6 == 0 ? claimant : nil)
    }

    @Test func `The text is what a JSON encoder with sorted keys writes`() throws {
        let names = [
            "MA0000T1X99010111G1001", "县\"医院\"\\/",
            String(decoding: Array(UInt8(0)..<0x21), as: UTF8.self), "",
        ]
        let records = (0..<200).map { number in
            record(
                number, institution: names[number % names.count],
                claimant: number % 3 == 0 ? nil : "m7uqizsgr2c6\(number)")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for list in [records, [], Array(records.prefix(1))] {
            let expected = String(decoding: try encoder.encode(list), as: UTF8.self)
            #expect(String(decoding: RecordListText(list).bytes, as: UTF8.self) == expected)
        }
    }
}
