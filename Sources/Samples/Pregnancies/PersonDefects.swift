import Records

/// Who she is, and what of a cell cannot be read.
extension PregnancyDefect {
    private static func digits(
        _ pregnancy: InventedPregnancy, born: String? = nil, isMale: Bool = false
    )
        -> String
    {
        InventedIDNumber.text(
            couple: pregnancy.woman.number, .wife, division: pregnancy.woman.county.division,
            born: born ?? InventedIDNumber.digits(of: pregnancy.woman.birthDate), isMale: isMale)
    }

    /// The change of an identity number.
    private static func number(
        _ change: @escaping @Sendable (String, InventedPregnancy) -> String
    ) -> Change {
        { pregnancy, _ in
            pregnancy["pregnantWoman.idNumber"] = .text(change(digits(pregnancy), pregnancy))
        }
    }

    /// A cell as it stands in the file.
    static func cell(_ field: String, _ text: String) -> Change {
        { pregnancy, _ in pregnancy[field] = .text(text) }
    }

    static let identity: [PregnancyDefect] = [
        refused(
            "id-wrong-check-digit", "L-001", wish: .serum,
            number { number, _ in
                // Never 0: zeros at the end would read as a number that a spreadsheet cut.
                number.dropLast() + (number.hasSuffix("1") ? "2" : "1")
            }),
        refused(
            "id-impossible-date", "L-001", wish: .serum,
            number { _, pregnancy in digits(pregnancy, born: "19890229") }),
        refused(
            "id-17-characters", "L-001", wish: .nipt,
            number { number, _ in String(number.dropLast()) }),
        refused(
            "id-contradicts-sex", "L-002", wish: .serum,
            number { _, pregnancy in digits(pregnancy, isMale: true) }),
        refused("id-contradicts-birth-date", "L-003", wish: .nipt) { pregnancy, _ in
            pregnancy["pregnantWoman.birthDate"] = .day(pregnancy.woman.birthDate.adding(days: 1))
        },
        refused(
            "id-damaged-by-spreadsheet", "E-ID-SCI", wish: .serum,
            number { number, _ in "\(number.prefix(1)).\(number.dropFirst().prefix(5))E+17" }),
        refused(
            "id-15-digits", "L-015", "V-ID-15", wish: .serum,
            number { number, _ in String(number.prefix(6) + number.dropFirst(8).dropLast()) }),
        warned(
            "id-full-width", "V-ID-SPELLING", .serum,
            number { number, _ in
                String(
                    String.UnicodeScalarView(
                        number.unicodeScalars.map { UnicodeScalar($0.value + 0xFEE0) ?? $0 }))
            }),
        PregnancyDefect(
            "another-document", .sent, ["R-37"], isPaid: false, wish: .serum
        ) { pregnancy, _ in
            pregnancy["pregnantWoman.idType"] = .code("03")
            pregnancy["pregnantWoman.idNumber"] = .text(
                "P99" + InventedIDNumber.padded(pregnancy.number, 6))
        },
        warned("phone-10-digits", "L-016", .serum, cell("pregnantWoman.phone", "1200000000")),
        refused("name-missing", "L-070", "R-37", wish: .serum, cell("pregnantWoman.name", "")),
        refused("barcode-missing", "L-070", "R-37", wish: .nipt, cell("sampleBarcode", "")),
    ]

