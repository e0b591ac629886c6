/// Whether a text gives away the sex of an unborn child (胎儿性别, L-098).
///
/// Written down here and in no data file: no mapping may take a word off. The laboratory masks
/// (`46,XN`); the gateway refuses what is not masked.
package enum FetalSex {
    /// Of chromosomes after ISCN, folded to half width: a Y, two X side by side, or a word for the
    /// sex. `45,X` and `46,XN` pass.
    package static func isRevealed(byKaryotype bytes: some Collection<UInt8>) -> Bool {
        let text = compact(bytes)
        let runs = text.split { !isLetter($0) }
        let isShown = runs.contains { run in
            if run.elementsEqual([letterY]) { return true }
            return run.count <= 5 && pairs.contains { run.starts(with: $0) }
        }
        return isShown || isSaid(in: text) || sexes.contains { contains($0, in: text) }
    }

    /// Of a free text: a word for the sex, or a pair of sex chromosomes behind a count or after
    /// 核型 or 染色体. Two X alone often stand for a name that is left out.
    package static func isRevealed(byText bytes: some Collection<UInt8>) -> Bool {
        let text = compact(bytes)
        if isSaid(in: text) { return true }
        var index = 0
        while index < text.count {
            guard isSexLetter(text[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, isSexLetter(text[index]) { index += 1 }
            let isWord =
                (start == 0 || !isLetter(text[start - 1]))
                && (index == text.count || !isLetter(text[index]))
            if isWord, index - start >= 2, namesChromosomes(text[..<start]) { return true }
        }
        return false
    }

    private static let letterX = UInt8(ascii: "X")
    private static let letterY = UInt8(ascii: "Y")
    /// How a run of letters begins that names both sex chromosomes, or an arm of Y.
    private static let pairs = ["XX", "XY", "YY", "YQ", "YP"].map { Array($0.utf8) }

    private static let words = [
        "胎儿性别", "性别男", "性别女", "性别为男", "性别为女", "性别是男", "性别是女", "男胎", "女胎",
        "男婴", "女婴", "男宝", "女宝", "男孩", "女孩", "男性胎儿", "女性胎儿", "胎儿男", "胎儿女",
        "胎儿为男", "胎儿为女", "胎儿是男", "胎儿是女", "MALEFETUS", "MALEFOETUS", "FETALSEX",
    ].map { Array($0.utf8) }

    private static let sexes = ["男", "女", "MALE", "SRY"].map { Array($0.utf8) }

    private static let heads = ["染色体", "核型", "KARYOTYPE"].map { Array($0.utf8) }

    /// Upper case, without spaces and the marks that are typed between a word and its value.
    private static func compact(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes where byte > 0x20 && byte != 0x3A && byte != 0x3D {
            text.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
        }
        return text
    }

    private static func isSaid(in text: [UInt8]) -> Bool {
        words.contains { contains($0, in: text) }
    }

    /// Whether the text before a run of X and Y ends in a count of chromosomes (`46,` or `46`) or in
    /// a word for them.
    private static func namesChromosomes(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        while let last = rest.last, marks.contains(last) { rest = rest.dropLast() }
        if heads.contains(where: { rest.suffix($0.count).elementsEqual($0) }) { return true }
        // 、 is three bytes of UTF-8.
        if rest.suffix(3).elementsEqual([0xE3, 0x80, 0x81]) { rest = rest.dropLast(3) }
        let count = rest.suffix(2)
        guard count.count == 2, count.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
        let before = rest.dropLast(2).last
        let isLonger = before.map { $0 >= 0x30 && $0 <= 0x39 } ?? false
        return !isLonger && (45...49).contains(count.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }

    private static let marks = Set(",.;/()[]-".utf8)

    private static func isSexLetter(_ byte: UInt8) -> Bool {
        byte == letterX || byte == letterY
    }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }

    private static func contains(_ word: [UInt8], in text: [UInt8]) -> Bool {
        guard text.count >= word.count else { return false }
        return (0...(text.count - word.count)).contains { text[$0...].starts(with: word) }
    }
}
