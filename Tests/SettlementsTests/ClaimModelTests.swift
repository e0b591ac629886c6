import Evidence
import Records
import Settlements
import Testing

/// Claims beside a plain list of them: of pregnancies that reach over New Year, whose numbers were
/// mistyped or whose due dates moved.
struct ClaimModelTests {
    /// All cases that came, with what was made of them.
    private struct PlainClaims {
        /// One pregnancy of one claimant under one pseudonym.
        struct Pregnancy {
            let claimant: String
            let service: String?
            var entries: [(number: Int, dueOn: CalendarDate?)]
            var paidBy: String?
        }

        private var pregnancies: [Pregnancy] = []

        /// `paid`, or why not and which case has the claim.
        mutating func judge(_ record: SubmittedRecord) -> String {
            guard let claimant = record.claimant, let number = record.childOrder else {
                return "unknown"
            }
            let entry = (number: number, dueOn: record.dueOn)
            for name in [record.claimantBefore, claimant] {
                for place in pregnancies.indices
                where pregnancies[place].claimant == name
                    && pregnancies[place].service == record.traits.service
                    && pregnancies[place].entries.contains(where: { isSame($0, entry) })
                {
                    pregnancies[place].entries.append(entry)
                    return judge(record, place)
                }
            }
            pregnancies.append(
                Pregnancy(
                    claimant: claimant, service: record.traits.service, entries: [entry]))
            return judge(record, pregnancies.count - 1)
        }

        private mutating func judge(_ record: SubmittedRecord, _ place: Int) -> String {
            if record.traits.service == "serum", let paid = pregnancies[place].paidBy {
                return "second of \(paid)"
            }
            pregnancies[place].paidBy = record.record.text
            return "paid"
        }

        private func isSame(
            _ one: (number: Int, dueOn: CalendarDate?), _ other: (number: Int, dueOn: CalendarDate?)
        ) -> Bool {
            if one.number == other.number { return true }
            guard let oneDay = one.dueOn, let otherDay = other.dueOn else { return false }
            return abs(oneDay.daysSince1970 - otherDay.daysSince1970) <= 28
        }
    }

    private static func records(_ seed: UInt64) -> [SubmittedRecord] {
        var numbers = SeededNumbers(state: seed)
        return (0..<60).map { place in
            let day = CalendarDate(daysSince1970: 16_850 + Int32(place) * 5)
            let due = CalendarDate(
                daysSince1970: 17_000 + Int32.random(in: 0...300, using: &numbers))
            let isKnown = Int.random(in: 0..<12, using: &numbers) > 0
            let hasDue = Int.random(in: 0..<4, using: &numbers) > 0
            let isSerum = Int.random(in: 0..<3, using: &numbers) > 0
            let before = Int.random(in: 0..<9, using: &numbers)
            let woman = Int.random(in: 0..<5, using: &numbers)
            return SubmittedRecord.test(
                "case-\(place)", isSerum ? "serum" : "nipt", on: day.description,
                woman: "pid-\(woman)",
                pregnancy: isKnown ? Int.random(in: 1...4, using: &numbers) : nil,
                due: hasDue ? due.description : nil, before: before < 5 ? "pid-\(before)" : nil)
        }
    }

    @Test(arguments: 1...UInt64(60))
    func `Each claim is judged as a plain list of all claims judges it`(seed: UInt64) throws {
        let rule = try FundingScheme(text: SampleScreening.text(), shownAs: "test.yaml")
        var claims = FundingClaims(rule: rule.local(to: "371502"))
        var plain = PlainClaims()
        for record in ClaimModelTests.records(seed) {
            let found =
                switch claims.judge(record) {
                case .paid: "paid"
                case .claimUnknown: "unknown"
                case .claimed(_, let earlier): "second of \(earlier?.text ?? "nobody")"
                case .worthNothing(let reason): "\(reason)"
                }
            #expect(found == plain.judge(record), "seed \(seed), \(record.record)")
        }
    }

    @Test(arguments: 1...UInt64(60))
    func `A settlement judges claims as one after the other`(seed: UInt64) throws {
        let records = ClaimModelTests.records(seed)
        var sample = SampleBook(programme: "prenatal-screening")
        sample.accept(records)
        var plain = PlainClaims()
        let judged = records.map { (record: $0, outcome: plain.judge($0)) }
        for year in [2016, 2017] {
            let settlement = try SampleScreening.closing(sample, year: year, division: "371502")
            let own = judged.filter { $0.record.servedOn.parts.year == year }
            #expect(
                settlement.paid.map(\.record) == own.filter { $0.outcome == "paid" }.map(\.record),
                "seed \(seed)")
            #expect(
                settlement.unpaid.map(\.record)
                    == own.filter { $0.outcome != "paid" }.map(\.record), "seed \(seed)")
        }
    }
}