    static let reading: [PregnancyDefect] = [
        refused("unknown-word", "V-CODE", wish: .serum, cell("serumConclusion", "详见报告")),
        refused("unknown-indication", "V-CODE", wish: .nipt, cell("niptIndication", "详见病历")),
        refused("impossible-date", "V-DATE", wish: .serum, cell("lmp", "2016-02-30")),
        refused("impossible-time", "V-DATE", wish: .nipt, cell("sampleTime", "2016-06-14 25:10")),
        refused("weight-out-of-range", "V-RANGE", wish: .serum, cell("weightAtSample", "180.1")),
        clean("weight-180", .serum, cell("weightAtSample", "180.0")),
        clean("weight-30", .serum, cell("weightAtSample", "30.0")),
        refused("weight-29.9", "V-RANGE", wish: .serum, cell("weightAtSample", "29.9")),
        refused("gravida-21", "V-RANGE", wish: .nipt, cell("gravida", "21")),
        refused("gravida-in-words", "V-NUMBER", wish: .serum, cell("gravida", "首次")),
        refused("three-decimals", "V-PLACES", wish: .serum, cell("freeBetaHcgMom", "1.045")),
        clean("three-decimals-of-zero", .serum, cell("freeBetaHcgMom", "1.040")),
        refused("decimal-comma", "V-COMMA", wish: .nipt, cell("weightAtSample", "56,5")),
        refused("no-risk", "V-RISK", wish: .serum, cell("riskT18Denominator", "低")),
        clean("risk-as-probability", .serum, cell("riskT18Denominator", "0.0005")),
        clean("risk-as-denominator", .serum, cell("riskT18Denominator", "12500")),
        refused(
            "unknown-division", "V-DIVISION", wish: .serum,
            cell("pregnantWoman.residenceDivision", "990199")),
        refused(
            "institution-check-digit", "V-INSTITUTION", wish: .serum,
            cell("screeningOrgCode", "MA0000T1099010111G1001")),
        refused(
            "short-emergency-phone", "V-PHONE", wish: .serum,
            cell("pregnantWoman.emergencyPhone", "1234")),
        refused(
            "barcode-51-characters", "V-LENGTH", wish: .serum,
            cell("sampleBarcode", String(repeating: "9", count: 51))),
        clean("quoted-line-break", .serum, cell("riskSoftware", "示例软件\n1.0")),
        clean("quoted-comma-and-quotes", .serum, cell("riskSoftware", "示例软件, \"试用\"")),
        refused("too-few-columns", "V-COLUMNS", wish: .serum) { pregnancy, _ in
            pregnancy.columns = 40
        }.inTextOnly,
        refused("mandatory-cell-empty", "L-070", wish: .serum, cell("screeningDoctor", "")),
        refused("outcome-without-day", "L-070", wish: .nipt, cell("followUpDatePs", "")),
        refused("mom-without-weight", "L-070", "L-091", wish: .serum, cell("weightAtSample", "")),
        refused("mom-without-dating", "L-070", "L-091", wish: .serum, cell("gaMethod", "")),
    ]

    static let people: [PregnancyDefect] = [
        PregnancyDefect("consent-missing", .held, ["R-06"], wish: .serum) { pregnancy, _ in
            pregnancy["screenConsent"] = .flag(false)
        },
        PregnancyDefect(
            "not-registered-here", .sent, ["R-31"], isPaid: false, wish: .serum,
            cell("pregnantWoman.hukouDivision", "500103")),
        PregnancyDefect(
            "nipt-not-registered-here", .sent, ["R-31"], isPaid: false, wish: .nipt,
            cell("pregnantWoman.hukouDivision", "500103")),
        clean(
            "registered-elsewhere-in-the-city", .serum,
            cell("pregnantWoman.hukouDivision", "990105")),
        refused(
            "division-of-other-days", "L-017", wish: .serum,
            cell("pregnantWoman.hukouDivision", "990227")),
        refused("fewer-pregnancies-than-births", "L-026", wish: .serum) { pregnancy, _ in
            pregnancy["gravida"] = .number(1, places: 0)
            pregnancy["para"] = .number(1, places: 0)
            pregnancy["priorAbortions"] = .number(1, places: 0)
        },
        clean("as-many-pregnancies-as-births", .serum) { pregnancy, _ in
            pregnancy["gravida"] = .number(2, places: 0)
            pregnancy["para"] = .number(1, places: 0)
            pregnancy["priorAbortions"] = .number(1, places: 0)
        },
    ]
}
