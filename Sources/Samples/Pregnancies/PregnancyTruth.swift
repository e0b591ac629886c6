package import Records

/// Fen of each payer for one screening test (分担). In a county that the province manages nobody is
/// named for the city's part of an NIPT: it is unassigned.
package struct ScreeningAmounts: Sendable, Codable, Equatable {
    package var person: Money = .zero
    package var city: Money = .zero
    package var district: Money = .zero
    package var county: Money = .zero
    package var unassigned: Money = .zero

    enum CodingKeys: String, CodingKey {
        case person = "person_fen"
        case city = "city_fen"
        case district = "district_fen"
        case county = "county_fen"
        case unassigned = "unassigned_fen"
    }

    /// What one test costs each payer, in the invented areas: 990101 is a
    /// municipal district, 990229 a county that the province manages.
    static func one(_ test: PregnancyTest, division: String) -> ScreeningAmounts {
        let isDistrict = division == "990101"
        var amounts = ScreeningAmounts()
        switch (test, isDistrict) {
        case (.serum, true):
            amounts.person = Money(fen: 7_000)
            amounts.city = Money(fen: 4_000)
            amounts.district = Money(fen: 4_000)
        case (.serum, false):
            amounts.person = Money(fen: 7_000)
            amounts.county = Money(fen: 8_000)
        case (.nipt, true):
            amounts.city = Money(fen: 100_000)
            amounts.district = Money(fen: 40_000)
        case (.nipt, false):
            amounts.county = Money(fen: 40_000)
            amounts.unassigned = Money(fen: 100_000)
        }
        return amounts
    }

    static func + (left: ScreeningAmounts, right: ScreeningAmounts) -> ScreeningAmounts {
        ScreeningAmounts(
            person: left.person + right.person, city: left.city + right.city,
            district: left.district + right.district, county: left.county + right.county,
            unassigned: left.unassigned + right.unassigned)
    }
}

/// What must become of one screening record (答案).
struct PregnancyTruth: RowTruth {
    /// As Excel counts the records: the header is row 1.
    let row: Int
    let fate: ExpectedFate
    let codes: [String]
    let institution: SampleInstitution
    let month: CalendarMonth
    let test: PregnancyTest
    /// `nil` where nothing is settled.
    let amounts: ScreeningAmounts?
    let note: String

    static let header = Array(
        ("row,fate,codes,institution,area,month,service,person_fen,city_fen,district_fen,"
            + "county_fen,unassigned_fen,note\n").utf8)

    /// Appends the row of the truth file, UTF-8. No cell needs quotes.
    func append(to bytes: inout [UInt8]) {
        let amounts = amounts ?? ScreeningAmounts()
        let fen = [
            amounts.person, amounts.city, amounts.district, amounts.county, amounts.unassigned,
        ].map { "\($0.fen)" }
        let cells =
            [
                "\(row)", fate.rawValue, codes.joined(separator: " "), institution.code,
                institution.division, month.description, test.rawValue,
            ] + fen + [note]
        bytes.append(contentsOf: cells.joined(separator: ",").utf8)
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// What must come of a whole sample of pregnancies (答案汇总), beside its truth file as JSON.
package struct PregnancySummary: Sendable, Codable, Equatable {
    /// Tests of one kind that are settled in an area and a month, and their money.
    package struct Settled: Sendable, Codable, Equatable {
        package let area: String
        package let month: CalendarMonth
        package let service: String
        package var tests: Int
        package var amounts: ScreeningAmounts
    }

    /// Records of the file.
    package var rows = 0
    /// Rows by their fate; all fates are named.
    package var fates: [String: Int] = [:]
    /// Rows by finding code.
    package var codes: [String: Int] = [:]
    /// By area, then month, then service.
    package var settled: [Settled] = []
    package var settledTests = 0
    package var totals = ScreeningAmounts()

    enum CodingKeys: String, CodingKey {
        case rows, fates, codes, settled, totals
        case settledTests = "settled_tests"
    }

    init() {
        for fate in ExpectedFate.allCases { fates[fate.rawValue] = 0 }
    }

    mutating func add(_ truth: PregnancyTruth) {
        rows += 1
        fates[truth.fate.rawValue, default: 0] += 1
        for code in truth.codes { codes[code, default: 0] += 1 }
        guard let amounts = truth.amounts else { return }
        settledTests += 1
        totals = totals + amounts
        let (area, service) = (truth.institution.division, truth.test.rawValue)
        let place = settled.firstIndex {
            $0.area == area && $0.month == truth.month && $0.service == service
        }
        if let place {
            settled[place].tests += 1
            settled[place].amounts = settled[place].amounts + amounts
        } else {
            settled.append(
                Settled(
                    area: area, month: truth.month, service: service, tests: 1, amounts: amounts))
        }
    }

    mutating func sort() {
        settled.sort {
            ($0.area, $0.month, $0.service) < ($1.area, $1.month, $1.service)
        }
    }
}

extension PregnancySummary: TruthSummary {}
