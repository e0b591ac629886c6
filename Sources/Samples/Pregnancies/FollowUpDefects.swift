import Records

/// Recall, diagnosis and outcome: late, at unusual weeks, or saying what may not be said.
extension PregnancyDefect {
    private static func recalled(_ days: Int) -> Change {
        { pregnancy, _ in
            pregnancy["recallNoticeTime"] = .moment(
                pregnancy.reportedOn.adding(days: days), minute: 600)
        }
    }

    private static func diagnosed(_ days: Int) -> Change {
        { pregnancy, _ in
            let day = pregnancy.reportedOn.adding(days: days)
            set(day, in: pregnancy)
        }
    }

    private static func set(_ day: CalendarDate, in pregnancy: InventedPregnancy) {
        pregnancy["pdDate"] = .day(day)
        let days = day.daysSince1970 - pregnancy.woman.lmp.daysSince1970
        pregnancy["pdGaDays"] = .number(Int64(days), places: 0)
    }

    private static let diagnosisFields = [
        "pdDone", "pdMethod", "pdGaDays", "pdDate", "pdTest", "pdOrgCode", "pdDoctor",
        "pdComplication", "pdResult", "pdKaryotype", "counselDate", "counselAdvice",
    ]

    private static func undiagnosed(_ result: String) -> Change {
        { pregnancy, _ in
            for field in diagnosisFields { pregnancy[field] = nil }
            pregnancy["recallResult"] = .code(result)
        }
    }

    static let recalls: [PregnancyDefect] = [
        warned("never-recalled", "L-096", .highSerum) { pregnancy, _ in
            for field in diagnosisFields + ["recallNoticeTime", "recallMethod", "recallResult"] {
                pregnancy[field] = nil
            }
        },
        clean("recalled-after-7-days", .highSerum, recalled(7)),
        warned("recalled-after-8-days", "L-096", .highSerum, recalled(8)),
        clean("diagnosed-after-45-days", .highSerum, diagnosed(45)),
        warned("diagnosed-after-46-days", "L-096", .highSerum, diagnosed(46)),
        warned("attended-and-not-diagnosed", "L-096", .highNIPT, undiagnosed("1")),
        clean("recall-refused", .highNIPT, undiagnosed("2")),
        clean("recall-lost", .highNIPT, undiagnosed("3")),
        clean("diagnosis-refused", .highSerum) { pregnancy, _ in
            for field in diagnosisFields { pregnancy[field] = nil }
            pregnancy["pdDone"] = .code("2")
            pregnancy["pdRefusalReason"] = .code("6")
        },
    ]

    private static func procedure(_ method: String, _ days: Int) -> Change {
        { pregnancy, _ in
            pregnancy["pdMethod"] = .code(method)
            set(pregnancy.day(days), in: pregnancy)
        }
    }

    private static let early = PregnancyWish.highSerum.with {
        $0.method = "1"
        $0.days = 80
    }
    private static let late = PregnancyWish.highSerum.with {
        $0.days = 146
        $0.reportAfter = 10
    }
    private static let middle = PregnancyWish.highSerum.with {
        $0.days = 105
        $0.reportAfter = 3
    }

    static let procedures: [PregnancyDefect] = [
        refused("amniocentesis-15+6", "L-097", wish: middle, procedure("2", 111)),
        clean("amniocentesis-16+0", middle, procedure("2", 112)),
        clean("amniocentesis-28+0", late, procedure("2", 196)),
        refused("amniocentesis-28+1", "L-097", wish: late, procedure("2", 197)),
        clean("villus-14+0", early, procedure("1", 98)),
        refused("villus-14+1", "L-097", wish: early, procedure("1", 99)),
        warned("diagnosis-weeks-8-days-off", "L-087", middle) { pregnancy, random in
            procedure("2", 120)(pregnancy, &random)
            pregnancy["pdGaDays"] = .number(128, places: 0)
        },
    ]

    /// A text of a pregnancy that nobody knows the end of yet.
    private static func unborn(_ field: String, _ text: String) -> Change {
        { pregnancy, _ in
            for outcome in outcomeFields { pregnancy[outcome] = nil }
            pregnancy[field] = .text(text)
        }
    }

    private static let outcomeFields = [
        "fetusFollowUp", "followUpDatePs", "followUpGaWeeks", "bornAlive", "bornDatePs", "bornT21",
        "bornT18", "bornNtd", "bornChromosomal", "bornMalformation",
    ]

