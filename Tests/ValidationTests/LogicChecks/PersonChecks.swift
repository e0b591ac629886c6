/// L-001 to L-022: persons, days, places.
let personChecks: [Check] = [
    Check("L-001")
        .violating(["wife.idNumber": "990101198603150032"])
        .boundary(["wife.idNumber": "990101198603150022"])
        .clean(["husband.idNumber": "990101198411200013"]),
    Check("L-002")
        .violating(["wife.idNumber": "99010119860315009X"])
        .boundary(["wife.idNumber": "990101198603150022"])
        .clean(["husband.idNumber": "990101198411200013"]),
    Check("L-003")
        .violating(["wife.birthDate": "1986-03-16"])
        .boundary(["wife.birthDate": "1986-03-15"])
        .clean(born("wife", "1985-07-01")),
    Check("L-004")
        .violating(["wife.ageYears": "26"])
        .violating(["husband.ageYears": "26"])
        // The birthday itself counts.
        .boundary(born("wife", "1986-03-01") + ["wife.ageYears": "26"])
        .boundary(born("wife", "1986-03-02") + ["wife.ageYears": "25"])
        .clean(["wife.ageYears": "25"]),
    Check("L-005")
        .violating(born("wife", "1992-03-02") + ["marriageDate": "2012-03-01"], "L-008")
        .violating(born("wife", "1996-05-01") + ["marriageDate": "2012-03-01"], "L-008")
        .violating(born("wife", "1962-03-01"))
        .violating(born("husband", "1990-03-02") + ["marriageDate": "2012-03-01"], "L-008")
        .boundary(born("wife", "1992-03-01") + ["marriageDate": "2012-03-01"])
        .boundary(born("wife", "1962-03-02"))
        .boundary(born("husband", "1990-03-01") + ["marriageDate": "2012-03-01"])
        .clean(born("wife", "1984-01-01")),
    Check("L-006")
        .violating(born("husband", "1941-03-01"))
        .boundary(born("husband", "1941-03-02"))
        .clean(born("husband", "1980-01-01")),
    Check("L-007")
        .violating(["husband.name": "样乙二"])
        .violating(
            born("wife", "1986-03-15") + ["husband.idNumber": "990101198603150022"], "L-002",
            "L-003"
        )
        .boundary(["husband.name": "样乙三"])
        .clean(["husband.name": "例丙一"]),
    Check("L-008")
        .violating(["marriageDate": "2006-11-19"])
        .violating(["marriageDate": "2006-03-14"])
        .violating(["marriageDate": "2012-03-02"])
        .boundary(["marriageDate": "2006-11-20"])
        .boundary(["marriageDate": "2012-03-01"])
        .clean(["marriageDate": "2011-05-01"]),
    Check("L-010")
        .violating(["consentWifeDate": "2012-03-02"])
        .violating(["consentHusbandDate": "2012-03-02"])
        .violating(["consentWifeDate": ""])
        .violating(["consentHusbandDate": ""])
        .boundary(["consentStatus": "WIFE", "consentHusbandDate": ""], "R-06", "R-11")
        .boundary(["consentWifeDate": "2012-03-01"])
        .clean(["consentWifeDate": "2012-02-20"]),
    Check("L-011")
        .violating(["wife.examDate": "2012-05-31", "adviceDate": "2012-06-01"])
        .violating(
            ["husband.labSampleDate": "2011-12-01", "consentHusbandDate": "2011-12-01"], "L-012"
        )
        .boundary(["wife.examDate": "2012-05-30", "adviceDate": "2012-06-01"])
        .clean(["wife.examDate": "2012-03-10", "adviceDate": "2012-03-10"]),
    Check("L-012")
        .violating(["wife.labReportDate": "2012-02-29"])
        .violating(["husband.labReportDate": "2012-04-01", "adviceDate": "2012-04-01"])
        .boundary(["wife.labReportDate": "2012-03-01"])
        .boundary(["husband.labReportDate": "2012-03-31", "adviceDate": "2012-03-31"])
        .clean(["wife.labReportDate": "2012-03-05"]),
    Check("L-013")
        .violating(["adviceDate": "2012-03-02"])
        .boundary(["adviceDate": "2012-03-03"])
        .clean(["adviceDate": "2012-03-10"]),
    Check("L-016")
        .violating(["wife.mobilePhone": "1200000000"])
        .boundary(["wife.mobilePhone": "0086 120-0000-0002"])
        .clean(["husband.mobilePhone": "12000000009"]),
    Check("L-017")
        .violating(["wife.residenceCounty": "样板区"])
        .violating(["divisionCode": "990120"], "R-12")
        .boundary(["wife.residenceCounty": "示例"])
        .clean(["wife.residenceDivisionCode": "990102", "wife.residenceCounty": "样板区"]),
    Check("L-018")
        .violating(["wife.hukouProvince": "山东省"])
        .violating(["husband.hukouDivisionCode": "500101"])
        .boundary(["wife.hukouProvince": "示例"])
        .clean(["husband.hukouDivisionCode": "500101", "husband.hukouProvince": "重庆市"]),
    Check("L-019")
        .violating(elsewhere + ["wife.residenceSince": ""])
        .violating(elsewhere + ["husband.residenceSince": "2011-09-02"])
        .violating(elsewhere + ["wife.residenceSince": "2012-03-02"])
        .boundary(elsewhere + ["husband.residenceSince": "2011-09-01"])
        // A shortfall itself is R-02.
        .boundary(
            elsewhere + ["residenceMonthsWife": "5", "wife.residenceSince": "2011-10-01"], "R-02"
        )
        .clean(["wife.residenceSince": ""]),
    Check("L-020")
        .violating(["floatingCouple": "true"])
        .violating(elsewhere + ["floatingCouple": "false"])
        .boundary(["localHukouWife": "false"])
        .clean(elsewhere),
    Check("L-021")
        .violating(["wife.lastMenstrualPeriod": "2012-03-02"], "L-022")
        .violating(["wife.lastMenstrualPeriod": "2011-09-02"])
        .boundary(["wife.lastMenstrualPeriod": "2012-03-01"])
        .boundary(["wife.lastMenstrualPeriod": "2011-09-03"])
        .clean(["wife.lastMenstrualPeriod": "2012-02-01"]),
    Check("L-022")
        .violating(["wife.examDate": "2012-02-13", "consentWifeDate": "2012-02-01"])
        .boundary(["wife.examDate": "2012-02-14", "consentWifeDate": "2012-02-01"])
        .clean(["wife.examDate": "2012-02-28", "consentWifeDate": "2012-02-01"]),
]

/// Neither is registered here, and both have lived here long enough.
private let elsewhere = [
    "localHukouWife": "false", "localHukouHusband": "false", "floatingCouple": "true",
    "residenceMonthsWife": "6", "residenceMonthsHusband": "6",
]
