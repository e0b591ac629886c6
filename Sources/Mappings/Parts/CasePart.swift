import Definitions
package import Records

/// What a mapping says of a file that holds only a part of each case (病例的一部分): `part:`.
package struct CasePart: Sendable {
    /// What is missing where no row of it came, e.g. 检验结果.
    package let title: Wording
    /// The column whose text joins.
    package let by: String
    package let key: JoinKey
    /// The column that says when; rows too far from the case's day are another case's.
    package let on: String?
    /// The columns with the time of a row, the first that two rows have decides which is newer;
    /// last of all the day by which rows join. A file need not have them.
    let at: [String]
    /// Where each row is one test item, how they become one.
    package let items: ItemColumns?

    init(_ section: inout Section, items: ItemColumns?) throws(DefinitionError) {
        title = Wording(zh: try section.text("zh"), en: try section.text("en"))
        by = try section.text("by")
        key = try section.choice("key", of: JoinKey.self) ?? .text
        on = try section.optionalText("on")
        at = try section.texts("at") + [on].compactMap { $0 }
        self.items = items
        try section.finish()
    }

    /// The columns that tell which of two rows is newer.
    package var times: [String] { items?.at ?? at }

    /// The columns that are read for joining, besides those of the fields.
    package var columns: [String] { [by] + [on].compactMap { $0 } + (items?.columns ?? []) }
}

/// The columns of a file with one row a test item (每行一个检验项目): `items:`.
package struct ItemColumns: Sendable {
    /// What a row's status means (HL7 table 0085 and what laboratories write).
    package enum Status: String, Sendable, CaseIterable {
        /// It counts; a later one replaces it, by time and not by order.
        case final
        /// It replaces what was final, where the times do not tell which came first.
        case corrected
        /// Kept, and not used.
        case preliminary
        /// What was reported before does not hold.
        case deleted
        /// The item was not done.
        case notDone
    }

    package let code: String
    package let result: String
    package let unit: String?
    package let status: String?
    /// The columns with the time of the result, the first that two rows have decides. A file need
    /// have only the first.
    package let at: [String]
    /// The column with the sample's number: one sample is one person's.
    package let sample: String?
    /// The most days between two rows of one sample; where a laboratory counts anew, the same
    /// number on another day is another sample. `nil` where it never does.
    package let sampleWithin: Int?
    /// The column with the status of the whole order, e.g. OBR-25.
    package let order: String?
    private let statuses: [String: Status]
    /// For each spelling of an item's code the one that the fields name, folded.
    private let names: [String: String]

    init(_ section: inout Section) throws(DefinitionError) {
        code = try section.text("code")
        result = try section.text("result")
        unit = try section.optionalText("unit")
        status = try section.optionalText("status")
        at = try section.texts("at")
        sample = try section.optionalText("sample")
        sampleWithin = try section.integer("sampleWithin")
        order = try section.optionalText("order")
        var statuses = ItemColumns.standard
        if var named = try section.optionalSection("statuses") {
            for word in named.keys {
                guard let status = try named.choice(word, of: Status.self) else { continue }
                statuses[ItemColumns.folded(word)] = status
            }
            try named.finish()
        }
        self.statuses = statuses
        var names: [String: String] = [:]
        if var aliases = try section.optionalSection("names") {
            for name in aliases.keys {
                for spelling in try aliases.texts(name) {
                    let known = names.updateValue(name, forKey: ItemColumns.folded(spelling))
                    if known != nil, known != name {
                        throw aliases.error(
                            at: name, "项目写法 “\(spelling)” 出现两次。",
                            "The spelling \(spelling) stands twice.")
                    }
                }
            }
            try aliases.finish()
        }
        self.names = names
        try section.finish()
    }

    var columns: [String] {
        [code, result] + [unit, status, at.first, sample, order].compactMap { $0 }
    }

    /// What fields name to learn whether all that was asked for is there (检验是否完成): 1 or 0.
    static let completeness = "items.complete"

    /// OBX-11 (HL7 table 0085) and OBR-25 (table 0123); a row without a status is final.
    private static let standard: [String: Status] = [
        "": .final, "F": .final, "C": .corrected, "P": .preliminary, "R": .preliminary,
        "S": .preliminary, "I": .preliminary, "D": .deleted, "W": .deleted, "X": .notDone,
        "N": .notDone,
    ]

    /// The status of a row; one that nobody knows is preliminary: it is not used.
    func status(of word: String) -> Status { statuses[ItemColumns.folded(word)] ?? .preliminary }

    /// The name by which fields call an item.
    func name(of code: String) -> String {
        names[ItemColumns.folded(code)] ?? code
    }

    /// Half width, upper case, without spaces around it.
    static func folded(_ text: String) -> String {
        var cell = CellText()
        Array(text.utf8).withUnsafeBufferPointer { cell.fold($0) }
        _ = cell.upperCase()
        return String(decoding: cell.bytes, as: UTF8.self)
    }
}
