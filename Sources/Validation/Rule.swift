package import Definitions
package import Mappings
package import Records

/// One rule of a programme (规则), on a clear record. Named by `rules:` of the programme's file.
package protocol Rule: Sendable {
    /// The name that data files use.
    static var name: String { get }
    /// What it checks, in one sentence, for the generated reference.
    static var summary: Wording { get }
    /// Reads its options from its section; `code` names the finding it makes.
    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    /// Adds what it has to say about one record.
    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding])
}

/// What rules may know besides the record: the pure half has no clock and no database.
package struct RuleContext: Sendable {
    /// The day on which the item arrived, in Asia/Shanghai.
    package let arrivedOn: CalendarDate
    /// The institutions that the county designated, with their days (定点服务机构).
    package let designated: CodeList
    /// What each institution may do, with its days; `nil` where the county keeps no such list.
    package let qualified: QualifiedInstitutions?
    /// Who works where (医师名单); `nil` where the county keeps no such list.
    package let staff: StaffList?
    /// Which laboratory's quality is proved for which month (检验质量控制); `nil` where nobody says.
    package let quality: QualityReferences?
    /// The county that this gateway reports for; `nil` where nothing is asked of places.
    package let county: ServedCounty?
    /// Which fields the source fills at all, by ordinal.
    package let isMapped: [Bool]

    /// The same, for a row some of whose fields have not come yet.
    func awaiting(_ fields: Set<Int>) -> RuleContext {
        var isMapped = isMapped
        for ordinal in fields { isMapped[ordinal] = false }
        return RuleContext(
            arrivedOn: arrivedOn, designated: designated, qualified: qualified, staff: staff,
            quality: quality, county: county, isMapped: isMapped)
    }

    package init(
        arrivedOn: CalendarDate, designated: CodeList, qualified: QualifiedInstitutions? = nil,
        staff: StaffList? = nil, quality: QualityReferences? = nil,
        county: ServedCounty? = nil, isMapped: [Bool]
    ) {
        self.arrivedOn = arrivedOn
        self.designated = designated
        self.qualified = qualified
        self.staff = staff
        self.quality = quality
        self.county = county
        self.isMapped = isMapped
    }
}

/// One record of a batch, as rules see it.
package struct RecordRow {
    package let batch: RecordBatch
    package let row: Int

    package init(batch: RecordBatch, row: Int) {
        self.batch = batch
        self.row = row
    }

    /// The value of a field.
    package func value(_ ordinal: Int) -> Value { batch.value(row, ordinal) }

    /// Whether the record names this person.
    package func hasSubject(_ subject: Int) -> Bool { batch.hasSubject(row, subject) }

    /// The day in a field, `nil` where there is none.
    package func date(_ ordinal: Int) -> CalendarDate? {
        if case .date(let date) = value(ordinal).expose() { date } else { nil }
    }

    /// The answer in a field, `nil` where there is none.
    package func flag(_ ordinal: Int) -> Bool? {
        if case .flag(let flag) = value(ordinal).expose() { flag } else { nil }
    }

    /// The number in a field, `nil` where there is none.
    package func integer(_ ordinal: Int) -> Int64? {
        if case .integer(let number) = value(ordinal).expose() { number } else { nil }
    }

    /// The ordinal of the code in a field, `nil` where there is none.
    package func code(_ ordinal: Int) -> Int? {
        if case .code(let code) = value(ordinal).expose() { code } else { nil }
    }

    /// The codes in a field that holds several, a bit each by ordinal; 0 where there is none.
    package func codes(_ ordinal: Int) -> UInt64 {
        if case .codes(let bits) = value(ordinal).expose() { bits } else { 0 }
    }

    /// A whole or decimal number, scaled by ten to the power of the field's places.
    package func number(_ ordinal: Int) -> Int64? {
        switch value(ordinal).expose() {
        case .integer(let number), .decimal(let number): number
        default: nil
        }
    }

    /// Any value but a text as one number, for comparing rows; 0 where there is none.
    func scalar(_ ordinal: Int) -> Int64 {
        switch value(ordinal).expose() {
        case .integer(let number), .decimal(let number): number
        case .code(let code): Int64(code)
        case .codes(let bits): Int64(bitPattern: bits)
        case .flag(let flag): flag ? 1 : 0
        case .date(let date): Int64(date.daysSince1970)
        case .month(let month): Int64(month.year * 12 + month.month)
        case .dateTime(let minute): minute.minutesSince1970
        case .risk(let risk): Int64(risk.denominator) << 2 | Int64(risk.comparator.rawValue)
        case .absent, .notDone, .text: 0
        }
    }

    /// The day in a field of days or of days with times.
    package func day(_ ordinal: Int) -> CalendarDate? {
        switch value(ordinal).expose() {
        case .date(let date): date
        case .dateTime(let minute): minute.day
        default: nil
        }
    }

    /// The screening risk in a field.
    package func risk(_ ordinal: Int) -> ScreeningRisk? {
        if case .risk(let risk) = value(ordinal).expose() { risk } else { nil }
    }

    /// The UTF-8 bytes of a text value.
    package func text(_ ordinal: Int) -> ArraySlice<UInt8>? {
        if case .text(let range) = value(ordinal).expose() { batch.arena[range] } else { nil }
    }

    /// Whether reading the row already found something wrong with a field.
    func hasFinding(on field: String) -> Bool {
        batch.findings.contains { $0.row == row && $0.finding.field == field }
    }
}

