import Definitions
import Mappings
import Records

/// The same values stand in more records than they may (重复次数): a phone, a sample's barcode, a
/// doctor's name on one day. Another row of the same record is its correction, and no repetition.
struct RepeatedKey: BatchRule {
    static let name = "repeatedKey"
    static let summary = Wording(
        zh: "同一组值出现的记录数不超过上限；同一记录的更正行不算。acrossFiles 为真时连同以前的文件。",
        en: "The same values stand in no more records than allowed; a row that corrects its own "
            + "record does not count. With acrossFiles, records of earlier files do.")
    private let key: [Int]
    private let fieldName: String
    private let most: Int
    private let effect: FindingEffect
    private let code: String
    private let acrossFiles: Bool

    /// The records that have a key, the first ones up to the most that may.
    struct Holders: Sendable {
        let first: UInt64
        /// Without the first, so that what stands once costs no list.
        var others: [UInt64] = []
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        key = try section.someFields("key", in: dictionary)
        fieldName = dictionary.elements[key[0]].name
        guard let most = try section.integer("most"), most >= 1 else {
            throw section.error(at: "most", "应为正整数。", "A positive number is expected.")
        }
        self.most = most
        effect = try section.effect(.warning)
        acrossFiles = try section.flag("acrossFiles") ?? false
        self.code = code
    }

    private var finding: Finding { Finding(code: code, effect: effect, field: fieldName) }

    var remembered: RememberedKey? {
        acrossFiles ? RememberedKey(key: key, most: most, finding: finding) : nil
    }

    func begin() -> [UInt64: Holders] { [:] }

    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout [UInt64: Holders],
        into findings: inout [Finding]
    ) {
        guard let key = record.key(key) else { return }
        let own = record.caseKey
        guard let holders = memory[key] else {
            memory[key] = Holders(first: own ?? 0)
            return
        }
        if let own, own == holders.first || holders.others.contains(own) { return }
        if holders.others.count < most - 1 {
            memory[key]?.others.append(own ?? 0)
        } else {
            findings.append(finding)
        }
    }
}

/// One row after the other of the same doctor or device has the same readings (连续雷同).
struct RunOfEqual: BatchRule {
    static let name = "runOfEqual"
    static let summary = Wording(
        zh: "同一医师（或设备）连续多行的测量值完全相同。",
        en: "Consecutive rows of one doctor or device have the same readings.")
    private let fields: [Int]
    private let fieldName: String
    private let by: [Int]
    private let most: Int
    private let effect: FindingEffect
    private let code: String

    struct Run: Sendable {
        var last: UInt64
        var count: Int
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        fields = try section.someFields("field", in: dictionary)
        fieldName = dictionary.elements[fields[0]].name
        by = try section.fields("by", in: dictionary)
        most = try section.integer("most") ?? 10
        effect = try section.effect(.warning)
        self.code = code
    }

    func begin() -> [UInt64: Run] { [:] }

    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout [UInt64: Run],
        into findings: inout [Finding]
    ) {
        guard let values = record.key(fields), let whose = record.key(by) else { return }
        var run = memory[whose] ?? Run(last: values, count: 0)
        run = Run(last: values, count: run.last == values ? run.count + 1 : 1)
        memory[whose] = run
        if run.count > most {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}

/// More than so many of a hundred rows bear the day on which the item arrived (日期雷同): what a
/// program writes that does not know the true day.
struct MostlyOnArrival: BatchRule {
    static let name = "mostlyOnArrival"
    static let summary = Wording(
        zh: "一批文件中，日期等于文件到达之日的行超过给定比例。",
        en: "Too many rows of an item bear the day on which it arrived.")
    private let field: Int
    private let fieldName: String
    private let percent: Int
    private let least: Int
    private let effect: FindingEffect
    private let code: String

    struct Share: Sendable {
        var rows = 0
        var same = 0
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        percent = try section.integer("percent") ?? 80
        least = try section.integer("least") ?? 20
        effect = try section.effect(.warning)
        self.code = code
    }

    func begin() -> Share { Share() }

    /// Said of each such row from the `least`th on, while the share of all rows so far is too high.
    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout Share,
        into findings: inout [Finding]
    ) {
        guard let date = record.day(field) else { return }
        memory.rows += 1
        guard date == day else { return }
        memory.same += 1
        if memory.rows >= least, memory.same * 100 > memory.rows * percent {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}

/// All rows of an item have the same answers (整批雷同), as an export with a fixed value makes them.
struct AllAlike: BatchRule {
    static let name = "allAlike"
    static let summary = Wording(
        zh: "一批文件中，各行的这组结果全部相同。", en: "All rows of an item have the same answers.")
    private let fields: [Int]
    private let fieldName: String
    private let least: Int
    private let effect: FindingEffect
    private let code: String

    struct Pattern: Sendable {
        var first: UInt64?
        var rows = 0
        var isBroken = false
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        fields = try section.someFields("field", in: dictionary)
        fieldName = dictionary.elements[fields[0]].name
        least = try section.integer("least") ?? 30
        effect = try section.effect(.warning)
        self.code = code
    }

    func begin() -> Pattern { Pattern() }

    /// Said of each row from the `least`th on, as long as all before were alike.
    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout Pattern,
        into findings: inout [Finding]
    ) {
        guard !memory.isBroken, let key = record.key(fields) else { return }
        memory.rows += 1
        memory.isBroken = memory.first.map { $0 != key } ?? false
        memory.first = key
        if !memory.isBroken, memory.rows >= least {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}
