/// One text looked at for words that say the sex of a child to come (胎儿性别), with what pardons them.
struct FetalSexReading {
    private let words: FetalSexWords
    private let letters: [LookAlikeText.Letter]
    private let place: FetalSex.Place

    init(_ text: LookAlikeText, in place: FetalSex.Place, by words: FetalSexWords) {
        letters = text.letters
        self.place = place
        self.words = words
    }

    /// Whether the text says it.
    var isSaid: Bool {
        guard !letters.isEmpty else { return false }
        if isSaidAlone || isSexCoded { return true }
        if place == .text, isLetterAtEnd { return true }
        if place == .name, isSaidOfName { return true }
        let isName = place == .name || place == .institution
        let refused = isName ? words.always : words.said
        var pardoned: [Range<Int>]?
        for word in refused {
            for said in places(of: word) {
                let known = pardoned ?? pardons
                pardoned = known
                let isPardoned = known.contains {
                    $0.lowerBound <= said.lowerBound && said.upperBound <= $0.upperBound
                        && !(isOfFetus(before: $0.lowerBound) && said.lowerBound > $0.lowerBound)
                        && !(isOfFetus(before: said.lowerBound) && said.count < 2)
                }
                if !isPardoned, !isOfSomebodyBorn(said) { return true }
            }
        }
        return false
    }

    // MARK: What says it without a word of the list

    /// Whether it is all that the text says (男, XX), or that a clause says (M).
    private var isSaidAlone: Bool {
        let all = letters.map(\.scalar)
        if FetalSexReading.wholes.contains(all) { return true }
        guard place == .text || place == .karyotype else { return false }
        var clause: [UInt32] = []
        for letter in letters {
            if letter.gap == .clause {
                if FetalSexReading.alone.contains(clause) { return true }
                clause = []
            }
            clause.append(letter.scalar)
        }
        return FetalSexReading.alone.contains(clause)
    }

    /// Whether a sex is given by a number or a letter: 性别(1), 性别编码：2, sex=M.
    private var isSexCoded: Bool {
        for head in FetalSexReading.heads {
            for start in places(of: head).map(\.upperBound) {
                var end = start
                while let next = self.end(ofOneAmong: FetalSexReading.codeWords, at: end) {
                    end = next
                }
                guard end < letters.count, FetalSexReading.codes.contains(letters[end].scalar)
                else { continue }
                let next = end + 1 < letters.count ? letters[end + 1] : nil
                let goesOn =
                    next.map { $0.gap == .none && (isLatin($0.scalar) || isDigit($0.scalar)) }
                if !(goesOn ?? false) { return true }
            }
        }
        return false
    }

    /// Whether an M or F stands by itself at the end of a clause: 低风险 M, 结果F. M 型超声 passes.
    private var isLetterAtEnd: Bool {
        letters.indices.contains { place in
            guard FetalSexReading.letterCodes.contains(letters[place].scalar) else { return false }
            let isLast = place + 1 == letters.count || letters[place + 1].gap == .clause
            let isFirst =
                place == 0 || letters[place].gap != .none
                || !(isLatin(letters[place - 1].scalar) || isDigit(letters[place - 1].scalar))
            return isLast && isFirst
        }
    }

    /// What no name of a person holds: a fetus, an English word for a sex, XX or XY alone, a sex
    /// in brackets, behind a hyphen or before a number. 张亚男 is a name.
    private var isSaidOfName: Bool {
        if letters.contains(where: { $0.scalar == FetalSexReading.fetus }) { return true }
        if words.inText.contains(where: { isLatin($0[0]) && !places(of: $0).isEmpty }) {
            return true
        }
        return letters.indices.contains { place in
            guard FetalSexReading.sexes.contains([letters[place].scalar]) else { return false }
            if place + 1 < letters.count { return isDigit(letters[place + 1].scalar) }
            return place > 0
                && (letters[place].gap == .clause || letters[place].gap == .blank && place > 2)
                || place > 0 && letters[place - 1].scalar == FetalSexReading.bearing
        }
    }

    // MARK: What pardons a word

    private var pardons: [Range<Int>] {
        words.innocent.flatMap { places(of: $0) } + ofEarlierChildren
    }

    /// Whether what stands before a place makes what follows a child to come: 胎儿, 怀, 孕, 生.
    private func isOfFetus(before start: Int) -> Bool {
        guard start > 0, letters[start].gap != .clause else { return false }
        let last = letters[start - 1].scalar
        if FetalSexReading.bearers.contains(last) {
            // 孕妇 and 产妇 are women, 医生 and 学生 people.
            let isPerson = start > 1 && FetalSexReading.learned.contains(letters[start - 2].scalar)
            return letters[start].scalar != FetalSexReading.wife && !isPerson
        }
        return last == FetalSexReading.child && start > 1
            && letters[start - 2].scalar == FetalSexReading.fetus
    }

