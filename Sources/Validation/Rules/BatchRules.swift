import Definitions
import Mappings
import Records

/// The same values stand in more rows of an item than they may (重复次数): a phone, a sample's
/// barcode, a doctor's name on one day.
struct RepeatedKey: BatchRule {
    static let name = "repeatedKey"
    static let summary = Wording(
        zh: "同一批文件中，同一组值出现的行数不超过上限。",
        en: "The same values stand in no more rows of an item than allowed.")
    private let key: [Int]
    private let fieldName: String
    private let most: Int32
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        key = try section.someFields("key", in: dictionary)
        fieldName = dictionary.elements[key[0]].name
        guard let most = try section.number("most", places: 0), most >= 1, most < Int32.max else {
            throw section.error(at: "most", "应为正整数。", "A positive number is expected.")
        }
        self.most = Int32(most)
        effect = try section.effect(.warning)
        self.code = code
    }

    func begin() -> [UInt64: Int32] { [:] }

    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout [UInt64: Int32],
        into findings: inout [Finding]
    ) {
        guard let key = record.key(key) else { return }
        memory[key, default: 0] += 1
        if memory[key, default: 0] > most {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
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

    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout Pattern,
        into findings: inout [Finding]
    ) {
        guard !memory.isBroken, let key = record.key(fields) else { return }
        memory.rows += 1
        memory.isBroken = memory.first.map { $0 != key } ?? false
        memory.first = key
    }

    static var looksBack: Bool { true }

    /// Said of every row of a stretch, the first ones too, where all rows up to its end are alike
    /// and are at least `least`. Stretches before, if they were shorter than that, have gone out.
    func lookBack(at record: RecordRow, _ memory: Pattern) -> Finding? {
        guard !memory.isBroken, memory.rows >= least, record.key(fields) != nil else { return nil }
        return Finding(code: code, effect: effect, field: fieldName)
    }
}

/// One person stands in the item with another partner within some days (另有配偶).
struct OtherPartner: BatchRule {
    static let name = "otherPartner"
    static let summary = Wording(
        zh: "同一批文件中，同一人在给定天数内与不同的配偶建档。",
        en: "A person has files with two partners within so many days.")
    private let person: [Int]
    private let partner: [Int]
    private let fieldName: String
    private let on: Int
    private let days: Int32
    private let effect: FindingEffect
    private let code: String

    struct Seen: Sendable {
        let partner: UInt64
        let day: CalendarDate
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let person = dictionary.subjects[try section.subject("person", in: dictionary)].idNumber
        self.person = [person]
        fieldName = dictionary.elements[person].name
        partner = [
            dictionary.subjects[try section.subject("partner", in: dictionary)].idNumber
        ]
        on = try section.field("on", in: dictionary)
        days = Int32(try section.integer("days") ?? 365)
        effect = try section.effect()
        self.code = code
    }

    func begin() -> [UInt64: Seen] { [:] }

    func look(
        at record: RecordRow, arrivedOn day: CalendarDate, _ memory: inout [UInt64: Seen],
        into findings: inout [Finding]
    ) {
        guard let person = record.key(person), let partner = record.key(partner),
            let on = record.day(on)
        else { return }
        if let seen = memory[person], seen.partner != partner,
            abs(on.daysSince1970 - seen.day.daysSince1970) <= days
        {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        } else {
            memory[person] = Seen(partner: partner, day: on)
        }
    }
}
