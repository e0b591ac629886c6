/// Whether a text gives away the sex of an unborn child (胎儿性别, L-098).
///
/// Chromosomes and the words that leave no doubt are written down here and in no data file: no
/// mapping may take one off. A programme's list adds words (`FetalSexWords`). The laboratory masks
/// (`46,XN`); the gateway refuses what is not masked.
package enum FetalSex {
    /// What sort of text it is.
    package enum Place: Sendable {
        /// A karyotype (染色体核型): any two X count, and any word for a sex.
        case karyotype
        /// A free text.
        case text
        /// A number or a code of a register: words count, letters that stand together do not.
        case number
        /// The name of a person, who may be called 亚男.
        case name
        /// The name of a place or an institution: 女埠街道卫生院.
        case institution
    }

    /// Of chromosomes after ISCN. `45,X` and `46,XN` pass.
    package static func isRevealed(byKaryotype bytes: some Collection<UInt8>) -> Bool {
        isRevealed(by: bytes, in: .karyotype, words: .builtIn)
    }

    /// Of a free text: the words that leave no doubt, a pair of sex chromosomes, a Y. Two X before
    /// a word that they stand in for (XX医院) pass.
    package static func isRevealed(byText bytes: some Collection<UInt8>) -> Bool {
        isRevealed(by: bytes, in: .text, words: .builtIn)
    }

    /// Of a text in its place, by a programme's words.
    package static func isRevealed(
        by bytes: some Collection<UInt8>, in place: Place, words: FetalSexWords
    ) -> Bool {
        let text = LookAlikeText(bytes)
        if FetalSexReading(text, in: place, by: words).isSaid { return true }
        switch place {
        case .karyotype:
            return SexChromosomes.areShown(in: text, .karyotype)
                || text.scalars.contains(where: sexes.contains) || isEnglish(text)
                || !KaryotypeSigns.areAll(of: text)
        case .text:
            return SexChromosomes.areShown(in: text, .text, parents: words.parents)
        case .number, .name, .institution: return SexChromosomes.areShown(in: text, .name)
        }
    }

    /// 男 and 女.
    private static let sexes: Set<UInt32> = [0x7537, 0x5973]

    private static let male = Array("MALE".unicodeScalars.map(\.value))

    /// Whether `male` stands anywhere, in `female` too: no karyotype has it.
    private static func isEnglish(_ text: LookAlikeText) -> Bool {
        let scalars = text.scalars
        guard scalars.count >= male.count else { return false }
        return (0...(scalars.count - male.count)).contains { scalars[$0...].starts(with: male) }
    }
}

/// What a karyotype may be written with (核型用字): the letters, digits and marks of ISCN, and
/// Chinese words. Any other sign may stand for a chromosome, and so may a letter M or F.
private enum KaryotypeSigns {
    static func areAll(of text: LookAlikeText) -> Bool {
        let scalars = text.scalars
        if hasCodedMask(scalars) { return false }
        var run: [UInt32] = []
        for (place, scalar) in scalars.enumerated() {
            let next = scalars.dropFirst(place + 1).first
            switch scalar {
            case times where next == times: return false
            case percent:
                // Of a mosaic (30%), not of a character (%58).
                let isShare = place > 0 && isDigit(scalars[place - 1])
                if !isShare || next.map({ isDigit($0) || isLetter($0) }) ?? false { return false }
            default: if !isKnown(scalar) { return false }
            }
            if isLetter(scalar) {
                run.append(scalar)
            } else {
                if isSex(run) { return false }
                run = []
            }
        }
        return !isSex(run)
    }

    /// Whether a run of letters is a sex: a letter for it, a mask with something in it (XNY), a Y
    /// in what is no word.
    private static func isSex(_ run: [UInt32]) -> Bool {
        if refused.contains(run) { return true }
        guard run.count <= 5, run.contains(where: { $0 == 0x58 || $0 == 0x59 }) else {
            return false
        }
        if run.contains(0x59) { return true }
        let isOfMask = run.allSatisfy { $0 == 0x58 || $0 == 0x4E }
        return isOfMask && run.count > 1 && run != [0x58, 0x4E]
    }

    /// Whether the mask has a number behind it that is no cell count: XN(1), XN-2, XN 1.
    private static func hasCodedMask(_ scalars: [UInt32]) -> Bool {
        let joints = Set(" (-:=".unicodeScalars.map(\.value))
        for place in scalars.indices.dropLast(3)
        where scalars[place] == 0x58 && scalars[place + 1] == 0x4E {
            var next = place + 2
            while next < scalars.count, joints.contains(scalars[next]) { next += 1 }
            guard next > place + 2, next < scalars.count,
                scalars[next] == 0x31 || scalars[next] == 0x32
            else { continue }
            let behind = scalars.dropFirst(next + 1).first
            if behind.map({ !isDigit($0) && !isLetter($0) }) ?? true { return true }
        }
        return false
    }

    private static let times: UInt32 = 0x2A
    private static let percent: UInt32 = 0x25

    private static func isDigit(_ scalar: UInt32) -> Bool { (0x30...0x39).contains(scalar) }

    private static func isLetter(_ scalar: UInt32) -> Bool { (0x41...0x5A).contains(scalar) }

    private static func isKnown(_ scalar: UInt32) -> Bool {
        isDigit(scalar) || isLetter(scalar) || (0x4E00...0x9FFF).contains(scalar)
            || marks.contains(scalar)
    }

    private static let marks = Set(" ,.;:/()[]+-*~=?<>|_'\"。“”‘’±→".unicodeScalars.map(\.value))

    /// Runs of letters that are a sex: alone, and behind an X that is no longer masked.
    private static let refused: Set<[UInt32]> = Set(
        ["M", "F", "XM", "XF", "XB", "XG", "NM", "NF", "XNM", "XNF"].map {
            $0.unicodeScalars.map(\.value)
        })
}
