package import Definitions

/// The words that say the sex of an unborn child (胎儿性别), and those that only look so.
///
/// A CSV file `words/…` with the header `word,code`. `sex`: no text may hold it, no name either.
/// `sexInText`: a name may (亚男). `innocent`: a word that holds one of these and says nothing (男方,
/// 妇女). `earlier`: what stands before an earlier child (既往生育一女孩), with nothing but words of
/// `between` from there to the word; `present` in the same clause says that it is this child after
/// all. `parent`: what stands before a parent's own chromosomes (丈夫核型46,XY). A Latin word stands
/// alone: no `boy` is in `cowboy`. What is built in is refused without a file too.
package struct FetalSexWords: Sendable {
    /// What the words of a code do.
    private enum Sort: String, CaseIterable {
        case sex, sexInText, innocent, earlier, between, present, parent
    }

    private(set) var always: [[UInt32]]
    private(set) var inText: [[UInt32]]
    private(set) var innocent: [[UInt32]]
    private(set) var earlier: [[UInt32]]
    private(set) var between: [[UInt32]]
    private(set) var present: [[UInt32]]
    private(set) var parents: [[UInt32]]
    /// Those of `sex` and of `sexInText`.
    private(set) var said: [[UInt32]]
    /// Of those, what a child that is born may be called: none with 胎 (fetus).
    private(set) var ofChildren: [[UInt32]]

    /// What is refused without a file too.
    package static let builtIn = FetalSexWords()

    private init() {
        always = FetalSexWords.refused.map(FetalSexWords.letters)
        inText = []
        innocent = []
        earlier = []
        between = []
        present = []
        parents = []
        said = always
        ofChildren = FetalSexWords.withoutFetus(always)
    }

    /// Parses the file's text, which adds to what is built in.
    ///
    /// - Throws: where a line's code is none of these, with its place.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        self.init()
        let rows = try CodeTable(text: text, shownAs: file)
        try rows.expect(header: ["word", "code"])
        for row in rows.rows {
            let word = FetalSexWords.letters(row.cells[0])
            guard let sort = Sort(rawValue: row.cells[1]), !word.isEmpty else {
                let known = Sort.allCases.map(\.rawValue).joined(separator: ", ")
                throw rows.error(
                    row, "词不能为空，代码只能是：\(known)。", "A word, and one of: \(known).")
            }
            switch sort {
            case .sex: always.append(word)
            case .sexInText: inText.append(word)
            case .innocent: innocent.append(word)
            case .earlier: earlier.append(word)
            case .between: between.append(word)
            case .present: present.append(word)
            case .parent: parents.append(word)
            }
        }
        said = always + inText
        ofChildren = FetalSexWords.withoutFetus(said)
        between.sort { $0.count > $1.count }
    }

    static func letters(_ word: String) -> [UInt32] {
        LookAlikeText(word.utf8).letters.map(\.scalar)
    }

    private static func withoutFetus(_ words: [[UInt32]]) -> [[UInt32]] {
        words.filter { !$0.contains(FetalSexReading.fetus) }
    }

    private static let refused = [
        "胎儿性别", "性别男", "性别女", "性别为男", "性别为女", "性别是男", "性别是女", "男胎", "女胎",
        "男婴", "女婴", "男宝宝", "女宝宝", "男孩", "女孩", "男性胎儿", "女性胎儿", "胎儿男性", "胎儿女性",
        "胎儿为男", "胎儿为女", "胎儿是男", "胎儿是女", "male fetus", "male foetus", "female fetus",
        "female foetus", "fetal sex", "foetal sex", "SRY", "chrY", "♂", "♀",
    ]
}
