package import Records

/// Fen of each payer (各级负担).
package struct PayerAmounts: Sendable, Hashable, Codable {
    package var central: Money
    package var city: Money
    package var district: Money

    package init(central: Money = .zero, city: Money = .zero, district: Money = .zero) {
        self.central = central
        self.city = city
        self.district = district
    }

    enum CodingKeys: String, CodingKey {
        case central = "central_fen"
        case city = "city_fen"
        case district = "district_fen"
    }

    static func + (left: PayerAmounts, right: PayerAmounts) -> PayerAmounts {
        PayerAmounts(
            central: left.central + right.central, city: left.city + right.city,
            district: left.district + right.district)
    }
}

/// What must become of one row of a sample (答案).
struct SampleTruth: RowTruth {
    /// As Excel counts: the header is row 1.
    let row: Int
    let fate: ExpectedFate
    let codes: [String]
    let institution: String
    let month: CalendarMonth
    let amounts: PayerAmounts
    let note: String

    static let header = Array(
        "row,fate,codes,institution,month,central_fen,city_fen,district_fen,note\n".utf8)

    /// Appends the row of the truth file, UTF-8. No cell needs quotes.
    func append(to bytes: inout [UInt8]) {
        let cells = [
            "\(row)", fate.rawValue, codes.joined(separator: " "), institution,
            month.description, "\(amounts.central.fen)", "\(amounts.city.fen)",
            "\(amounts.district.fen)", note,
        ]
        bytes.append(contentsOf: cells.joined(separator: ",").utf8)
        bytes.append(UInt8(ascii: "\n"))
    }
}

/// What must come of a whole sample (答案汇总), written beside the truth file as JSON.
package struct SampleSummary: Sendable, Codable, Equatable {
    /// Couples settled at an institution in a month, and their money.
    package struct Settled: Sendable, Codable, Equatable {
        package let institution: String
        package let month: CalendarMonth
        package var couples: Int
        package var amounts: PayerAmounts
    }

    /// Rows of the file without the header.
    package var rows = 0
    /// Rows by their fate; all fates are named.
    package var fates: [String: Int] = [:]
    /// Rows by finding code.
    package var codes: [String: Int] = [:]
    /// By institution, then month.
    package var settled: [Settled] = []
    package var settledCouples = 0
    package var totals = PayerAmounts()

    package init() {
        for fate in ExpectedFate.allCases { fates[fate.rawValue] = 0 }
    }

    enum CodingKeys: String, CodingKey {
        case rows, fates, codes, settled, totals
        case settledCouples = "settled_couples"
    }

    mutating func add(_ truth: SampleTruth) {
        rows += 1
        fates[truth.fate.rawValue, default: 0] += 1
        for code in truth.codes { codes[code, default: 0] += 1 }
        guard truth.amounts != PayerAmounts() else { return }
        settledCouples += 1
        totals = totals + truth.amounts
        let place = settled.firstIndex {
            $0.institution == truth.institution && $0.month == truth.month
        }
        if let place {
            settled[place].couples += 1
            settled[place].amounts = settled[place].amounts + truth.amounts
        } else {
            settled.append(
                Settled(
                    institution: truth.institution, month: truth.month, couples: 1,
                    amounts: truth.amounts))
        }
    }

    mutating func sort() {
        settled.sort { ($0.institution, $0.month) < ($1.institution, $1.month) }
    }
}

extension SampleSummary: TruthSummary {}
