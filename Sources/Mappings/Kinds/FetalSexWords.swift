package import Definitions

/// The words that say the sex of an unborn child (胎儿性别), and those that only look so.
///
/// A CSV file `words/…` with the header `word,code`. `sex`: no text may hold it, no name either.
/// `sexInText`: a name may (亚男). `innocent`: a word that holds one of these and says nothing (男方,
/// 妇女). A Latin word stands alone: no `boy` is in `cowboy`. What is built in holds whatever the
/// file says.
package struct FetalSexWords: Sendable {
    /// What the words of a code do.
    private enum Sort: String, CaseIterable { case sex, sexInText, innocent }

    private var always: [[UInt32]]
    private var inText: [[UInt32]]
    private var innocent: [[UInt32]]

    /// What no data file has a say in.
    package static let builtIn = FetalSexWords()

    private init() {
        always = FetalSexWords.refused.map { LookAlikeText($0.utf8).letters.map(\.scalar) }
        inText = []
        innocent = []
    }

    /// Parses the file's text, which adds to what is built in.
    ///
    /// - Throws: where a line's code is none of the three, with its place.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        self.init()
        let rows = try CodeTable(text: text, shownAs: file)
        try rows.expect(header: ["word", "code"])
        for row in rows.rows {
            let word = LookAlikeText(row.cells[0].utf8).letters.map(\.scalar)
            guard let sort = Sort(rawValue: row.cells[1]), !word.isEmpty else {
                let known = Sort.allCases.map(\.rawValue).joined(separator: ", ")
                throw rows.error(
                    row, "词不能为空，代码只能是：\(known)。", "A word, and one of: \(known).")
            }
            switch sort {
            case .sex: always.append(word)
            case .sexInText: inText.append(word)
            case .innocent: innocent.append(word)
            }
        }
    }

    /// Whether a text says it.
    func isSaid(in text: LookAlikeText, isName: Bool) -> Bool {
        let letters = text.letters
        guard !letters.isEmpty else { return false }
        var pardoned: [Range<Int>]?
        for words in isName ? [always] : [always, inText] {
            for word in words {
                for place in places(of: word, in: letters) {
                    let known = pardoned ?? innocent.flatMap { places(of: $0, in: letters) }
                    pardoned = known
                    let isPardoned = known.contains {
                        $0.lowerBound <= place.lowerBound && place.upperBound <= $0.upperBound
                    }
                    if !isPardoned { return true }
                }
            }
        }
        return false
    }

    /// Where a word stands: within one clause, and in Latin letters as a word of its own.
    private func places(of word: [UInt32], in letters: [LookAlikeText.Letter]) -> [Range<Int>] {
        guard let first = word.first, let last = word.last, word.count <= letters.count else {
            return []
        }
        var places: [Range<Int>] = []
        for start in 0...(letters.count - word.count) where letters[start].scalar == first {
            let end = start + word.count
            let isHere = (1..<word.count).allSatisfy {
                letters[start + $0].scalar == word[$0] && letters[start + $0].gap != .clause
            }
            guard isHere else { continue }
            if start > 0, isLatin(first), letters[start].gap == .none,
                isLatin(letters[start - 1].scalar)
            {
                continue
            }
            if end < letters.count, isLatin(last), letters[end].gap == .none,
                isLatin(letters[end].scalar)
            {
                continue
            }
            places.append(start..<end)
        }
        return places
    }

    private func isLatin(_ scalar: UInt32) -> Bool { (0x41...0x5A).contains(scalar) }

    private static let refused = [
        "胎儿性别", "性别男", "性别女", "性别为男", "性别为女", "性别是男", "性别是女", "男胎", "女胎",
        "男婴", "女婴", "男宝宝", "女宝宝", "男孩", "女孩", "男性胎儿", "女性胎儿", "胎儿男性", "胎儿女性",
        "胎儿为男", "胎儿为女", "胎儿是男", "胎儿是女", "male fetus", "male foetus", "female fetus",
        "female foetus", "fetal sex", "foetal sex", "SRY", "chrY", "♂", "♀",
    ]
}

extension LookAlikeText {
    /// What stands between a letter and the one before it.
    enum Gap: Int { case none, blank, clause }

    /// A letter, an ideograph, a digit or a symbol, and what stands before it.
    struct Letter {
        let scalar: UInt32
        let gap: Gap
    }

    /// The text without blanks and marks.
    var letters: [Letter] {
        var letters: [Letter] = []
        letters.reserveCapacity(scalars.count)
        var gap = Gap.none
        for scalar in scalars {
            switch scalar {
            case 0x20, 0x22, 0x23, 0x27, 0x2A, 0x2D, 0x2E, 0x3A, 0x3D, 0x5F, 0x60, 0x7E, 0xB7:
                // What is put between the parts of one word: "#'*-.:=_`~·.
                if gap == .none { gap = .blank }
            case 0x30...0x39, 0x41...0x5A:
                letters.append(Letter(scalar: scalar, gap: gap))
                gap = .none
            case 0...0x7F, 0x2010...0x206F, 0x3000...0x303F: gap = .clause
            default:
                letters.append(Letter(scalar: scalar, gap: gap))
                gap = .none
            }
        }
        return letters
    }
}
