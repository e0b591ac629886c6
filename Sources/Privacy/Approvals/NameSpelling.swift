import Foundation

/// A person's name as people write it (姓名写法): blanks, width, invisible characters and traditional
/// characters make no other person, and a bracket or a second name beside it does not hide one.
struct NameSpelling {
    /// The names that stand in it, folded.
    private let names: Set<String>

    init(_ text: String) {
        names = Set(
            text.split { "、，,；;/／（）()[]【】&＆+＋".contains($0) }.map { NameSpelling.folded($0) })
    }

    /// Whether each part may be somebody's name: two letters at least.
    var isName: Bool { !names.isEmpty && names.allSatisfy { $0.count >= 2 } }

    /// Whether somebody stands in both.
    func shares(with other: NameSpelling) -> Bool { !names.isDisjoint(with: other.names) }

    private static func folded(_ name: Substring) -> String {
        let letters = name.precomposedStringWithCompatibilityMapping
            .filter { $0.isLetter || $0.isNumber }.lowercased()
        return letters.applyingTransform(StringTransform("Hant-Hans"), reverse: false) ?? letters
    }
}