    static let fetalSex: [PregnancyDefect] = [
        refused("karyotype-not-masked", "L-098", wish: .highSerum, unborn("pdKaryotype", "46,XX")),
        refused("karyotype-full-width", "L-098", wish: .highSerum, unborn("pdKaryotype", "４６，ＸＹ")),
        refused("sex-in-diagnosis", "L-098", wish: .highSerum, unborn("pdResultText", "胎儿性别：男")),
        refused("sex-in-other-finding", "L-098", wish: .nipt, unborn("niptOtherFinding", "提示女胎")),
        refused(
            "sex-in-advice", "L-098", wish: .highSerum, unborn("counselAdvice", "核型 46,XY，建议随访")),
        refused(
            "array-not-masked", "L-098", wish: .highSerum, unborn("pdKaryotype", "arr(1-22,X)x2")),
        refused(
            "sex-in-software", "L-098", wish: .highSerum, unborn("riskSoftware", "胎儿性别：女")),
        clean("array-masked", .highSerum, unborn("pdKaryotype", "arr(1-22)x2")),
        clean("karyotype-masked", .highSerum, unborn("pdKaryotype", "46,XN")),
        clean("karyotype-45-x", .highSerum, unborn("pdKaryotype", "45,X")),
        clean("karyotype-after-birth", .highSerum, cell("pdKaryotype", "46,XX")),
    ]

    private static func born(_ days: Int) -> Change {
        { pregnancy, _ in pregnancy["bornDatePs"] = .day(pregnancy.day(days)) }
    }

    static let outcomes: [PregnancyDefect] = [
        refused("born-after-27-days", "L-077", wish: .serum, born(27)),
        clean("born-after-28-days", .serum, born(28)),
        clean("born-after-310-days", .serum, born(310)),
        refused("born-after-311-days", "L-077", wish: .serum, born(311)),
        refused("birth-at-27-weeks", "L-078", wish: .serum, cell("followUpGaWeeks", "27")),
        clean("birth-at-28-weeks", .serum, cell("followUpGaWeeks", "28")),
        refused("miscarriage-with-newborn", "L-080", wish: .serum) { pregnancy, _ in
            pregnancy["fetusFollowUp"] = .code("1")
            pregnancy["followUpGaWeeks"] = .number(18, places: 0)
        },
        clean("miscarriage", .serum) { pregnancy, _ in
            for field in ["bornAlive", "bornDatePs", "newbornHealth"] { pregnancy[field] = nil }
            pregnancy["fetusFollowUp"] = .code("1")
            pregnancy["followUpGaWeeks"] = .number(18, places: 0)
        },
    ]

    private static func failed(_ pregnancy: InventedPregnancy) {
        pregnancy["niptConclusion"] = .code("FAILED")
        pregnancy["fetalFractionPct"] = .number(310, places: 2)
    }

    /// What money depends on: one serum a pregnancy, and a failure once with its redraw.
    static let money: [PregnancyDefect] = [
        PregnancyDefect(
            "serum-without-result", .sent, ["R-41"], isPaid: false, wish: .serum,
            cell("serumConclusion", "")),
        PregnancyDefect(
            "nipt-failed", .sent, ["R-41"], isPaid: false,
            wish: .nipt.with {
                $0.days = 90
                $0.institution = 0
            }
        ) { pregnancy, _ in failed(pregnancy) },
        PregnancyDefect(
            "redraw-after-failure", .sent, [], wish: .nipt,
            repeats: Repeat(.test, rowsBack: 1, daysLater: 14, source: "nipt-failed")
        ) { pregnancy, _ in pregnancy["niptRedraw"] = .flag(true) },
        PregnancyDefect(
            "failed-redraw-after-failure", .sent, [], wish: .nipt,
            repeats: Repeat(.test, rowsBack: 2, daysLater: 14, source: "nipt-failed")
        ) { pregnancy, _ in
            failed(pregnancy)
            pregnancy["niptRedraw"] = .flag(true)
        },
        PregnancyDefect(
            "second-serum", .sent, [], isPaid: false, wish: .serum,
            repeats: Repeat(.test, rowsBack: 3, daysLater: 14, source: "serum-before-another")),
        clean(
            "serum-before-another",
            .serum.with {
                $0.days = 108
                // Qualified beyond the year in which the second test may fall.
                $0.institution = 0
            }),
        PregnancyDefect(
            "nipt-after-serum", .sent, [], wish: .nipt,
            repeats: Repeat(.test, rowsBack: 4, daysLater: 14, source: "serum-before-another")),
        clean("nipt-in-managed-county", .nipt.with { $0.institution = 2 }),
        clean("serum-in-managed-county", .serum.with { $0.institution = 2 }),
    ]
}
