import Records

/// Where and when it was done.
extension PregnancyDefect {
    private static func on(_ day: String, at institution: Int, _ wish: PregnancyWish = .serum)
        -> PregnancyWish
    {
        wish.with {
            $0.sampledOn = PregnancyAnswer.date(day)
            $0.institution = institution
        }
    }

    static let places: [PregnancyDefect] = [
        refused(
            "screening-not-qualified", "L-100", wish: .serum,
            cell("screeningOrgCode", SampleInstitution.invented[2].code)),
        refused("qualification-ended", "L-100", wish: on("2017-01-01", at: 1)),
        clean("last-day-of-qualification", on("2016-12-31", at: 1)),
        refused("before-qualification", "L-100", wish: on("2015-12-31", at: 0)),
        clean("first-day-of-qualification", on("2016-01-01", at: 0)),
        refused(
            "laboratory-not-qualified", "L-100", wish: .nipt,
            cell("niptLabOrgCode", PregnancyInstitutions.general.code)),
        refused(
            "diagnosis-not-qualified", "R-38", wish: .highSerum,
            cell("pdOrgCode", PregnancyInstitutions.hospital.code)),
        PregnancyDefect(
            "barcode-reused", .quarantined, ["L-086"], wish: .serum,
            repeats: Repeat(.barcode, rowsBack: 3)),
        PregnancyDefect(
            "identical-copy", .superseded, ["S-COPY"], wish: .serum,
            repeats: Repeat(.copy, rowsBack: 2)),
        // The later row of a record corrects the earlier one: it is the next version.
        PregnancyDefect(
            "record-changed", .held, ["H-WAITING"], wish: .serum,
            repeats: Repeat(.changed, rowsBack: 4)
        ) { pregnancy, _ in
            // Nobody is drawn as small, so that the content always differs.
            pregnancy["heightPs"] = .number(1445, places: 1)
        },
        PregnancyDefect(
            "record-changed-with-new-barcode", .held, ["H-WAITING"], wish: .serum,
            repeats: Repeat(.changed, rowsBack: 1)
        ) { pregnancy, _ in
            pregnancy["sampleBarcode"] = .text(InventedPregnancy.barcode(pregnancy.number) + "-2")
        },
        refused(
            "report-in-the-future", "L-009", "L-012", wish: .serum,
            cell("reportDatePs", "2099-01-01")),
        refused("report-before-sample", "L-012", wish: .serum.with { $0.reportAfter = -1 }),
        clean("report-on-the-day", .serum.with { $0.reportAfter = 0 }),
        clean("report-after-30-days", .nipt.with { $0.reportAfter = 30 }),
        warned("report-after-31-days", "L-012", .nipt.with { $0.reportAfter = 31 }),
    ]

    private static func drawn(_ method: String, _ days: Int) -> PregnancyWish {
        (method == "6" ? PregnancyWish.nipt : .serum).with {
            $0.method = method
            $0.days = days
        }
    }

    static let weeks: [PregnancyDefect] = [
        refused("serum-14+6", "L-088", wish: drawn("3", 104)),
        clean("serum-15+0", drawn("3", 105)),
        clean("serum-20+6", drawn("4", 146)),
        refused("serum-21+0", "L-088", wish: drawn("5", 147)),
        refused("early-serum-8+6", "L-088", wish: drawn("1", 62)),
        clean("early-serum-9+0", drawn("1", 63)),
        clean("early-serum-13+6", drawn("1", 97)),
        refused("early-serum-14+0", "L-088", wish: drawn("1", 98)),
        refused("translucency-10+6", "L-088", wish: drawn("2", 76)),
        clean("translucency-11+0", drawn("2", 77)),
        clean("translucency-13+6", drawn("2", 97)),
        refused("translucency-14+0", "L-088", wish: drawn("2", 98)),
        refused("nipt-11+6", "L-089", wish: drawn("6", 83)),
        clean("nipt-12+0", drawn("6", 84)),
        clean("nipt-22+6", drawn("6", 160)),
        warned("nipt-23+0", "L-089", drawn("6", 161)),
        warned("nipt-26+6", "L-089", drawn("6", 188)),
        refused("nipt-27+0", "L-089", wish: drawn("6", 189)),
    ]

    private static func given(_ difference: Int64) -> Change {
        { pregnancy, _ in
            pregnancy["gaAtSampleDays"] = .number(Int64(pregnancy.days) + difference, places: 0)
        }
    }

    private static func due(_ days: Int) -> Change {
        { pregnancy, _ in pregnancy["edd"] = .day(pregnancy.day(days)) }
    }

    static let dating: [PregnancyDefect] = [
        warned("weeks-8-days-off", "L-087", .serum, given(8)),
        clean("weeks-7-days-off", .serum, given(7)),
        warned("weeks-8-days-short", "L-087", .nipt, given(-8)),
        clean("weeks-7-days-short", .nipt, given(-7)),
        warned("due-date-288-days", "L-087", .serum, due(288)),
        clean("due-date-287-days", .serum, due(287)),
        warned("due-date-272-days", "L-087", .serum, due(272)),
        clean("due-date-273-days", .serum, due(273)),
        clean("due-date-by-ultrasound", .serum) { pregnancy, _ in
            pregnancy["edd"] = .day(pregnancy.day(290))
            pregnancy["gaMethod"] = .code("2")
            pregnancy["gaAtSampleDays"] = .number(Int64(pregnancy.days - 10), places: 0)
        },
    ]
}
