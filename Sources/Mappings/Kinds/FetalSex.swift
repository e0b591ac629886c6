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
        if words.isSaid(in: text, isName: place == .name) { return true }
        switch place {
        case .karyotype:
            return SexChromosomes.areShown(in: text, .karyotype)
                || text.scalars.contains(where: sexes.contains) || isEnglish(text)
        case .text: return SexChromosomes.areShown(in: text, .text)
        case .number, .name: return SexChromosomes.areShown(in: text, .name)
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
