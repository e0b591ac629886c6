import Records

/// Which spouse (男方、女方).
enum Spouse: Int {
    case wife
    case husband
}

/// A person who does not exist (虚构人物), with all that the programme asks of one spouse.
final class InventedPerson {
    let spouse: Spouse
    let name: String
    let birthDate: CalendarDate
    /// As the file writes it; a defect may damage it.
    var idNumber: String
    /// As the file writes it, where it is not the true one.
    var writtenBirthDate: CalendarDate?
    let phone: String
    let isLocal: Bool
    let ethnicity: Int
    let household: InventedPlace
    let residenceSince: CalendarDate
    let town: String
    let village: String
    /// For each of `DrawnField.all` the place of the answer.
    let choices: [UInt8]
    let measures: Measures
    /// HBsAg, HBsAb, HBeAg, HBeAb, HBcAb.
    let hepatitisB: [Bool]
    /// Days from the last period to the file date; the age at the first one.
    let periodDaysAgo: Int
    let menarcheAge: Int
    /// What the optional columns say.
    let more: MoreAnswers

    static let ethnicities = ["01", "15", "06", "03", "11"]
    private static let towns = ["甲镇", "乙镇", "丙乡", "丁街道"]
    private static let villages = ["一村1组", "一村2组", "二村1组", "二村3组", "三村4组", "五村2组"]

    init(
        _ identity: InventedIdentity, household: InventedPlace, isLocal: Bool,
        residenceSince: CalendarDate, isPlain: Bool, more: MoreAnswers,
        _ random: inout RandomStream
    ) {
        spouse = identity.spouse
        name = identity.name
        birthDate = identity.birthDate
        idNumber = identity.idNumber
        phone = "120" + InventedIDNumber.padded(random.below(100_000_000), 8)
        self.isLocal = isLocal
        self.household = household
        self.residenceSince = residenceSince
        ethnicity = random.index(weights: [900, 40, 30, 15, 15])
        town = random.pick(InventedPerson.towns)
        village = random.pick(InventedPerson.villages)
        let spouse = spouse
        self.more = more
        let drawn = InventedPerson.consistent(
            DrawnField.all.map { field in
                UInt8(random.index(thousandths: spouse == .wife ? field.wife : field.husband))
            })
        choices = isPlain ? InventedPerson.plain : drawn
        let measured = Measures(spouse, &random)
        measures = isPlain ? measured.unremarkable : measured
        let markers = InventedPerson.markers(spouse, &random)
        hepatitisB = isPlain ? markers.map { _ in false } : markers
        let daysAgo = random.within(3...32)
        periodDaysAgo = isPlain ? 20 : daysAgo
        menarcheAge = min(18, max(10, Int(random.normal(13.4, 1.2).rounded())))
    }

    /// The first, harmless answer to all, but immune to rubella: of a person on whom a case of a
    /// rule is shown, nothing else is to be said.
    private static let plain: [UInt8] = DrawnField.all.map { $0.name == "rubellaIgG" ? 1 : 0 }

    /// Answers that fit together: an acute toxoplasmosis has its raw meat, and discharge with
    /// trichomonas or clue cells is not of grade I.
    private static func consistent(_ drawn: [UInt8]) -> [UInt8] {
        var choices = drawn
        if choices[DrawnField.place(of: "toxoIgM")] == 1 {
            choices[DrawnField.place(of: "eatsRawMeat")] = 1
        }
        let cleanliness = DrawnField.place(of: "vaginalCleanliness")
        let isInflamed = ["trichomonas", "clueCells"].contains {
            choices[DrawnField.place(of: $0)] == 1
        }
        if isInflamed, choices[cleanliness] == 0 { choices[cleanliness] = 2 }
        return choices
    }

    /// The five markers in the patterns that occur together (DOMAIN 7.3).
    private static func markers(_ spouse: Spouse, _ random: inout RandomStream) -> [Bool] {
        if random.chance(spouse == .wife ? 0.052 : 0.06) {
            return random.chance(0.286)
                ? [true, false, true, false, true] : [true, false, false, true, true]
        }
        switch random.index(weights: [46, 43, 8, 3]) {
        case 0: return [false, false, false, false, false]
        case 1: return [false, true, false, false, false]
        case 2: return [false, true, false, false, true]
        default: return [false, false, false, false, true]
        }
    }

