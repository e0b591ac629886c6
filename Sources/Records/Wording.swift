/// The two languages that people read here.
package enum Language: String, Sendable, CaseIterable, Codable {
    case chinese = "zh"
    case english = "en"
}

/// One sentence in both languages.
package struct Wording: Hashable, Sendable, Codable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    package func text(in language: Language) -> String {
        language == .chinese ? zh : en
    }
}

/// What `shangbao explain CODE` answers: a stable code, what happened, and what to do next.
package struct CodeEntry: Sendable {
    package let code: String
    package let what: Wording
    package let next: Wording

    package init(_ code: String, what: Wording, next: Wording) {
        self.code = code
        self.what = what
        self.next = next
    }
}

/// A failure that a person will read: every one has an entry in the book of codes.
///
/// `place` and `detail` never hold a personal value.
package protocol ExplainedFailure: Error, Sendable {
    /// The stable code with its sentences.
    var entry: CodeEntry { get }
    /// Where: file, row, column, field, as far as known.
    var place: String? { get }
    /// A technical detail that is safe to show, such as a library's code.
    var detail: String? { get }
}
