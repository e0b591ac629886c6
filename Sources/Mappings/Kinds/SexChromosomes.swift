/// Whether chromosomes are written so that they show the sex (性染色体), after ISCN and as people
/// write them: `46,XX`, `47,XYY`, `arr(1-22,X)x2`, `nuc ish(X×2)`, `rsa(X)x2`, a Y of its own.
///
/// What is masked passes (`46,XN`, `arr(1-22)x2`), and so does what is a finding of its own:
/// `45,X`, `46,X,i(X)(q10)`. A copy number of X or Y never does: `arr(X)x1` is what every boy has.
struct SexChromosomes {
    /// How strictly a text is looked at.
    enum Strictness {
        /// A field of chromosomes: two X are two chromosomes.
        case karyotype
        /// A free text: two X may stand for a name that is left out (XX医院).
        case text
        /// A name or a number: only what is written behind a count, or with a copy number.
        case name
    }

    private let text: [UInt32]
    private let strictness: Strictness
    private let parents: [[UInt32]]

    /// - Parameters:
    ///   - text: folded by `LookAlikeText`.
    ///   - parents: what stands before a parent's own chromosomes (丈夫核型), who is no fetus.
    static func areShown(
        in text: LookAlikeText, _ strictness: Strictness, parents: [[UInt32]] = []
    ) -> Bool {
        func isShown(_ scalars: [UInt32]) -> Bool {
            SexChromosomes(text: scalars, strictness: strictness, parents: parents).isShown
        }
        if isShown(text.scalars) { return true }
        let squeezed = text.scalars.filter { $0 != 0x20 }
        return squeezed.count != text.scalars.count && isShown(squeezed)
    }

    private var isShown: Bool {
        let runs = self.runs
        if strictness != .name, areNumbered { return true }
        guard runs.contains(where: { holds($0, SexChromosomes.x) || holds($0, SexChromosomes.y) })
        else { return false }
        let isArray = runs.contains { SexChromosomes.arrays.contains(Array(text[$0])) }
        return runs.contains { run in
            shows(run) || isCounted(run)
                || (isArray && strictness != .name && isX(run) && !isIdeograph(at: run.upperBound))
        }
    }

    /// Whether the sex chromosomes stand by their numbers, as arrays have them: `(23)x1`.
    private var areNumbered: Bool {
        for open in text.indices where text[open] == 0x28 || text[open] == 0x5B {
            var numbers: [Int] = []
            var place = open + 1
            while let digit = digit(at: place) {
                var number = digit
                place += 1
                while let next = self.digit(at: place), number < 1_000 {
                    number = number * 10 + next
                    place += 1
                }
                numbers.append(number)
                while let mark = scalar(at: place), [0x2C, 0x2D, 0x20].contains(mark) { place += 1 }
            }
            let isClosed = scalar(at: place) == 0x29 || scalar(at: place) == 0x5D
            // [23] cells are counted in square brackets, and never with copies behind.
            let hasCopies = isTimes(at: place + 1) || isTimes(at: place + 2)
            if isClosed, hasCopies, numbers.contains(23) || numbers.contains(24) { return true }
        }
        return false
    }

    /// Whether a count is of a parent (丈夫核型46,XY), who is no fetus.
    private func isOfParent(countBefore place: Int) -> Bool {
        guard strictness == .text else { return false }
        var end = place
        while let mark = scalar(at: end - 1), SexChromosomes.marks.contains(mark) { end -= 1 }
        while digit(at: end - 1) != nil { end -= 1 }
        while let mark = scalar(at: end - 1), SexChromosomes.marks.contains(mark) { end -= 1 }
        return parents.contains {
            text[..<max(end, 0)].suffix($0.count).elementsEqual($0)
        }
    }