    /// Whether an answer is any but the first.
    private func isOther(_ field: Int) -> Bool { choices[field] > 0 }

    /// Whether the results of this person alone make a risk file (风险人群). A rule, never drawn.
    var isAtRisk: Bool {
        hepatitisB[0] || Self.riskFields.contains(where: isOther)
            || choices[Self.ultrasound] == 1
            || (spouse == .wife
                && (measures.hemoglobin < 90 || measures.glucoseHundredths >= 700))
    }

    private static let riskFields = [
        "syphilis", "gonococcus", "chlamydia", "cmvIgM", "toxoIgM", "usesNarcotics",
        "hasBirthDefect",
    ].map { DrawnField.place(of: $0) }
    private static let ultrasound = DrawnField.place(of: "ultrasoundResult")
    static let rubella = DrawnField.place(of: "rubellaIgG")
    static let cytomegalovirus = DrawnField.place(of: "cmvIgM")
    /// What a couple treats together.
    static let contagious = ["gonococcus", "chlamydia"].map { DrawnField.place(of: $0) }
    static let bloodGroup = DrawnField.place(of: "aboType")
}

/// Who someone is, before anything is known of him or her.
struct InventedIdentity {
    let spouse: Spouse
    let name: String
    let birthDate: CalendarDate
    let idNumber: String
}

/// A division and its name (行政区划); invented.
struct InventedPlace {
    let division: String
    let county: String
}

/// What was measured. Whole numbers, scaled as their names say.
struct Measures {
    let heightMillimetres: Int64
    let weightHectograms: Int64
    let heartRate: Int64
    let systolic: Int64
    let diastolic: Int64
    let altTenths: Int64
    let creatinineTenths: Int64
    private(set) var hemoglobin: Int64
    let redCellsHundredths: Int64
    let platelets: Int64
    let whiteCellsHundredths: Int64
    private(set) var glucoseHundredths: Int64
    let tshThousandths: Int64

    init(_ spouse: Spouse, _ random: inout RandomStream) {
        func draw(_ mean: Double, _ deviation: Double, _ range: ClosedRange<Double>) -> Int64 {
            Int64(min(range.upperBound, max(range.lowerBound, random.normal(mean, deviation))))
        }
        func skewed(_ median: Double, _ sigma: Double, _ range: ClosedRange<Double>) -> Int64 {
            let power = random.normal(0, sigma)
            return Int64(min(range.upperBound, max(range.lowerBound, median * exponential(power))))
        }
        let isWife = spouse == .wife
        heightMillimetres = draw(isWife ? 1585 : 1700, isWife ? 52 : 58, 1400...1950)
        let index = random.normal(isWife ? 21.5 : 23, isWife ? 2.6 : 2.9)
        let metres = Double(heightMillimetres) / 1000
        weightHectograms = Int64(min(38, max(16, index)) * metres * metres * 10)
        heartRate = draw(76, 7, 50...110)
        diastolic = draw(isWife ? 73 : 78, 8, 45...115)
        systolic = max(draw(isWife ? 112 : 120, 11, 80...190), diastolic + 15)
        altTenths = skewed(isWife ? 160 : 220, isWife ? 0.55 : 0.58, 30...20_000)
        creatinineTenths = draw(isWife ? 580 : 760, isWife ? 90 : 110, 200...1500)
        hemoglobin = draw(128, 13, 60...190)
        redCellsHundredths = draw(430, 35, 250...650)
        platelets = draw(230, 55, 40...600)
        whiteCellsHundredths = draw(650, 150, 200...1800)
        glucoseHundredths =
            random.chance(0.013) ? draw(720, 120, 400...1800) : draw(500, 55, 300...690)
        tshThousandths = skewed(1900, 0.5, 20...60_000)
    }

    /// The same without anything that advice would have to speak of.
    var unremarkable: Measures {
        var measures = self
        measures.hemoglobin = max(115, hemoglobin)
        measures.glucoseHundredths = min(600, glucoseHundredths)
        return measures
    }
}

/// The power of e by its series: the same digits on every machine.
///
/// - Parameter power: between -20 and 20.
func exponential(_ power: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for step in 1...24 {
        term *= power / 8 / Double(step)
        sum += term
    }
    let square = sum * sum
    let fourth = square * square
    return fourth * fourth
}
