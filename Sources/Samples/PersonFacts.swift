import Records

extension FieldInvention {
    /// Fields of either spouse by their names on the wire (blocks B, D, E and F of the programme).
    static let person = [identity, places, drawn, measured, markers, signatures].reduce(into: [:]) {
        $0.merge($1) { first, _ in first }
    }

    private static let identity: [String: FieldInvention] = [
        "name": FieldInvention { _, person in .text(person.name) },
        "idType": FieldInvention(codes: ["01"]) { _, _ in .code(0) },
        "idNumber": FieldInvention { _, person in .text(person.idNumber) },
        "sex": FieldInvention(codes: ["2", "1"]) { _, person in .code(person.spouse.rawValue) },
        "birthDate": FieldInvention { _, person in
            .day(person.writtenBirthDate ?? person.birthDate)
        },
        "ageYears": FieldInvention { couple, person in
            number(person.birthDate.completedYears(to: couple.fileDate))
        },
        "mobilePhone": FieldInvention { _, person in .text(person.phone) },
        "ethnicity": FieldInvention(codes: InventedPerson.ethnicities) { _, person in
            .code(person.ethnicity)
        },
        "menarcheAge": FieldInvention { _, person in number(person.menarcheAge) },
        "lastMenstrualPeriod": FieldInvention { couple, person in
            .day(couple.fileDate.adding(days: -person.periodDaysAgo))
        },
        "everPregnant": FieldInvention { couple, _ in .flag(couple.hasBeenPregnant) },
    ]

    private static let places: [String: FieldInvention] = [
        "hukouProvince": FieldInvention { _, _ in .text("示例省") },
        "hukouCity": FieldInvention { _, _ in .text("样例市") },
        "hukouCounty": FieldInvention { _, person in .text(person.household.county) },
        "hukouTown": FieldInvention { _, person in .text(person.town) },
        "hukouVillage": FieldInvention { _, person in .text(person.village) },
        "hukouDivisionCode": FieldInvention { _, person in .text(person.household.division) },
        "residenceProvince": FieldInvention { _, _ in .text("示例省") },
        "residenceCity": FieldInvention { _, _ in .text("样例市") },
        "residenceCounty": FieldInvention { couple, _ in .text(couple.county.county) },
        "residenceTown": FieldInvention { _, person in .text(person.town) },
        "residenceVillage": FieldInvention { _, person in .text(person.village) },
        "residenceDivisionCode": FieldInvention { couple, _ in .text(couple.county.division) },
        "residenceSince": FieldInvention { _, person in .day(person.residenceSince) },
    ]

    private static let drawn = Dictionary(
        DrawnField.all.enumerated().map { place, field in
            let isFlag = field.codes == DrawnField.yesNo
            let invention = FieldInvention(codes: isFlag ? [] : field.codes) { _, person in
                let choice = Int(person.choices[place])
                return isFlag ? .flag(choice == 1) : .code(choice)
            }
            return (field.name, invention)
        }, uniquingKeysWith: { first, _ in first })

    private static func measure(
        places: Int, _ value: @escaping @Sendable (Measures) -> Int64
    ) -> FieldInvention {
        FieldInvention { _, person in .number(value(person.measures), places: places) }
    }

    private static let measured: [String: FieldInvention] = [
        "heightCm": measure(places: 1, \.heightMillimetres),
        "weightKg": measure(places: 1, \.weightHectograms),
        "heartRate": measure(places: 0, \.heartRate),
        "systolicBp": measure(places: 0, \.systolic),
        "diastolicBp": measure(places: 0, \.diastolic),
        "alt": measure(places: 1, \.altTenths),
        "creatinine": measure(places: 1, \.creatinineTenths),
        "hemoglobin": measure(places: 0, \.hemoglobin),
        "redCells": measure(places: 2, \.redCellsHundredths),
        "platelets": measure(places: 0, \.platelets),
        "whiteCells": measure(places: 2, \.whiteCellsHundredths),
        "bloodGlucose": measure(places: 2, \.glucoseHundredths),
        "tsh": measure(places: 3, \.tshThousandths),
    ]

    private static let markers = Dictionary(
        ["hbsAg", "hbsAb", "hbeAg", "hbeAb", "hbcAb"].enumerated().map { place, name in
            let invention = FieldInvention(codes: ["NEG", "POS"]) { _, person in
                .code(person.hepatitisB[place] ? 1 : 0)
            }
            return (name, invention)
        }, uniquingKeysWith: { first, _ in first })

    private static let signatures: [String: FieldInvention] = [
        "historyDate": onFileDate, "historyDoctor": staff(1), "historyComplete": isDone,
        "examDate": onFileDate, "examDoctor": staff(2), "examComplete": isDone,
        "labSampleDate": onFileDate, "labDoctor": staff(3), "labComplete": isDone,
        "labReportDate": FieldInvention { couple, _ in
            .day(couple.fileDate.adding(days: couple.reportAfterDays))
        },
        "labVisitType": FieldInvention(codes: ["1"]) { _, _ in .code(0) },
        "ultrasoundDate": onFileDate, "ultrasoundDoctor": staff(4), "ultrasoundComplete": isDone,
        "educationDelivered": isDone, "educationDate": onFileDate,
    ]

    private static let onFileDate = FieldInvention { couple, _ in .day(couple.fileDate) }
    private static let isDone = FieldInvention { _, _ in .flag(true) }
}
