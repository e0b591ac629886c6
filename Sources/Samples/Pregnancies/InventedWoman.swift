import Records

/// A pregnant woman who does not exist (虚构孕妇), with all that does not depend on a test.
struct InventedWoman {
    let number: Int
    let institutionNumber: Int
    let institution: SampleInstitution
    let sampledOn: CalendarDate
    /// Gestational age at the first sample in days, as the pregnancy was dated.
    let days: Int
    let test: PregnancyTest
    let method: String
    let lmp: CalendarDate
    let due: CalendarDate
    let isDatedByUltrasound: Bool
    let birthDate: CalendarDate
    let county: InventedPlace
    private(set) var answers: [String: PregnancyAnswer]

    /// The weeks of each method (DOMAIN 3.1), in days.
    private static func window(_ method: String) -> ClosedRange<Int> {
        switch method {
        case "1": 63...97
        case "2": 77...97
        case "6": 84...160
        default: 105...146
        }
    }

    init(number: Int, wish: PregnancyWish, world: InventedWorld) {
        self.number = number
        var random = RandomStream(seed: world.request.seed, couple: number, .facts)
        let place = world.institution(&random)
        institutionNumber = wish.institution ?? place
        institution = world.institutions[institutionNumber]
        county = world.counties[institutionNumber]
        let day = world.day(noLaterThan: world.request.lastDay, &random)
        sampledOn = wish.sampledOn ?? day
        let kind: PregnancyTest = random.chance(0.25) ? .nipt : .serum
        test = wish.test ?? kind
        let methods = ["3", "4", "5", "1", "2"]
        let drawn = methods[random.index(weights: [60, 20, 10, 5, 5])]
        method = wish.method ?? (test == .nipt ? "6" : drawn)
        let within = random.within(InventedWoman.window(method))
        days = wish.days ?? within
        // A calm pregnancy is dated by its period; one in ten others by an ultrasound.
        let isShifted = random.chance(0.1)
        isDatedByUltrasound = isShifted && wish.days == nil
        let shift = random.within(8...12) * (random.chance(0.5) ? 1 : -1)
        let elapsed = days + (isDatedByUltrasound ? shift : 0)
        let lmp = sampledOn.adding(days: -elapsed)
        self.lmp = lmp
        let due = sampledOn.adding(days: 280 - days)
        self.due = due
        let age = Int(random.normal(27, 4.5).rounded())
        birthDate = InventedIDNumber.birthDate(
            couple: number, .wife, age: wish.age ?? min(45, max(20, age)), on: due)
        answers = [
            "lmp": .day(lmp), "edd": .day(due),
            "gaMethod": .code(isDatedByUltrasound ? "2" : "1"),
        ]
        if isDatedByUltrasound {
            answers["crlMm"] = .number(Int64(random.within(450...840)), places: 1)
        }
        addPerson(world, &random)
        addHistory(&random)
    }

    /// Completed years and tenths of the year in hand, times ten.
    private func ageInTenths() -> Int64 {
        let years = birthDate.completedYears(to: due)
        let parts = birthDate.parts
        func birthday(_ year: Int) -> CalendarDate {
            CalendarDate(year: year, month: parts.month, day: parts.day) ?? due
        }
        let last = birthday(parts.year + years)
        let length = birthday(parts.year + years + 1).daysSince1970 - last.daysSince1970
        return Int64(years * 10) + Int64(10 * (due.daysSince1970 - last.daysSince1970) / length)
    }

    var ageAtDue: Int { birthDate.completedYears(to: due) }

    private mutating func addPerson(_ world: InventedWorld, _ random: inout RandomStream) {
        let idNumber = InventedIDNumber.text(
            couple: number, .wife, division: county.division,
            born: InventedIDNumber.digits(of: birthDate), isMale: false)
        let home = random.chance(0.85) ? county : random.pick(world.elsewhere)
        answers["pregnantWoman.name"] = .text(world.names.name(&random))
        answers["pregnantWoman.idType"] = .code("01")
        answers["pregnantWoman.idNumber"] = .text(idNumber)
        answers["pregnantWoman.birthDate"] = .day(birthDate)
        answers["pregnantWoman.ageAtEdd"] = .number(ageInTenths(), places: 1)
        answers["pregnantWoman.phone"] = .text(InventedWoman.phone(&random))
        if random.chance(0.4) {
            answers["pregnantWoman.emergencyPhone"] = .text(InventedWoman.phone(&random))
        }
        answers["pregnantWoman.hukouDivision"] = .text(home.division)
        answers["pregnantWoman.residenceDivision"] = .text(county.division)
    }

    private static func phone(_ random: inout RandomStream) -> String {
        "120" + InventedIDNumber.padded(random.below(100_000_000), 8)
    }

    private mutating func addHistory(_ random: inout RandomStream) {
        let para = random.index(weights: [55, 38, 7])
        let abortions = random.index(weights: [80, 15, 5])
        answers["para"] = .number(Int64(para), places: 0)
        answers["priorAbortions"] = .number(Int64(abortions), places: 0)
        answers["gravida"] = .number(Int64(para + abortions + 1), places: 0)
        let isSpontaneous = abortions > 0 && random.chance(0.3)
        answers["adverseHistory"] = .codes([isSpontaneous ? "1" : "0"])
        answers["familyGenetic"] = .flag(random.chance(0.004))
        answers["weightAtSample"] = .number(
            Int64(min(1100, max(400, random.normal(590, 80)))), places: 1)
        answers["heightPs"] = .number(
            Int64(min(1800, max(1450, random.normal(1600, 50)))), places: 1)
        answers["smokingPs"] = .flag(random.chance(0.008))
        answers["insulinDiabetes"] = .flag(random.chance(0.004))
        answers["ivf"] = .flag(false)
        answers["fetusCount"] = .number(1, places: 0)
        answers["chorionicity"] = .code("1")
    }
}
