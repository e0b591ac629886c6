import Records

/// What is done for a woman (筛查服务).
enum PregnancyTest: String, Sendable {
    case serum, nipt
}

/// What a defect asks of a pregnancy before it is invented.
struct PregnancyWish: Sendable {
    var test: PregnancyTest?
    /// Code of the method, `1` to `6` (筛查方法).
    var method: String?
    /// Gestational age at sampling in days (采血孕周).
    var days: Int?
    var sampledOn: CalendarDate?
    /// Days from the sample to the report.
    var reportAfter: Int?
    /// Completed years on the due date.
    var age: Int?
    /// Whether the result is high, or certainly low; `nil` as it comes.
    var isHigh: Bool?
    /// Place in `PregnancyWorld.institutions`.
    var institution: Int?

    /// An ordinary serum screening of low risk, to be changed in one thing.
    static let serum = PregnancyWish(test: .serum, method: "3", days: 120, age: 26, isHigh: false)
    static let nipt = PregnancyWish(test: .nipt, method: "6", days: 110, age: 26, isHigh: false)
    /// A high risk with recall, counselling and diagnosis, all in time.
    static let highSerum = PregnancyWish(
        test: .serum, method: "3", days: 110, reportAfter: 5, age: 26, isHigh: true)
    static let highNIPT = PregnancyWish(
        test: .nipt, method: "6", days: 105, reportAfter: 10, age: 26, isHigh: true)

    func with(_ change: (inout PregnancyWish) -> Void) -> PregnancyWish {
        var changed = self
        change(&changed)
        return changed
    }
}

/// Institutions of the invented prefecture, as `samples/site/qualified.csv` qualifies them.
enum PregnancyInstitutions {
    static let hospital = SampleInstitution.invented[0]
    /// Qualified for serum during 2016 only, and for diagnosis.
    static let general = SampleInstitution.invented[1]
    /// In the county that the province manages (省直管县).
    static let county = SampleInstitution(
        code: "MA0000T7999022911A1001", name: "虚构县人民医院", division: "990229")
    static let all = [hospital, general, county]
    /// Who does NIPT, and who diagnoses, for all of them.
    static let laboratory = hospital
    static let diagnosing = general
}

extension PregnancyAnswer {
    /// Of a day as `2016-12-31`; the first day of all where it is none.
    static func date(_ text: String) -> CalendarDate {
        CalendarDate(iso: text) ?? CalendarDate(daysSince1970: 0)
    }
}
