import Records

/// A couple who do not exist (虚构夫妇), with all that their family file says of both.
final class InventedCouple {
    /// Counted from 0; the same person bears the same number in every row.
    let number: Int
    let wife: InventedPerson
    let husband: InventedPerson
    let county: InventedPlace
    /// The institution's place in the world's list; decides staff and funding area.
    let institutionNumber: Int
    var institution: SampleInstitution
    /// The running number at the end of the local file number.
    var fileNumber: Int
    var fileDate: CalendarDate
    var childOrder: Int
    var livingChildren: Int
    var hasBeenPregnant: Bool
    let marriageDate: CalendarDate
    let isConsanguineous: Bool
    let plannedAfterDays: Int
    let reportAfterDays: Int
    let adviceAfterDays: Int
    var checkSequence = 1
    var isFree = true
    var isPolicyEligible = true
    var isComplete = true
    var isWifePresent = true
    var isHusbandPresent = true
    var consent = Consent.both

    /// Who has consented (知情同意); the raw value is the place in the list of codes.
    enum Consent: Int {
        case nobody
        case both
        case wife
        case husband

        static let codes = ["NONE", "BOTH", "WIFE", "HUSBAND"]
    }

    /// - Parameter wish: what a defect asks of a couple before it is invented.
    init(number: Int, wish: CoupleWish, world: InventedWorld) {
        self.number = number
        var random = RandomStream(seed: world.request.seed, couple: number, .facts)
        let drawnInstitution = world.institution(&random)
        institutionNumber = wish.institution ?? drawnInstitution
        institution = world.institutions[institutionNumber]
        let county = world.counties[institutionNumber]
        self.county = county
        fileNumber = number + 1
        let drawnDay = world.day(noLaterThan: wish.latestDay ?? world.request.lastDay, &random)
        let fileDate = wish.day(of: number, drawn: drawnDay)
        self.fileDate = fileDate
        let local = wish.areLocal ?? InventedCouple.registrations(&random)
        let identities = InventedCouple.identities(
            number: number, wish: wish, county: county, on: fileDate, world, &random)
        func person(_ identity: InventedIdentity, isLocal: Bool) -> InventedPerson {
            let household = isLocal ? county : random.pick(world.elsewhere)
            // A local one has lived here for years; others for half a year at least.
            let days = isLocal ? random.within(800...6000) : random.within(190...2200)
            let since = wish.residenceMonths.map { fileDate.adding(months: -$0) }
            return InventedPerson(
                identity, household: household, isLocal: isLocal,
                residenceSince: since ?? fileDate.adding(days: -days), isPlain: wish.isPlain,
                more: MoreAnswers(couple: number, identity.spouse, wish, world.request), &random)
        }
        wife = person(identities.wife, isLocal: local.wife)
        husband = person(identities.husband, isLocal: local.husband)
        let wifeAge = wife.birthDate.completedYears(to: fileDate)
        let drawnOrder = wifeAge < 23 ? 0 : random.index(weights: [700, 280, 20])
        let order = wish.isPlain ? 0 : drawnOrder
        childOrder = order + 1
        livingChildren = order
        hasBeenPregnant = (order > 0 || random.chance(0.25)) && !wish.isPlain
        marriageDate = InventedCouple.wedding(
            of: wife, husband, before: fileDate, years: 3 * (order + 1), &random)
        isConsanguineous = random.chance(0.001) && !wish.isPlain
        plannedAfterDays = random.within(30...540)
        let drawnReport = random.within(1...7)
        reportAfterDays = wish.isPlain ? 3 : drawnReport
        adviceAfterDays = reportAfterDays + (wish.isPlain ? 3 : random.within(1...10))
    }

    /// Who is registered locally: both 70, one 20, neither 10 of a hundred.
    private static func registrations(_ random: inout RandomStream) -> (wife: Bool, husband: Bool) {
        switch random.index(weights: [70, 10, 10, 10]) {
        case 0: (true, true)
        case 1: (true, false)
        case 2: (false, true)
        default: (false, false)
        }
    }

    /// From the legal age of both (20 and 22) to the file date, mostly within some years.
    private static func wedding(
        of wife: InventedPerson, _ husband: InventedPerson, before fileDate: CalendarDate,
        years: Int, _ random: inout RandomStream
    ) -> CalendarDate {
        let legal = max(
            wife.birthDate.adding(months: 240), husband.birthDate.adding(months: 264))
        let days = random.within(10...365 * years)
        // Two days later: somebody born on 29 February has the birthday in March, and a birth date
        // that is a day off still leaves the age.
        return min(fileDate, max(legal.adding(days: 2), fileDate.adding(days: -days)))
    }

    var isFloating: Bool { !wife.isLocal && !husband.isLocal }

    func isPresent(_ spouse: Spouse) -> Bool {
        spouse == .wife ? isWifePresent : isHusbandPresent
    }

    func person(_ spouse: Spouse) -> InventedPerson {
        spouse == .wife ? wife : husband
    }

    /// Nobody, the wife, the husband, both: 0 to 3. Follows from the results by rule.
    var partyAtRisk: Int {
        let isWife = isWifePresent && (wife.isAtRisk || isConsanguineous)
        let isHusband = isHusbandPresent && (husband.isAtRisk || isConsanguineous)
        return (isWife ? 1 : 0) + (isHusband ? 2 : 0)
    }
}

extension InventedCouple {
    /// Names, birthdays and ID numbers of both.
    fileprivate static func identities(
        number: Int, wish: CoupleWish, county: InventedPlace, on day: CalendarDate,
        _ world: InventedWorld, _ random: inout RandomStream
    ) -> (wife: InventedIdentity, husband: InventedIdentity) {
        func identity(_ spouse: Spouse, _ name: String, age: Int) -> InventedIdentity {
            let born = InventedIDNumber.birthDate(couple: number, spouse, age: age, on: day)
            let idNumber = InventedIDNumber.text(
                couple: number, spouse, division: county.division,
                born: InventedIDNumber.digits(of: born), isMale: spouse == .husband)
            return InventedIdentity(
                spouse: spouse, name: name, birthDate: born, idNumber: idNumber)
        }
        let anyAge = min(45, max(20, Int(random.normal(27.5, 4.5))))
        let drawnAge = wish.wifeAge ?? (wish.isPlain ? 27 : anyAge)
        let wifeName = world.names.name(&random)
        var wife = identity(.wife, wifeName, age: drawnAge)
        if wish.endsInX {
            // The year's last digit moves the check character through all but one of its values.
            let ages = [drawnAge] + Array(20...45)
            wife =
                ages.lazy.map { identity(.wife, wifeName, age: $0) }
                .first { $0.idNumber.hasSuffix("X") } ?? wife
        }
        let wifeAge = wife.birthDate.completedYears(to: day)
        let anyHusbandAge = min(55, max(22, wifeAge + Int(random.normal(2.5, 3))))
        let husbandAge = wish.husbandAge ?? (wish.isPlain ? max(22, wifeAge + 2) : anyHusbandAge)
        var husbandName = world.names.name(&random)
        while husbandName == wifeName { husbandName = world.names.name(&random) }
        return (wife, identity(.husband, husbandName, age: husbandAge))
    }
}

extension CalendarDate {
    /// The same day of another month, or that month's last day where it is shorter.
    func adding(months: Int) -> CalendarDate {
        let day = parts
        let month = day.year * 12 + day.month - 1 + months
        let length = CalendarDate.length(ofMonth: month % 12 + 1, year: month / 12)
        return CalendarDate(year: month / 12, month: month % 12 + 1, day: min(day.day, length))
            ?? self
    }
}