/// Every kind of rule there is: a new one is a file in `Rules/` and a line here.
package let ruleKinds: [any Rule.Type] = [
    AgeGiven.self, AgeOnDay.self, AnswerHasText.self, BirthDateOfIDNumber.self, BodyMassIndex.self,
    BornByArrival.self, BothSpouses.self, CodesHoldOnDay.self, Completeness.self,
    ConsentCovers.self, ConsentGiven.self, CountOfGroups.self, DateWindow.self,
    DesignatedInstitution.self,
    Difference.self, DifferentPersons.self, DifferentTexts.self, DivisionName.self, DoneWithin.self,
    EarlierFollowUp.self, EntrustedInstitution.self, FertilityPolicy.self, FetalSexMasked.self,
    Finished.self,
    FirstPregnancyAge.self, FloatingFlag.self, GestationalAgeGiven.self, GestationalWindow.self,
    Implies.self, LocalRegistration.self, Mandatory.self, MandatoryInForms.self,
    NIPTConclusion.self, NotAfter.self, NotAfterArrival.self, NotBefore.self, NotTogether.self,
    OncePerChildOrder.self, ParentAndChildren.self, PlausibleRange.self, ProvinceBearsName.self,
    QualifiedInstitution.self, QualityReference.self, RealName.self, Residence.self,
    ResidenceSince.self, RiskConclusion.self, ServedHere.self, SexOfIDNumber.self,
    StaffOfInstitution.self, SubsidisedTest.self, Sum.self, UpgradedIDNumber.self,
]

extension Section {
    /// The ordinal of the field that a key names.
    mutating func field(_ key: String, in dictionary: ElementDictionary) throws(DefinitionError)
        -> Int
    {
        let name = try text(key)
        guard let ordinal = dictionary.ordinal(of: name) else {
            throw error(at: key, "项目没有字段 “\(name)”。", "The programme has no field \(name).")
        }
        return ordinal
    }

    /// The ordinal of a code in the list of a field.
    mutating func code(_ key: String, of field: Int, in dictionary: ElementDictionary)
        throws(DefinitionError) -> Int
    {
        let code = try text(key)
        guard case .code(let list) = dictionary.elements[field].kind,
            let ordinal = list.ordinal(of: code)
        else {
            throw error(at: key, "字段的代码表没有 “\(code)”。", "The field's list has no \(code).")
        }
        return ordinal
    }

    /// The subject that a key names by its role.
    mutating func subject(_ key: String, in dictionary: ElementDictionary) throws(DefinitionError)
        -> Int
    {
        let role = try text(key)
        guard let subject = dictionary.subjects.firstIndex(where: { $0.role == role }) else {
            throw error(at: key, "没有服务对象 “\(role)”。", "There is no subject \(role).")
        }
        return subject
    }
}
