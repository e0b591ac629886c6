import Records

/// Results that do not fit each other, and those that just do.
extension PregnancyDefect {
    private static func hundredths(_ field: String, _ value: Int64) -> Change {
        { pregnancy, _ in pregnancy[field] = .number(value, places: 2) }
    }

    /// A conclusion beside two risks; the multiples are ordinary.
    private static func risks(_ trisomy21: Int, _ trisomy18: Int, _ conclusion: String) -> Change {
        { pregnancy, _ in
            pregnancy["afpMom"] = .number(100, places: 2)
            pregnancy["riskT21Denominator"] = .risk(trisomy21)
            pregnancy["riskT18Denominator"] = .risk(trisomy18)
            pregnancy["serumConclusion"] = .code(conclusion)
        }
    }

    static let serumResults: [PregnancyDefect] = [
        warned("35-without-advice", "L-090", .serum) { pregnancy, _ in
            pregnancy["pregnantWoman.ageAtEdd"] = .number(350, places: 1)
        },
        clean("34.9-without-advice", .serum) { pregnancy, _ in
            pregnancy["pregnantWoman.ageAtEdd"] = .number(349, places: 1)
        },
        clean("35-with-advice", .serum.with { $0.age = 35 }),
        warned("twins-without-advice", "L-090", .serum) { pregnancy, _ in
            pregnancy["fetusCount"] = .number(2, places: 0)
            pregnancy["chorionicity"] = .code("2")
        },
        refused("mom-0.04", "L-091", wish: .serum, hundredths("freeBetaHcgMom", 4)),
        clean("mom-0.05", .serum, hundredths("freeBetaHcgMom", 5)),
        clean("mom-20", .serum, hundredths("freeBetaHcgMom", 2000)),
        refused("mom-20.01", "L-091", wish: .serum, hundredths("freeBetaHcgMom", 2001)),
        refused("t21-270-low", "L-092", wish: .serum, risks(270, 9000, "LOW")),
        warned("t21-270-borderline", "L-092", .serum, risks(270, 9000, "BORDERLINE")),
        clean("t21-270-high", .highSerum, risks(270, 9000, "HIGH")),
        clean("t21-271-borderline", .serum, risks(271, 9000, "BORDERLINE")),
        refused("t21-271-high", "L-092", wish: .highSerum, risks(271, 9000, "HIGH")),
        refused("t18-350-low", "L-092", wish: .serum, risks(9000, 350, "LOW")),
        clean("t18-350-high", .highSerum, risks(9000, 350, "HIGH")),
        clean("t18-351-borderline", .serum, risks(9000, 351, "BORDERLINE")),
        clean("t21-1000-borderline", .serum, risks(1000, 9000, "BORDERLINE")),
        warned("t21-1001-borderline", "L-092", .serum, risks(1001, 9000, "BORDERLINE")),
        refused("afp-2.00-low", "L-093", wish: .serum, hundredths("afpMom", 200)),
        clean("afp-1.99-low", .serum, hundredths("afpMom", 199)),
    ]

    private static func scores(_ trisomy21: Int64, _ conclusion: String, fraction: Int64 = 1100)
        -> Change
    {
        { pregnancy, _ in
            pregnancy["zScoreT21"] = .number(trisomy21, places: 3)
            pregnancy["fetalFractionPct"] = .number(fraction, places: 2)
            pregnancy["niptConclusion"] = .code(conclusion)
        }
    }

    private static func contraindicated(_ field: String, _ conclusion: String = "LOW") -> Change {
        { pregnancy, _ in
            pregnancy[field] = .flag(true)
            pregnancy["niptConclusion"] = .code(conclusion)
        }
    }

    static let niptResults: [PregnancyDefect] = [
        refused("z-3.000-low", "L-094", wish: .nipt, scores(3000, "LOW")),
        clean("z-2.999-low", .nipt, scores(2999, "LOW")),
        clean("z-3.000-high", .highNIPT, scores(3000, "HIGH")),
        refused("z-2.999-high", "L-094", wish: .highNIPT) { pregnancy, _ in
            for field in ["zScoreT21", "zScoreT18", "zScoreT13"] {
                pregnancy[field] = .number(2999, places: 3)
            }
        },
        clean("z-minus-50", .nipt, scores(-50_000, "LOW")),
        refused("z-below-minus-50", "L-094", wish: .nipt, scores(-50_001, "LOW")),
        clean("z-100", .highNIPT, scores(100_000, "HIGH")),
        refused("z-above-100", "L-094", wish: .highNIPT, scores(100_001, "HIGH")),
        refused("fraction-3.99-low", "L-094", wish: .nipt, scores(400, "LOW", fraction: 399)),
        clean("fraction-4.00-low", .nipt, scores(400, "LOW", fraction: 400)),
        refused("transfusion", "L-095", wish: .nipt, contraindicated("allogeneicTransfusion1y")),
        refused("transplant", "L-095", wish: .nipt, contraindicated("transplantHistory")),
        refused("cell-therapy", "L-095", wish: .nipt, contraindicated("alloCellTherapy")),
        refused("tumour", "L-095", wish: .nipt, contraindicated("tumorPatient")),
        PregnancyDefect(
            "transfusion-and-failed", .sent, ["R-41"], isPaid: false, wish: .nipt,
            contraindicated("allogeneicTransfusion1y", "FAILED")),
        warned("no-indication", "R-35", .nipt, cell("niptIndication", "")),
        warned("low-risk-and-trisomy-born", "L-099", .nipt) { pregnancy, _ in
            pregnancy["bornT21"] = .flag(true)
        },
        clean("high-risk-and-trisomy-born", .highNIPT) { pregnancy, _ in
            pregnancy["bornT21"] = .flag(true)
        },
    ]
}
