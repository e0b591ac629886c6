package import Records

/// The books' identity within one commit (账目守恒): what came is what has a fate.
///
/// A fold over the whole ledger says the same later; here it is asked before anything is written,
/// so that no row is lost.
package enum TieOut {
    /// Rows that these facts count as taken and say nothing else of; 0 in a sound commit.
    ///
    /// - Parameters:
    ///   - facts: of one commit, in any order; those of other kinds say nothing here.
    ///   - elsewhere: rows that are counted elsewhere: parts of cases, and persons of lists.
    package static func rowsWithoutFate(in facts: [Fact], elsewhere: Int = 0) -> Int {
        var rows = -elsewhere
        for fact in facts {
            switch fact {
            case .taken(let taken): rows += taken.rows - taken.unchanged - taken.kept.count
            case .enqueued(let enqueued): rows -= enqueued.rows?.count { $0 > 0 } ?? 0
            default: break
            }
        }
        return max(0, rows)
    }

    /// Refuses a commit after which rows would have no fate.
    package static func check(_ facts: [Fact], elsewhere: Int = 0) throws(TieOutFailure) {
        let lost = rowsWithoutFate(in: facts, elsewhere: elsewhere)
        if lost > 0 { throw TieOutFailure(rows: lost) }
    }
}

/// A commit would have lost rows: nothing of it was written.
package struct TieOutFailure: ExplainedFailure {
    /// How many.
    package let rows: Int

    package var place: String? { nil }
    package var detail: String? { "\(rows)" }
    package var entry: CodeEntry { TieOutFailure.code }

    static let code = CodeEntry(
        "E-TIE-OUT",
        what: Wording(
            zh: "账目不守恒：这一段里有行没有去向，整段没有写入。",
            en: "The books would not balance: rows of this stretch have no fate; none of it was "
                + "written."),
        next: Wording(
            zh: "这是程序的错误：文件还在原处，保留它，运行 shangbao doctor，并向开发者报告。",
            en: "This is a fault of the program: the file is where it was. Keep it, run shangbao "
                + "doctor, and report it."))
}
