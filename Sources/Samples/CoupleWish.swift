import Records

/// What a defect or a case of a rule asks of a couple before it is invented.
struct CoupleWish {
    /// The file date comes no later than this: another check of the same couple will follow.
    var latestDay: CalendarDate?
    /// Whose registration is local.
    var areLocal: (wife: Bool, husband: Bool)?
    /// Both have lived here for exactly so many whole months.
    var residenceMonths: Int?
    /// The wife's ID number ends in X.
    var endsInX = false
    /// Nothing is to be said of either: what a case changes is then all that there is.
    var isPlain = false
    /// Completed years on the file date.
    var wifeAge: Int?
    var husbandAge: Int?
    /// The file date itself, as yyyyMMdd.
    var day: (year: Int, month: Int, day: Int)?
    /// The file date is this person's birthday, in 2012.
    var birthdayOf: Spouse?
    /// The institution's place in the world's list.
    var institution: Int?

    /// The file date of a couple for whom chance would take another.
    func day(of couple: Int, drawn: CalendarDate) -> CalendarDate {
        if let day { return CalendarDate(year: day.year, month: day.month, day: day.day) ?? drawn }
        guard let spouse = birthdayOf else { return drawn }
        let born = InventedIDNumber.birthDate(couple: couple, spouse, age: 30, on: drawn).parts
        return CalendarDate(year: drawn.parts.year, month: born.month, day: born.day) ?? drawn
    }
}
