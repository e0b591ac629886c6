import Foundation

/// What the free texts of a national side without codes mean (回执文字对照): patterns of a profile's
/// `answer-texts.csv`. A text that no pattern has, or on which patterns disagree, is not guessed.
package struct AnswerTexts: Sendable {
    /// One line of the table.
    package struct Pattern: Sendable, Hashable {
        package enum Match: String, Sendable, CaseIterable {
            /// The whole text.
            case exact
            /// A part of it.
            case contains
        }

        package let match: Match
        /// In normal form.
        package let text: String
        package let code: String

        package init(_ match: Match, _ text: String, code: String) {
            self.match = match
            self.text = AnswerTexts.normal(text)
            self.code = code
        }

        func fits(_ text: String) -> Bool {
            switch match {
            case .exact: text == self.text
            case .contains: text.contains(self.text)
            }
        }

        /// Whether a text can certainly fit both: one of them lies in the other.
        package func overlaps(_ other: Pattern) -> Bool {
            switch (match, other.match) {
            case (.exact, .exact): text == other.text
            case (.exact, .contains): text.contains(other.text)
            case (.contains, .exact): other.text.contains(text)
            case (.contains, .contains): text.contains(other.text) || other.text.contains(text)
            }
        }
    }

    package let patterns: [Pattern]

    package init(_ patterns: [Pattern]) {
        self.patterns = patterns
    }

    /// The code of a text; where it is unknown a name, which no profile has for a code, so that the
    /// record is held. `nil` for no text at all.
    ///
    /// - Parameter names: by whose key; without any, all unknown texts are called the same.
    package func code(of text: String, named names: AnswerTextNames?) -> String? {
        let text = AnswerTexts.normal(text)
        guard !text.isEmpty else { return nil }
        let codes = Set(patterns.filter { $0.fits(text) }.map(\.code))
        if let code = codes.first, codes.count == 1 { return code }
        return names?.name(of: text) ?? AnswerTextNames.nameless
    }

    /// NFKC, without blanks at the ends, one blank for any run of them: wide letters, odd spaces
    /// and line breaks make no other text.
    package static func normal(_ text: String) -> String {
        text.precomposedStringWithCompatibilityMapping
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
