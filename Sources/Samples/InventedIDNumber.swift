import Records

/// ID numbers that no one can have (虚构身份证号): GB 11643 with the province prefix 99.
///
/// The day of the year, the sequence and the last two digits of the division count the couples, so
/// that no two couples ever share a number, whatever year they are born in.
enum InventedIDNumber {
    /// Sequences of each sex; the even ones leave out whole hundreds, so that no number ends in
    /// `000`, which reads like a number cut by a spreadsheet.
    private static let even = stride(from: 2, to: 900, by: 2).filter { $0 % 100 != 0 }
    private static let odd = Array(stride(from: 1, to: 900, by: 2).prefix(even.count))
    private static let places = 365 * even.count
    /// How many couples can be told apart.
    static let mostCouples = 99 * places

    /// Where a number stands among those of its block: each couple elsewhere, in no visible order.
    private static func place(_ couple: Int, _ spouse: Spouse) -> (dayOfYear: Int, sequence: Int) {
        // Neither step shares a factor with `places`, so every place is met once.
        let (first, step) = spouse == .wife ? (61_234, 48_271) : (20_117, 65_537)
        let place = (first + couple % places * step) % places
        return (place % 365, place / 365)
    }

    /// The birthday of someone who has completed `age` years on a day.
    static func birthDate(couple: Int, _ spouse: Spouse, age: Int, on day: CalendarDate)
        -> CalendarDate
    {
        let dayOfYear = place(couple, spouse).dayOfYear
        let today = day.parts
        func born(_ year: Int) -> CalendarDate {
            // Counted in a common year, so that 29 February stays out.
            let common = CalendarDate(daysSince1970: Int32(dayOfYear)).parts
            return CalendarDate(year: year, month: common.month, day: common.day) ?? day
        }
        let birthday = born(today.year - age)
        return birthday.completedYears(to: day) < age ? born(today.year - age - 1) : birthday
    }

    /// The 18 characters.
    ///
    /// - Parameters:
    ///   - division: whose first four digits go in; they begin with 99.
    ///   - born: eight digits, where a defect asks also those of a day that no calendar has.
    ///   - isMale: what the 17th digit says.
    static func text(
        couple: Int, _ spouse: Spouse, division: String, born: String, isMale: Bool
    ) -> String {
        let sequence = (isMale ? odd : even)[place(couple, spouse).sequence]
        let block = padded(couple / places + 1, 2)
        let digits = "\(division.prefix(4))\(block)\(born)\(padded(sequence, 3))"
        return digits + checkCharacter(of: digits)
    }

    /// GB 11643: each digit counts 2 to the power of its distance from the check character, modulo
    /// 11. Computed here apart from the product's own, which a sample is there to test.
    private static func checkCharacter(of digits: String) -> String {
        var weight = 1
        var sum = 0
        for digit in digits.utf8.reversed() {
            weight = weight * 2 % 11
            sum += Int(digit - 0x30) * weight
        }
        let value = (12 - sum % 11) % 11
        return value == 10 ? "X" : String(value)
    }

    /// `yyyyMMdd`.
    static func digits(of date: CalendarDate) -> String {
        let day = date.parts
        return padded(day.year, 4) + padded(day.month, 2) + padded(day.day, 2)
    }

    /// A number with leading zeros.
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