    /// Whether a run of letters is a pair, or a Y.
    private func shows(_ run: Range<Int>) -> Bool {
        let letters = text[run]
        let isPair = SexChromosomes.pairs.contains { letters.starts(with: $0) }
        let count = self.count(before: run.lowerBound)
        if count != nil, isOfParent(countBefore: run.lowerBound) { return false }
        if let count, isPair && run.count <= 5 || count > 45 && isLoneX(run) { return true }
        if strictness != .name, isPairedAcross(run) { return true }
        switch strictness {
        case .name: return false
        case .karyotype:
            return isPair && run.count <= 5 || letters.elementsEqual([SexChromosomes.y])
        case .text:
            guard isPure(run) else {
                // An arm of Y: Yq11, Yqh.
                return letters.first == SexChromosomes.y && isPair
                    && (digit(at: run.upperBound) != nil || run.count == 3)
            }
            if run.count == 1 { return letters.first == SexChromosomes.y && !isShape(run) }
            return letters.contains(SexChromosomes.y) || !standsForName(run)
        }
    }

    /// Whether a single X or Y is one of two with only a mark between (`X/Y`, `X:X`), or is counted
    /// before (`46,2X`).
    private func isPairedAcross(_ run: Range<Int>) -> Bool {
        guard run.count == 1, isPure(run) else { return false }
        let next = run.upperBound + 1
        if let mark = scalar(at: run.upperBound), SexChromosomes.between.contains(mark),
            scalar(at: next).map({ $0 == SexChromosomes.x || $0 == SexChromosomes.y }) ?? false,
            !isLetter(at: next + 1), !isIdeograph(at: next + 1)
        {
            return true
        }
        if strictness == .text {
            // 2X, 两X, X=2; 2X光 and X2型 pass.
            let isCounted =
                scalar(at: run.lowerBound - 1).map { SexChromosomes.counts.contains($0) } ?? false
            if isCounted, digit(at: run.lowerBound - 2) == nil, !isLetter(at: run.upperBound),
                !isIdeograph(at: run.upperBound), digit(at: run.upperBound) == nil
            {
                return true
            }
            return scalar(at: run.upperBound) == 0x3D && digit(at: next) != nil
        }
        guard strictness == .karyotype, digit(at: run.upperBound) == nil,
            let ones = digit(at: run.lowerBound - 1), digit(at: run.lowerBound - 2) == nil
        else { return false }
        return ones > 0
    }

    private func isPure(_ run: Range<Int>) -> Bool {
        text[run].allSatisfy { $0 == SexChromosomes.x || $0 == SexChromosomes.y }
    }

    /// A single X behind a count of 46 or more, with no other X behind it that is changed
    /// (`46,X,i(X)(q10)`): `46,X,Y` and what is cut off.
    private func isLoneX(_ run: Range<Int>) -> Bool {
        guard text[run].elementsEqual([SexChromosomes.x]), !isIdeograph(at: run.upperBound) else {
            return false
        }
        var place = run.upperBound
        guard scalar(at: place) == 0x2C else { return true }
        place += 1
        while let sign = scalar(at: place), sign == 0x2B || sign == 0x2D || sign == 0x20 {
            place += 1
        }
        let start = place
        while isLetter(at: place) { place += 1 }
        return place == start
            || text[start..<place].allSatisfy { $0 == SexChromosomes.x || $0 == SexChromosomes.y }
    }

    /// Whether an X or Y has a number of copies: `X*2`, `(1-22,X)x2`, `Xp22.31(…)x1`, `chrX*2`.
    private func isCounted(_ run: Range<Int>) -> Bool {
        let isY = text[run].elementsEqual([SexChromosomes.y])
        guard isX(run) || isY else { return false }
        // X2016X01 is a number like others.
        if strictness == .name, !text.contains(0x28), !text.contains(0x2A) { return false }
        var place = run.upperBound
        while let scalar = scalar(at: place), isOfBand(scalar) { place += 1 }
        // Back over what may be the sign itself, with or without a blank before it.
        for place in run.upperBound...place where isTimes(at: place) { return true }
        return false
    }

    /// Whether a sign of multiplication with a number stands here.
    private func isTimes(at place: Int) -> Bool {
        guard let sign = scalar(at: place) else { return false }
        let isX = sign == SexChromosomes.x
        guard isX || sign == 0x2A else { return false }
        // In X2 the X is a chromosome; it is a sign behind a bracket or a number.
        if isX, let before = scalar(at: place - 1), before == SexChromosomes.x { return false }
        return digit(at: place + 1) != nil
            || (scalar(at: place + 1) == 0x20
                && digit(at: place + 2) != nil)
    }

