import Records

extension Defect {
    /// What the defect asks of the couple before it is invented.
    var wish: CoupleWish {
        switch self {
        case .wifeOnly, .husbandOnly: CoupleWish(areLocal: (true, true))
        case .fiveMonths: CoupleWish(areLocal: (false, false), residenceMonths: 5)
        case .sixMonths: CoupleWish(areLocal: (false, false), residenceMonths: 6)
        case .lowerCaseX: CoupleWish(endsInX: true)
        default: CoupleWish()
        }
    }

    /// Changes a couple's file as the defect has it.
    ///
    /// - Returns: `false` where this couple cannot show the defect; then the row stays as it was.
    func apply(to couple: InventedCouple, _ random: inout RandomStream) -> Bool {
        switch self {
        case .wifeOnly:
            couple.isHusbandPresent = false
            couple.consent = .wife
        case .husbandOnly:
            couple.isWifePresent = false
            couple.consent = .husband
        case .noConsent: couple.consent = .nobody
        case .husbandConsentOnly: couple.consent = .husband
        case .notEligible: couple.isPolicyEligible = false
        case .unfinished: couple.isComplete = false
        case .undesignated:
            let others = SampleInstitution.undesignated.filter {
                $0.code != couple.institution.code
            }
            couple.institution = random.pick(others)
        case .secondFreeCheck: couple.checkSequence = 2
        case .selfPaidCheck:
            couple.checkSequence = 2
            couple.isFree = false
        case .nextChild:
            couple.childOrder += 1
            couple.livingChildren += 1
            couple.hasBeenPregnant = true
        case .lowerCaseX:
            guard couple.wife.idNumber.hasSuffix("X") else { return false }
            couple.wife.idNumber = couple.wife.idNumber.lowercased()
        case .wrongCheckDigit, .spreadsheetNumber, .impossibleBirthday, .fifteenDigits,
            .fullWidthNumber, .contradictingSex, .contradictingBirthDate:
            return damage(couple.person(random.chance(0.5) ? .wife : .husband), couple, &random)
        case .fiveMonths, .sixMonths, .identicalCopy, .itemNotDone, .mandatoryEmpty, .unknownWord,
            .impossibleDate, .outOfRange, .lineBreak, .quotedText, .fewColumns, .undecodableBytes:
            break
        }
        return true
    }

    /// Changes what the file says of one person's identity.
    private func damage(
        _ person: InventedPerson, _ couple: InventedCouple, _ random: inout RandomStream
    ) -> Bool {
        let number = person.idNumber
        switch self {
        case .wrongCheckDigit:
            // Never 0: three zeros at the end would read as a number that a spreadsheet cut.
            let others = "123456789".filter { $0 != number.last }
            person.idNumber = number.dropLast() + String(random.pick(Array(others)))
        case .spreadsheetNumber:
            person.idNumber = "\(number.prefix(1)).\(number.dropFirst().prefix(5))E+17"
        case .impossibleBirthday:
            let year = person.birthDate.parts.year
            let common = CalendarDate.length(ofMonth: 2, year: year) == 29 ? year - 1 : year
            person.idNumber = rewritten(
                person, couple, born: InventedIDNumber.padded(common, 4) + "0229",
                isMale: person.spouse == .husband)
        case .fifteenDigits:
            guard person.birthDate.parts.year < 2000,
                couple.fileDate.parts.year < Defect.yearWithout15Digits
            else { return false }
            person.idNumber = String(number.prefix(6) + number.dropFirst(8).dropLast())
        case .fullWidthNumber:
            person.idNumber = String(
                String.UnicodeScalarView(
                    number.unicodeScalars.map { UnicodeScalar($0.value + 0xFEE0) ?? $0 }))
        case .contradictingSex:
            person.idNumber = rewritten(
                person, couple, born: InventedIDNumber.digits(of: person.birthDate),
                isMale: person.spouse == .wife)
        case .contradictingBirthDate:
            // The day beside it, on the side that leaves the age as it is.
            let age = person.birthDate.completedYears(to: couple.fileDate)
            let next = person.birthDate.adding(days: 1)
            let isSame = next.completedYears(to: couple.fileDate) == age
            person.writtenBirthDate = isSame ? next : person.birthDate.adding(days: -1)
        default: return false
        }
        return true
    }

    /// 15-digit numbers lost their validity on 2013-01-01 (DOMAIN 2.1).
    private static let yearWithout15Digits = 2013

    private func rewritten(
        _ person: InventedPerson, _ couple: InventedCouple, born: String, isMale: Bool
    ) -> String {
        InventedIDNumber.text(
            couple: couple.number, person.spouse, division: couple.county.division, born: born,
            isMale: isMale)
    }
}
