import Definitions
import Delivery
import Foundation
import Records

/// Reads `answer-texts.csv` of a profile (回执文字对照): match, text, code.
enum AnswerTextTable {
    /// The patterns, or `nil` where the profile has no `freeText`.
    ///
    /// - Parameters:
    ///   - isWanted: whether the profile says that refusals may come with a text alone: then the
    ///     file must be there, and else it must not.
    ///   - codes: what a text may mean: a code that explains a refusal.
    static func patterns(
        path: String, shownAs shown: String, isWanted: Bool, codes: [AcknowledgementCode]
    ) throws(DefinitionError) -> [AnswerTexts.Pattern]? {
        guard isWanted else {
            guard !FileManager.default.fileExists(atPath: path) else {
                throw DefinitionError(
                    file: shown,
                    problem: Wording(
                        zh: "profile.yaml 没有 freeText: true，这张表不会用到。",
                        en: "profile.yaml lacks freeText: true, so this table is never used."))
            }
            return nil
        }
        let table = try CodeTable(path: path, shownAs: shown)
        try table.expect(header: ["match", "text", "code"])
        var patterns: [AnswerTexts.Pattern] = []
        for row in table.rows {
            guard let match = AnswerTexts.Pattern.Match(rawValue: row.cells[0]) else {
                throw table.error(row, "match 应为 exact 或 contains。", "match is exact or contains.")
            }
            let pattern = AnswerTexts.Pattern(match, row.cells[1], code: row.cells[2])
            guard !pattern.text.isEmpty else {
                throw table.error(row, "text 不能为空。", "text must say something.")
            }
            guard
                codes.contains(where: { $0.code == pattern.code && $0.effect != .information })
            else {
                throw table.error(
                    row, "应答码表中没有代码 “\(pattern.code)”，或它不是退回的代码。",
                    "\(pattern.code) is no code of the profile that explains a refusal.")
            }
            if let other = patterns.first(where: { $0.overlaps(pattern) }) {
                throw table.error(
                    row, "与 “\(other.text)”（\(other.code)）重叠：同一段文字两种意思，或写了两遍。",
                    "It overlaps \(other.text) (\(other.code)): one text, two lines.")
            }
            patterns.append(pattern)
        }
        return patterns
    }
}
