package import Definitions

/// The words that say the sex of an unborn child (胎儿性别), and those that only look so.
///
/// A CSV file `words/…` with the header `word,code`. `sex`: no text may hold it, no name either.
/// `sexInText`: a name may (亚男). `innocent`: a word that holds one of these and says nothing (男方,
/// 妇女). `earlier`: what stands before an earlier child (既往生育一女孩), with nothing but words of
/// `between` from there to the word. A Latin word stands alone: no `boy` is in `cowboy`. What is
/// built in is refused without a file too.
package struct FetalSexWords: Sendable {
    /// What the words of a code do.
    private enum Sort: String, CaseIterable { case sex, sexInText, innocent, earlier, between }

    private var always: [[UInt32]]
    private var inText: [[UInt32]]
    private var innocent: [[UInt32]]
    private var earlier: [[UInt32]]
    private var between: [[UInt32]]

    /// What is refused without a file too.
    package static let builtIn = FetalSexWords()

    private init() {
        always = FetalSexWords.refused.map(FetalSexWords.letters)
        inText = []
        innocent = []
        earlier = []
        between = []
    }

    /// Parses the file's text, which adds to what is built in.
    ///
    /// - Throws: where a line's code is none of the three, with its place.
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
            }
        }
        between.sort { $0.count > $1.count }
    }

    /// Whether a text says it.
    func isSaid(in text: LookAlikeText, _ place: FetalSex.Place) -> Bool {
        let letters = text.letters
        guard !letters.isEmpty else { return false }
        if place != .number, isSaidAlone(letters) { return true }
        var pardoned: [Range<Int>]?
        for words in place == .name ? [always] : [always, inText] {
            for word in words {
                for said in places(of: word, in: letters) {
                    let known =
                        pardoned
                        ?? innocent.flatMap { places(of: $0, in: letters) }
                        + ofEarlierChildren(in: letters)
                    pardoned = known
                    let isPardoned =
                        known.contains {
                            $0.lowerBound <= said.lowerBound && said.upperBound <= $0.upperBound
                        } || isOfAnAdult(said, in: letters)
                    if !isPardoned { return true }
                }
            }
        }
        return false
    }

    /// Whether it is all that the text says (男), or that a clause says (M).
    private func isSaidAlone(_ letters: [LookAlikeText.Letter]) -> Bool {
        if FetalSexWords.sexes.contains(letters.map(\.scalar)) { return true }
        var clause: [UInt32] = []
        for letter in letters {
            if letter.gap == .clause {
                if FetalSexWords.alone.contains(clause) { return true }
                clause = []
            }
            clause.append(letter.scalar)
        }
        return FetalSexWords.alone.contains(clause)
    }

    /// What an earlier child is told with: from the word that says so over what may stand between
    /// to the first sex, and to the second where two are told.
    private func ofEarlierChildren(in letters: [LookAlikeText.Letter]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for head in earlier.flatMap({ places(of: $0, in: letters) }) {
            var end = head.upperBound
            while let next = place(ofOneAmong: between, at: end, in: letters) { end = next }
            while let next = longest(at: end, in: letters) {
                end = next
                found.append(head.lowerBound..<end)
                while let next = place(ofOneAmong: between, at: end, in: letters) { end = next }
            }
        }
        return found
    }

    /// The end of the longest word for a sex that stands here, in the same clause; 胎 (fetus) is no
    /// word for an earlier child.
    private func longest(at start: Int, in letters: [LookAlikeText.Letter]) -> Int? {
        (always + inText).filter { !$0.contains(0x80CE) }.compactMap {
            place(ofOneAmong: [$0], at: start, in: letters)
        }.max()
    }

    /// The end of the first of these words that stands here, in the same clause.
    private func place(
        ofOneAmong words: [[UInt32]], at start: Int, in letters: [LookAlikeText.Letter]
    ) -> Int? {
        for word in words where start + word.count <= letters.count {
            let isHere = word.indices.allSatisfy {
                letters[start + $0].scalar == word[$0] && letters[start + $0].gap != .clause
            }
            if isHere { return start + word.count }
        }
        return nil
    }

    /// Whether the word is a person of 15 years or more: 女，32岁; 男性 28 岁.
    private func isOfAnAdult(_ place: Range<Int>, in letters: [LookAlikeText.Letter]) -> Bool {
        guard FetalSexWords.sexes.contains(letters[place].map(\.scalar)) else { return false }
        var end = place.upperBound
        if end < letters.count, letters[end].scalar == 0x6027 { end += 1 }  // 性
        var age: UInt32 = 0
        while end < letters.count, (0x30...0x39).contains(letters[end].scalar), age < 100 {
            age = age * 10 + letters[end].scalar - 0x30
            end += 1
        }
        return (15..<100).contains(age) && end < letters.count && letters[end].scalar == 0x5C81
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

    private static func letters(_ word: String) -> [UInt32] {
        LookAlikeText(word.utf8).letters.map(\.scalar)
    }

    private static let alone = Set(["M", "F"].map(letters))
    private static let sexes = Set(["男", "女", "男性", "女性"].map(letters))

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
