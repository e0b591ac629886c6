import Records

extension FieldInvention {
    /// The invention for a column that a clinic may leave out, consistent with the others and with
    /// the checks of DOMAIN 5.5; follow-ups come later and stay empty.
    static func whole(_ wireName: String, of spouse: Spouse?) -> FieldInvention? {
        guard let spouse else { return wholeFamily[wireName] }
        return wholeHistory[wireName] ?? wholeResults[wireName]
            ?? (spouse == .wife ? wifeOnly[wireName] : husbandOnly[wireName])
    }

    /// A text where a condition holds, and nothing otherwise.
    static func text(
        _ words: String, where holds: @escaping @Sendable (InventedPerson) -> Bool
    ) -> FieldInvention {
        FieldInvention { _, person in holds(person) ? .text(words) : .nothing }
    }

    /// A yes or no.
    static func flag(_ holds: @escaping @Sendable (InventedPerson) -> Bool) -> FieldInvention {
        FieldInvention { _, person in .flag(holds(person)) }
    }

    /// The same code for everybody.
    static func always(_ code: String) -> FieldInvention {
        FieldInvention(codes: [code]) { _, _ in .code(0) }
    }

    private static let wifeOnly: [String: FieldInvention] = wifeHistory.merging(wifeResults) {
        first, _ in first
    }

    private static let husbandOnly: [String: FieldInvention] = [
        "andrologyDisease": FieldInvention(codes: ["1", "2", "4"]) { _, person in
            person.more.isOneOf(30, .andrology)
                ? .codes([person.more.pick(.andrology, of: 3)])
                : .codes([])
        },
        "vaccineHepatitisB": flag { $0.says("vaccinated") },
        // Done in some regions; elsewhere a result of the husband is one too many (L-043).
        "hemoglobin": FieldInvention { _, _ in .nothing },
    ]

    private static let wholeFamily: [String: FieldInvention] = [
        "landlinePhone": FieldInvention { _, _ in .text("0000-1234567") },
        "consanguinityRelation": FieldInvention { couple, _ in
            couple.isConsanguineous ? .text("表兄妹") : .nothing
        },
        "serviceMode": always("1"),
        "serviceCardNo": FieldInvention { couple, _ in
            .text("FW" + InventedIDNumber.padded(couple.fileNumber, 8))
        },
        "postalCode": FieldInvention { _, _ in .text("999000") },
        "childrenHealth": FieldInvention(codes: ["0"]) { couple, _ in
            couple.livingChildren > 0 ? .code(0) : .nothing
        },
        "marriageCertNo": FieldInvention { couple, _ in
            .text("J990101-\(couple.marriageDate.parts.year)-\(couple.number + 1)")
        },
        "consentDocRef": FieldInvention { couple, _ in .text("ZQTY-\(couple.fileNumber)") },
        "policyEvidenceType": always("1"),
        "referralNeeded": FieldInvention { couple, _ in .flag(couple.partyAtRisk > 0) },
        "referralOrg": FieldInvention { couple, _ in
            couple.partyAtRisk > 0 ? .text("样例市妇幼保健院") : .nothing
        },
        "servingOrgUscc": FieldInvention { couple, _ in
            .text(InventedCreditCode.text(of: couple.institution))
        },
        "fileLockedAt": FieldInvention { couple, _ in
            .day(couple.fileDate.adding(days: couple.adviceAfterDays))
        },
    ]
}

extension InventedPerson {
    /// The place of the answer to a field of `DrawnField.all`.
    func answer(_ name: String) -> Int { Int(choices[DrawnField.place(of: name)]) }

    /// Whether the answer is any but the first, which is no, never or negative.
    func says(_ name: String) -> Bool { answer(name) > 0 }
}