    /// X, X with an arm (Xp22), chrX; not the sign in `(1-22)x2`.
    private func isX(_ run: Range<Int>) -> Bool {
        let letters = Array(text[run])
        if letters == SexChromosomes.chrX { return true }
        guard letters.first == SexChromosomes.x else { return false }
        if letters.count == 2 { return SexChromosomes.arms.contains(letters[1]) }
        guard letters.count == 1 else { return false }
        var before = run.lowerBound - 1
        if scalar(at: before) == 0x20 { before -= 1 }
        let isBehindNumber =
            digit(at: before) != nil || scalar(at: before) == 0x29 || scalar(at: before) == 0x5D
        return !(isBehindNumber && digit(at: run.upperBound) != nil)
    }

    /// Whether XX stands for the name of a place or a person: XX医院, XX年.
    private func standsForName(_ run: Range<Int>) -> Bool {
        guard let next = scalar(at: run.upperBound), SexChromosomes.named.contains(next) else {
            return false
        }
        var before = run.lowerBound
        while let mark = scalar(at: before - 1), SexChromosomes.marks.contains(mark) { before -= 1 }
        return !SexChromosomes.heads.contains { text[..<before].suffix($0.count).elementsEqual($0) }
    }

    /// Y型, Y形: a shape.
    private func isShape(_ run: Range<Int>) -> Bool {
        scalar(at: run.upperBound).map(SexChromosomes.shapes.contains) ?? false
    }

    /// The count of chromosomes that ends before a place, 45 to 49: `46,` or `46`.
    private func count(before place: Int) -> Int? {
        var end = place
        while let mark = scalar(at: end - 1), SexChromosomes.marks.contains(mark) { end -= 1 }
        guard let ones = digit(at: end - 1), let tens = digit(at: end - 2), tens == 4, ones >= 5,
            digit(at: end - 3) == nil
        else { return nil }
        return tens * 10 + ones
    }

    private var runs: [Range<Int>] {
        var runs: [Range<Int>] = []
        var place = 0
        while place < text.count {
            let start = place
            while isLetter(at: place) { place += 1 }
            if place > start { runs.append(start..<place) } else { place += 1 }
        }
        return runs
    }

    private func holds(_ run: Range<Int>, _ letter: UInt32) -> Bool { text[run].contains(letter) }

    private func scalar(at place: Int) -> UInt32? {
        text.indices.contains(place) ? text[place] : nil
    }

    private func isLetter(at place: Int) -> Bool {
        scalar(at: place).map { (0x41...0x5A).contains($0) } ?? false
    }

    private func isIdeograph(at place: Int) -> Bool {
        scalar(at: place).map { (0x4E00...0x9FFF).contains($0) } ?? false
    }

    private func digit(at place: Int) -> Int? {
        scalar(at: place).flatMap { (0x30...0x39).contains($0) ? Int($0 - 0x30) : nil }
    }

    /// What may stand between a chromosome and the number of its copies: bands, positions,
    /// brackets.
    private func isOfBand(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x30...0x39, 0x20, 0x28, 0x29, 0x5B, 0x5D, 0x2C, 0x2D, 0x2E, 0x5F, 0x3A: true
        default: SexChromosomes.banded.contains(scalar)
        }
    }

    private static func letters(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    private static let x = letters("X")[0]
    private static let y = letters("Y")[0]
    private static let chrX = letters("CHRX")
    private static let arms = letters("PQ")
    private static let banded = Set(letters("XYPQ"))
    /// How a run of letters begins that names both sex chromosomes, or an arm of Y.
    private static let pairs = ["XX", "XY", "YX", "YY", "YQ", "YP"].map(letters)
    private static let arrays = Set(
        [
            "ARR", "ARRAY", "SEQ", "SSEQ", "CNVSEQ", "RSA", "ISH", "NUCISH", "FISH", "OGM", "CMA",
        ].map(letters))
    private static let marks = Set(letters(" ,.;/()[]-:="))
    private static let between = Set(letters(":/|&,"))
    private static let counts = Set(letters("12一两二双"))
    private static let heads = ["染色体", "核型", "性别", "胎儿", "KARYOTYPE"].map(letters)
    private static let shapes = Set(letters("型形轴"))
    private static let named = Set(letters("医随年月日区县市省公科机检中大保妇镇乡路街主老教软系实项周天岁"))
}
