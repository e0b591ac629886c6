import Records

/// One thing that is wrong with a record, or at the edge of it, and what must become of the record
/// (缺陷). What the gateway must say follows from DOMAIN 0.4, 4.2 and 5.5, not from running it.
struct PregnancyDefect: Sendable {
    typealias Change = @Sendable (InventedPregnancy, inout RandomStream) -> Void

    /// A row about an earlier row: the same pregnancy, copied, changed or tested again.
    struct Repeat: Sendable {
        enum Kind: Sendable {
            /// The same record to the last byte.
            case copy
            /// The same record with another content.
            case changed
            /// Another test of the same pregnancy.
            case test
            /// Another woman; only the barcode is of the earlier row.
            case barcode
        }

        let kind: Kind
        /// 1 to 4 rows: the earlier row never bears a defect by chance.
        let rowsBack: Int
        let daysLater: Int
        /// What the earlier row bears, by name.
        let source: String?

        init(_ kind: Kind, rowsBack: Int, daysLater: Int = 0, source: String? = nil) {
            self.kind = kind
            self.rowsBack = rowsBack
            self.daysLater = daysLater
            self.source = source
        }
    }

    /// The truth file's note.
    let name: String
    let fate: ExpectedFate
    /// All finding codes, each once, sorted.
    let codes: [String]
    /// Whether settlement pays for it.
    let isPaid: Bool
    let wish: PregnancyWish
    let repeats: Repeat?
    let change: Change
    /// Whether a workbook can show it.
    private(set) var isForWorkbooks = true

    /// The same, for text files only.
    var inTextOnly: PregnancyDefect {
        var copy = self
        copy.isForWorkbooks = false
        return copy
    }

    init(
        _ name: String, _ fate: ExpectedFate, _ codes: [String], isPaid: Bool = true,
        wish: PregnancyWish, repeats: Repeat? = nil, _ change: @escaping Change = { _, _ in }
    ) {
        self.name = name
        self.fate = fate
        self.codes = codes
        self.isPaid = isPaid && fate == .sent
        self.wish = wish
        self.repeats = repeats
        self.change = change
    }

    /// At the edge, and nothing to say of it.
    static func clean(
        _ name: String, _ wish: PregnancyWish, _ change: @escaping Change = { _, _ in }
    )
        -> PregnancyDefect
    {
        PregnancyDefect(name, .sent, [], wish: wish, change)
    }

    /// Shown, and paid all the same.
    static func warned(
        _ name: String, _ code: String, _ wish: PregnancyWish,
        _ change: @escaping Change = { _, _ in }
    ) -> PregnancyDefect {
        PregnancyDefect(name, .sent, [code], wish: wish, change)
    }

    /// Kept until the clinic corrects it or a person decides.
    static func refused(
        _ name: String, _ codes: String..., wish: PregnancyWish,
        _ change: @escaping Change = { _, _ in }
    ) -> PregnancyDefect {
        PregnancyDefect(name, .quarantined, codes, wish: wish, change)
    }

    static let all: [PregnancyDefect] =
        identity + reading + people + places + weeks + dating + serumResults + niptResults
        + recalls + procedures + fetalSex + outcomes + money + charges

    /// A defect by its name; only names that are written here are asked for.
    static func named(_ name: String) -> PregnancyDefect? { all.first { $0.name == name } }
}