    /// What an earlier child is told with: from the word that says so over what may stand between
    /// to the first sex, and to the second where two are told.
    private var ofEarlierChildren: [Range<Int>] {
        var found: [Range<Int>] = []
        for head in words.earlier.flatMap({ places(of: $0) }) where !isOfThisChild(around: head) {
            var end = head.upperBound
            while let next = self.end(ofOneAmong: words.between, at: end) { end = next }
            while let next = longest(at: end) {
                end = next
                found.append(head.lowerBound..<end)
                while let next = self.end(ofOneAmong: words.between, at: end) { end = next }
            }
        }
        return found
    }

    /// Whether the clause of a word, or one in brackets behind it, speaks of this pregnancy.
    private func isOfThisChild(around head: Range<Int>) -> Bool {
        var start = head.lowerBound
        while start > 0, letters[start].gap != .clause { start -= 1 }
        var end = head.upperBound
        while end < letters.count, letters[end].gap != .clause { end += 1 }
        let next = end
        end = min(end + 1, letters.count)
        while end < letters.count, letters[end].gap != .clause { end += 1 }
        return words.present.contains { word in
            places(of: word).contains {
                (start..<next).contains($0.lowerBound)
                    || $0.lowerBound == next && $0.upperBound == end
            }
        }
    }

    /// The end of the longest word for a sex that stands here, in the same clause; 胎 (fetus) is no
    /// word for an earlier child.
    private func longest(at start: Int) -> Int? {
        words.ofChildren.compactMap { end(ofOneAmong: [$0], at: start) }.max()
    }

    /// Whether the word is somebody with an age: a person of 15 years or more (女，32岁; 性别女，年龄
    /// 29), or a child that lives (女儿，8岁).
    private func isOfSomebodyBorn(_ said: Range<Int>) -> Bool {
        let word = letters[said].map(\.scalar)
        let isChild = FetalSexReading.children.contains(word)
        guard isChild || FetalSexReading.persons.contains(word) else { return false }
        var end = said.upperBound
        if end < letters.count, letters[end].scalar == FetalSexReading.nature { end += 1 }
        let isNamed = self.ends(of: FetalSexReading.age, at: end)
        if let isNamed { end = isNamed }
        var age: UInt32 = 0
        var digits = 0
        while end < letters.count, isDigit(letters[end].scalar), digits < 3 {
            age = age * 10 + letters[end].scalar - 0x30
            digits += 1
            end += 1
        }
        let isInYears = end < letters.count && letters[end].scalar == FetalSexReading.year
        guard digits > 0, isInYears || isNamed != nil else { return false }
        return isChild ? age >= 1 && age < 40 : (15..<100).contains(age)
    }

    // MARK: Where words stand

    /// The end of a word that stands here, over whatever marks.
    private func ends(of word: [UInt32], at start: Int) -> Int? {
        guard start + word.count <= letters.count else { return nil }
        return word.indices.allSatisfy { letters[start + $0].scalar == word[$0] }
            ? start + word.count : nil
    }

    /// The end of the first of these words that stands here, in the same clause.
    private func end(ofOneAmong words: [[UInt32]], at start: Int) -> Int? {
        for word in words where start + word.count <= letters.count {
            let isHere = word.indices.allSatisfy {
                letters[start + $0].scalar == word[$0] && letters[start + $0].gap != .clause
            }
            if isHere { return start + word.count }
        }
        return nil
    }

    /// Where a word stands: within one clause, and in Latin letters as a word of its own.
    private func places(of word: [UInt32]) -> [Range<Int>] {
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
            let joinsBefore =
                start > 0 && isLatin(first) && letters[start].gap == .none
                && isLatin(letters[start - 1].scalar)
            let joinsBehind =
                end < letters.count && isLatin(last) && letters[end].gap == .none
                && isLatin(letters[end].scalar)
            if !joinsBefore, !joinsBehind { places.append(start..<end) }
        }
        return places
    }

    private func isLatin(_ scalar: UInt32) -> Bool { (0x41...0x5A).contains(scalar) }

    private func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }
}

extension FetalSexReading {
    private static func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    private static let wholes = Set(
        ["男", "女", "男性", "女性", "M", "F", "XX", "XY", "雄", "雌"].map(scalars))
    private static let alone = Set(["M", "F", "雄", "雌", "Y型", "XY型", "X型"].map(scalars))
    private static let sexes = Set(["男", "女"].map(scalars))
    private static let persons = Set(
        ["男", "女", "男性", "女性", "性别男", "性别女", "性别为男", "性别为女"].map(scalars))
    private static let children = Set(["儿子", "女儿", "男孩", "女孩"].map(scalars))
    private static let heads = ["性别", "SEX", "GENDER"].map(scalars)
    private static let codeWords = ["编码", "代码", "代号", "码", "为", "是", "系", "CODE", "IS"].map(scalars)
    private static let codes = Set(scalars("12MF"))
    private static let letterCodes = Set(scalars("MF"))
    private static let age = scalars("年龄")
    private static let year = scalars("岁")[0]
    private static let nature = scalars("性")[0]
    static let fetus = scalars("胎")[0]
    private static let child = scalars("儿")[0]
    private static let bearing = scalars("怀")[0]
    private static let wife = scalars("妇")[0]
    private static let learned = Set(scalars("医学先卫"))
    private static let bearers = Set(scalars("胎怀孕生"))
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
