package import Definitions
package import Records

/// What a sample shall hold (样例参数): `shangbao sample --couples N --seed S --defects P`.
package struct SampleRequest: Sendable {
    /// How many couples, and so rows: one couple or one repeated couple a row.
    package var couples: Int
    /// The same seed gives the same bytes; a longer file begins with the shorter one.
    package var seed: UInt64
    /// The share of rows with a defect, 0 to 1. Above 0, the first 300 rows hold each kind once.
    package var defectFraction: Double
    package var encoding: SampleEncoding
    /// First and last file date, both included.
    package var firstDay: CalendarDate
    package var lastDay: CalendarDate
    /// Where the couples were served; designated on all those days.
    package var institutions: [SampleInstitution]
    /// How dates are spelled, the usual way first: names as a mapping's `dates:` has them.
    package var dateSpellings: [String]
    package var payment: SamplePayment
    /// Whether columns that a clinic may leave out are written.
    package var isWhole: Bool

    package init(
        couples: Int, seed: UInt64, defectFraction: Double = 0, encoding: SampleEncoding = .gb18030,
        firstDay: CalendarDate = SampleRequest.defaultDays.first,
        lastDay: CalendarDate = SampleRequest.defaultDays.last,
        institutions: [SampleInstitution] = SampleInstitution.invented,
        dateSpellings: [String] = [
            "yyyy-M-d", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日", "yyyy.M.d",
        ],
        payment: SamplePayment = SamplePayment(), isWhole: Bool = false
    ) {
        self.couples = couples
        self.seed = seed
        self.defectFraction = defectFraction
        self.encoding = encoding
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.institutions = institutions
        self.dateSpellings = dateSpellings
        self.payment = payment
        self.isWhole = isWhole
    }

    /// The year 2012, the first of the free check in Chongqing.
    package static let defaultDays = (
        first: CalendarDate(daysSince1970: 15_340), last: CalendarDate(daysSince1970: 15_705)
    )

    /// - Throws: `SampleFailure.request` with the reason.
    func checked() throws(SampleFailure) {
        guard (0...InventedIDNumber.mostCouples).contains(couples) else {
            throw .request("couples: 0...\(InventedIDNumber.mostCouples)")
        }
        guard (0...1).contains(defectFraction) else { throw .request("defects: 0...1") }
        guard firstDay <= lastDay else { throw .request("days: first <= last") }
        guard !institutions.isEmpty else { throw .request("institutions: at least one") }
        guard institutions.allSatisfy({ $0.division.hasPrefix("99") && $0.division.count == 6 })
        else { throw .request("institutions: invented divisions only (99xxxx)") }
    }
}

/// An invented institution that serves couples (服务机构).
package struct SampleInstitution: Sendable, Hashable {
    /// WS 218, 22 characters.
    package let code: String
    package let name: String
    /// Its division, `99` and four digits: no province has that prefix.
    package let division: String

    package init(code: String, name: String, division: String) {
        self.code = code
        self.name = name
        self.division = division
    }

    /// The institutions of the example county.
    package static let invented = [
        SampleInstitution(code: "MA0000T1X99010111G1001", name: "示例区妇幼保健院", division: "990101"),
        SampleInstitution(code: "MA0000T2899010111A1001", name: "示例区人民医院", division: "990101"),
        SampleInstitution(code: "MA0000T3699010111G3001", name: "示例区计划生育服务站", division: "990101"),
    ]

    /// The invented institutions of a designated list that are on it from the first to the last
    /// day.
    package static func all(
        in designated: CodeList, from first: CalendarDate, to last: CalendarDate
    ) -> [SampleInstitution] {
        designated.codes.compactMap { entry in
            guard entry.holds(on: first), entry.holds(on: last), entry.code.count == 22 else {
                return nil
            }
            let division = String(entry.code.dropFirst(9).prefix(6))
            guard division.hasPrefix("99") else { return nil }
            return SampleInstitution(code: entry.code, name: entry.label.zh, division: division)
        }
    }

    /// Institutions with valid codes that no list designates.
    static let undesignated = [
        SampleInstitution(code: "MA0000T5299010111G1001", name: "示例区未定点门诊部", division: "990101"),
        SampleInstitution(code: "MA0000T6099010111G1001", name: "示例区未定点卫生院", division: "990101"),
    ]
}

/// What a settled couple is worth, and who pays it (分担). The district takes the rest.
package struct SamplePayment: Sendable {
    /// A part of the whole, exact.
    package struct Share: Sendable {
        package let numerator: Int64
        package let denominator: Int64

        package init(_ numerator: Int64, _ denominator: Int64) {
            self.numerator = numerator
            self.denominator = denominator
        }

        /// Rounded down to the fen.
        func of(_ money: Money) -> Money { Money(fen: money.fen * numerator / denominator) }
    }

    package var price: Money
    package var central: Share
    package var city: Share
    /// Earlier file dates are sent and not settled.
    package var startsOn: CalendarDate

    package init(
        price: Money = Money(fen: 24_000), central: Share = Share(4, 5), city: Share = Share(1, 10),
        startsOn: CalendarDate = SampleRequest.defaultDays.first
    ) {
        self.price = price
        self.central = central
        self.city = city
        self.startsOn = startsOn
    }

    /// The fen of each payer for one settled couple.
    var perCouple: PayerAmounts {
        let central = central.of(price)
        let city = city.of(price)
        return PayerAmounts(central: central, city: city, district: price - central - city)
    }
}
