import Definitions
import Mappings
import Records

/// What of a test money depends on: which service it is, whether it gave a result, and
/// whether it repeats one that gave none. What gave none yet is sent, and shown.
struct SubsidisedTest: Rule {
    static let name = "subsidisedTest"
    static let summary = Wording(
        zh: "补助按检测的项目和结果计算；没有结果或检测失败的照常上报，暂不结算。",
        en: "A subsidy follows the service and its result; what gave none is sent and not paid yet."
    )
    private let type: Int
    private let services: [Service]
    private let redraw: Int
    private let code: String

    private struct Service: Sendable {
        let type: Int
        let name: String
        let result: Int
        let resultName: String
        /// The code of a result that says that the test failed, where it may fail.
        let failed: Int?
    }

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        let type = try section.field("type", in: dictionary)
        redraw = try section.field("redraw", in: dictionary)
        var services: [Service] = []
        for var item in try section.sections("services") {
            let result = try item.field("result", in: dictionary)
            services.append(
                Service(
                    type: try item.code("is", of: type, in: dictionary),
                    name: try item.text("service"), result: result,
                    resultName: dictionary.elements[result].name,
                    failed: item.has("failed")
                        ? try item.code("failed", of: result, in: dictionary) : nil))
            try item.finish()
        }
        guard !services.isEmpty else {
            throw section.error("缺少 “services”。", "services is missing.")
        }
        self.type = type
        self.services = services
        self.code = code
    }

    private func service(of record: RecordRow) -> Service? {
        record.code(type).flatMap { type in services.first { $0.type == type } }
    }

    /// The service's name as funding files use it.
    func serviceName(of record: RecordRow) -> String? { service(of: record)?.name }

    /// Whether the test gave a result, a failure included.
    func hasResult(_ record: RecordRow) -> Bool {
        service(of: record).map { record.value($0.result).isResult } ?? false
    }

    /// What the test is to another of the same pregnancy.
    func attempt(of record: RecordRow) -> TestAttempt? {
        guard let service = service(of: record), let failed = service.failed else { return nil }
        let isFailed = record.code(service.result) == failed
        let isRedraw = record.flag(redraw) == true
        return isFailed ? (isRedraw ? .failedRedraw : .failed) : isRedraw ? .redraw : nil
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let service = service(of: record), !record.hasFinding(on: service.resultName) else {
            return
        }
        if !hasResult(record) || attempt(of: record) == .failed {
            findings.append(Finding(code: code, effect: .warning, field: service.resultName))
        }
    }
}

/// Registered in the place that subsidises (户籍), by the first digits of the division. Others
/// are sent as well; whether they are paid for is a parameter of the funding file.
struct LocalRegistration: Rule {
    static let name = "localRegistration"
    static let summary = Wording(
        zh: "户籍地在补助范围内；不在范围内的照常上报，是否补助由结算参数决定。",
        en: "Registered where the subsidy applies; others are sent, and paid by a parameter.")
    private let field: Int
    private let fieldName: String
    private let places: [[UInt8]]
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        places = try section.texts("places").map { Array($0.utf8) }
        guard !places.isEmpty else {
            throw section.error("缺少 “places”。", "places is missing.")
        }
        self.code = code
    }

    /// Whether she is registered here; `nil` where the record does not say.
    func isLocal(_ record: RecordRow) -> Bool? {
        record.text(field).map { division in places.contains { division.starts(with: $0) } }
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if isLocal(record) == false {
            findings.append(Finding(code: code, effect: .warning, field: fieldName))
        }
    }
}

/// A person is known by name (实名制): a verified number of the kind that can be verified, and all
/// else that ties the test to her. Others are sent; a person decides on their money.
struct RealName: Rule {
    static let name = "realName"
    static let summary = Wording(
        zh: "实名：可核验的证件及所列各项齐全；否则照常上报，暂不结算。",
        en: "Known by name: a verifiable document and all fields listed; else sent and not paid.")
    private let document: FieldTest
    private let others: [(ordinal: Int, name: String)]
    /// What people write where there is nothing yet (待补), UTF-8 in upper case.
    private let placeholders: Set<[UInt8]>
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        var document = try section.section("document")
        self.document = try FieldTest(&document, dictionary: dictionary)
        try document.finish()
        others = try section.someFields("fields", in: dictionary)
            .map { ($0, dictionary.elements[$0].name) }
        placeholders = Set(try section.texts("placeholders").map { Array($0.uppercased().utf8) })
        self.code = code
    }

    /// Whether the record names a person that can be verified.
    func isKnown(_ record: RecordRow, _ context: RuleContext) -> Bool {
        document.holds(record, context) == true
            && others.allSatisfy { isGiven($0.ordinal, record) }
    }

    /// Whether something is written that says something: no placeholder, and not one sign over and
    /// over (`####`, `000`).
    private func isGiven(_ ordinal: Int, _ record: RecordRow) -> Bool {
        guard let text = record.text(ordinal) else { return !record.value(ordinal).isAbsent }
        let bytes = text.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }
        guard let first = bytes.first, !placeholders.contains(bytes) else { return false }
        return first >= 0x80 || bytes.contains { $0 != first }
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        if document.holds(record, context) != true {
            findings.append(Finding(code: code, effect: .warning, field: document.name))
        }
        for (ordinal, name) in others
        where !isGiven(ordinal, record) && !record.hasFinding(on: name) {
            findings.append(Finding(code: code, effect: .warning, field: name))
        }
    }
}

/// An institution, where one is named, may do its service on the day (R-38, L-100).
struct QualifiedInstitution: Rule {
    static let name = "qualifiedInstitution"
    static let summary = Wording(
        zh: "机构当日具有该项服务的资格（qualified.csv）。",
        en: "The institution is qualified for the service on the day (qualified.csv).")
    private let field: Int
    private let fieldName: String
    private let day: Int
    private let service: QualifiedInstitutions.Service
    private let effect: FindingEffect
    private let code: String

    init(_ section: inout Section, dictionary: ElementDictionary, code: String)
        throws(DefinitionError)
    {
        field = try section.field("field", in: dictionary)
        fieldName = dictionary.elements[field].name
        day = try section.field("on", in: dictionary)
        guard
            let service = try section.choice("service", of: QualifiedInstitutions.Service.self)
        else { throw section.error("缺少 “service”。", "service is missing.") }
        self.service = service
        effect = try section.effect()
        self.code = code
    }

    func check(_ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]) {
        guard let day = record.day(day), let institution = record.text(field) else { return }
        // Without a list nobody is known to be qualified.
        let isQualified = institution.withUnsafeBufferPointer {
            context.qualified?.isQualified($0, for: service, on: day) ?? false
        }
        if !isQualified {
            findings.append(Finding(code: code, effect: effect, field: fieldName))
        }
    }
}
