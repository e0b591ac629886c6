/// What an assessment rests on (评估依据的事实): numbers from the sheet, from counts over real rows
/// and from the terms of retention, by the names that `mappings/privacy/ratings.csv` uses.
package enum AssessmentFact: String, Sendable, CaseIterable {
    case quasiKept, notCounted, smallShare, rareFields
    case level5, level5Kept, level5Rare
    case freeText, freeTextKept
    case toMend, ungrounded, noConsent, ownCopyDays

    /// All facts of one sheet.
    ///
    /// - Parameters:
    ///   - rarity: `nil` where no rows were given.
    ///   - ownCopyDays: how long copies of our submissions' keys are kept.
    package static func all(
        of sheet: ReviewSheet, rarity: RarityFigures?, ownCopyDays: Int
    ) -> [AssessmentFact: Int] {
        let sent = sheet.sent
        let clear = sent.filter { $0.technique != .encrypt }
        let quasi = clear.count { $0.privacyClass == "QI" }
        let rare = Set(rarity?.rare.map(\.field) ?? [])
        let findings = sheet.findings + (rarity?.findings ?? [])
        let ungrounded: Set = ["M02", "M03"]
        return [
            .quasiKept: quasi,
            .notCounted: quasi > 0 && rarity == nil ? 1 : 0,
            .smallShare: rarity.map(smallShare) ?? 0,
            .rareFields: rare.count,
            .level5: sent.count { $0.level == 5 },
            .level5Kept: clear.count { $0.level == 5 },
            .level5Rare: clear.count { $0.level == 5 && rare.contains($0.name) },
            .freeText: sent.count { $0.isFreeText && $0.technique == .encrypt },
            .freeTextKept: clear.count(where: \.isFreeText),
            .toMend: findings.count(where: \.isToMend),
            .ungrounded: findings.count { ungrounded.contains($0.code) },
            .noConsent: sent.isEmpty || sheet.asksConsent ? 0 : 1,
            .ownCopyDays: sent.contains { $0.technique == .encrypt } ? ownCopyDays : 0,
        ]
    }

    /// Per cent, rounded down; one row at least is one per cent.
    private static func smallShare(_ figures: RarityFigures) -> Int {
        guard figures.rows > 0, figures.rowsInSmall > 0, !figures.quasi.isEmpty else { return 0 }
        return max(1, figures.rowsInSmall * 100 / figures.rows)
    }
}
