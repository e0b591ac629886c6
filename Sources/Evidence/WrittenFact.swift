import Records

/// Reads the facts of which a year has hundreds of thousands, from just the text that this program
/// writes: keys sorted, no spaces, no escapes.
///
/// Whatever is written otherwise is `Unusual` and is read by an ordinary JSON decoder: a text that
/// is accepted here means there the same.
struct WrittenFact {
    /// Not what this program writes of one of these facts.
    struct Unusual: Error {}

    private var text: WrittenText
    /// What the record before had: most of a submission's records have the same.
    private var institution = WrittenText.Repeated<String>()
    private var traits = WrittenText.Repeated<SettlementTraits>()
    private var month = WrittenText.Repeated<CalendarMonth>()

    /// The fact of a body; `nil` where it is another fact or is not written as usual.
    static func fact(_ body: String) -> Fact? {
        var body = body
        return body.withUTF8 { bytes in
            var reading = WrittenFact(text: WrittenText(bytes))
            return try? reading.fact()
        }
    }

    private init(text: WrittenText) {
        self.text = text
    }

    private mutating func fact() throws(Unusual) -> Fact {
        let fact: Fact
        if text.takes("{\"acknowledged\":{\"_0\":") {
            fact = .acknowledged(try acknowledged())
        } else if text.takes("{\"enqueued\":{\"_0\":") {
            fact = .enqueued(try enqueued())
        } else if text.takes("{\"taken\":{\"_0\":") {
            fact = .taken(try taken())
        } else if text.takes("{\"attempted\":{\"_0\":") {
            fact = .attempted(try attempted())
        } else if text.takes("{\"onWire\":{\"_0\":") {
            fact = .onWire(try onWire())
        } else if text.takes("{\"receiptKept\":{\"_0\":") {
            fact = .receiptKept(try receiptKept())
        } else {
            throw Unusual()
        }
        try text.take("}}")
        guard text.isAtEnd else { throw Unusual() }
        return fact
    }

    private mutating func onWire() throws(Unusual) -> Fact.OnWire {
        try text.take("{\"attempt\":")
        let attempt = try text.number()
        try text.take(",\"submission\":")
        let submission = SubmissionID(try text.string())
        try text.take("}")
        return Fact.OnWire(submission: submission, attempt: attempt)
    }

    private mutating func attempted() throws(Unusual) -> Fact.Attempted {
        try text.take("{\"attempt\":")
        let attempt = try text.number()
        try text.take(",\"outcome\":")
        let outcome = try text.string()
        try text.take(",\"state\":")
        let state = try text.string()
        try text.take(",\"submission\":")
        let submission = SubmissionID(try text.string())
        try text.take("}")
        return Fact.Attempted(
            submission: submission, attempt: attempt, state: state, outcome: outcome)
    }

    private mutating func receiptKept() throws(Unusual) -> Fact.ReceiptKept {
        try text.take("{\"disposition\":")
        let disposition = try text.string()
        let grade = text.takes(",\"grade\":") ? try grade() : nil
        try text.take(",\"receipt\":")
        let receipt = try text.string()
        let submission =
            text.takes(",\"submission\":") ? SubmissionID(try text.string()) : nil
        try text.take("}")
        return Fact.ReceiptKept(
            receipt: receipt, submission: submission, disposition: disposition, grade: grade)
    }

    private mutating func grade() throws(Unusual) -> AnswerGrade {
        guard let grade = AnswerGrade(rawValue: try text.string()) else { throw Unusual() }
        return grade
    }

    // MARK: - Answers

    private mutating func acknowledged() throws(Unusual) -> Fact.Acknowledged {
        try text.take("{")
        var grade: AnswerGrade?
        if text.takes("\"grade\":") {
            grade = try self.grade()
            try text.take(",")
        }
        try text.take("\"receipt\":")
        let receipt = try text.string()
        try text.take(",\"submission\":")
        let submission = SubmissionID(try text.string())
        try text.take(",\"verdicts\":")
        let verdicts = try list { (reading) throws(Unusual) in try reading.verdict() }
        try text.take("}")
        return Fact.Acknowledged(
            submission: submission, receipt: receipt, verdicts: verdicts, grade: grade)
    }

    private mutating func verdict() throws(Unusual) -> RecordVerdict {
        try text.take("{")
        var (code, field, serial): (String?, String?, String?)
        if text.takes("\"code\":") {
            code = try text.string()
            try text.take(",")
        }
        if text.takes("\"field\":") {
            field = try text.string()
            try text.take(",")
        }
        try text.take("\"record\":")
        let record = RecordID(try text.string())
        if text.takes(",\"serial\":") { serial = try text.string() }
        try text.take(",\"verdict\":")
        let verdict = try verdictWord()
        try text.take(",\"version\":")
        let version = try text.number()
        try text.take("}")
        return RecordVerdict(
            record: record, version: version, verdict: verdict, code: code, serial: serial,
            field: field)
    }

    private mutating func verdictWord() throws(Unusual) -> Verdict {
        if text.takes("\"accepted\"") { return .accepted }
        guard let verdict = Verdict(rawValue: try text.string()) else { throw Unusual() }
        return verdict
    }

    // MARK: - Rows

    private mutating func taken() throws(Unusual) -> Fact.Taken {
        try text.take("{\"intake\":")
        let intake = IntakeID(try text.string())
        try text.take(",\"kept\":")
        let kept = try list { (reading) throws(Unusual) in try reading.keptRow() }
        try text.take(",\"nextRow\":")
        let nextRow = try text.number()
        try text.take(",\"rows\":")
        let rows = try text.number()
        try text.take(",\"unchanged\":")
        let unchanged = try text.number()
        try text.take("}")
        return Fact.Taken(
            intake: intake, nextRow: nextRow, rows: rows, unchanged: unchanged, kept: kept)
    }

    private mutating func keptRow() throws(Unusual) -> Fact.KeptRow {
        try text.take("{\"fate\":")
        let fate = try text.string()
        try text.take(",\"findings\":")
        let findings = try findings()
        let institution = text.takes(",\"institution\":") ? try institutionCode() : nil
        let month = text.takes(",\"month\":") ? try calendarMonth() : nil
        let record = text.takes(",\"record\":") ? RecordID(try text.string()) : nil
        try text.take(",\"row\":")
        let row = try text.number()
        let traits = text.takes(",\"traits\":") ? try settlementTraits() : nil
        try text.take(",\"version\":")
        let version = try text.number()
        try text.take("}")
        return Fact.KeptRow(
            row: row, record: record, version: version, fate: fate, findings: findings,
            institution: institution, month: month, traits: traits)
    }

    private mutating func findings() throws(Unusual) -> [Finding] {
        try list { (reading) throws(Unusual) in
            try reading.text.take("{\"code\":")
            let code = try reading.text.string()
            try reading.text.take(",\"effect\":")
            guard let effect = FindingEffect(rawValue: try reading.text.string()) else {
                throw Unusual()
            }
            let field =
                reading.text.takes(",\"field\":") ? try reading.text.string() : nil
            try reading.text.take("}")
            return Finding(code: code, effect: effect, field: field)
        }
    }

    // MARK: - Submissions

    private mutating func enqueued() throws(Unusual) -> Fact.Enqueued {
        try text.take("{")
        var approval: String?
        if text.takes("\"approval\":") {
            approval = try text.string()
            try text.take(",")
        }
        try text.take("\"digest\":")
        let digest = try text.string()
        try text.take(",\"digestSM3\":")
        let digestSM3 = try text.string()
        let intake = text.takes(",\"intake\":") ? IntakeID(try text.string()) : nil
        let isWithoutRows = text.takes(",\"isWithoutRows\":") ? try text.flag() : nil
        try text.take(",\"mappingDigest\":")
        let mappingDigest = try text.string()
        try text.take(",\"profile\":")
        let profile = try text.string()
        try text.take(",\"programme\":")
        let programme = try text.string()
        try text.take(",\"records\":")
        let records = try list { (reading) throws(Unusual) in try reading.submittedRecord() }
        var rows: [Int]?
        if text.takes(",\"rows\":") {
            rows = try list { (reading) throws(Unusual) in try reading.text.number() }
        }
        try text.take(",\"signingKey\":")
        let signingKey = try text.string()
        try text.take(",\"submission\":")
        let submission = SubmissionID(try text.string())
        try text.take(",\"suite\":")
        let suite = try text.string()
        try text.take(",\"warnings\":")
        let warnings = try warnings()
        try text.take("}")
        return Fact.Enqueued(
            submission: submission, programme: programme, profile: profile, suite: suite,
            digest: digest, digestSM3: digestSM3, signingKey: signingKey,
            mappingDigest: mappingDigest, approval: approval, records: records,
            warnings: warnings, isWithoutRows: isWithoutRows, intake: intake, rows: rows)
    }

    private mutating func warnings() throws(Unusual) -> [Int: [Finding]] {
        try text.take("{")
        var warnings: [Int: [Finding]] = [:]
        while !text.takes("}") {
            if !warnings.isEmpty { try text.take(",") }
            try text.take("\"")
            let place = try text.number()
            try text.take("\":")
            guard place >= 0, warnings.updateValue(try findings(), forKey: place) == nil else {
                throw Unusual()
            }
        }
        return warnings
    }

    private mutating func submittedRecord() throws(Unusual) -> SubmittedRecord {
        try text.take("{\"action\":")
        let action = try recordAction()
        let childOrder = text.takes(",\"childOrder\":") ? try text.number() : nil
        let claimant = text.takes(",\"claimant\":") ? try text.string() : nil
        let before = text.takes(",\"claimantBefore\":") ? try text.string() : nil
        let dueOn = text.takes(",\"dueOn\":") ? try text.day() : nil
        try text.take(",\"institution\":")
        let institution = try institutionCode()
        try text.take(",\"record\":")
        let record = RecordID(try text.string())
        try text.take(",\"servedOn\":")
        let servedOn = try text.day()
        try text.take(",\"traits\":")
        let traits = try settlementTraits()
        try text.take(",\"version\":")
        let version = try text.number()
        try text.take("}")
        return SubmittedRecord(
            record: record, version: version, action: action, institution: institution,
            servedOn: servedOn, traits: traits, claimant: claimant, childOrder: childOrder,
            dueOn: dueOn, claimantBefore: before)
    }

    private mutating func recordAction() throws(Unusual) -> RecordAction {
        if text.takes("\"submit\"") { return .submit }
        guard let action = RecordAction(rawValue: try text.string()) else { throw Unusual() }
        return action
    }

    private mutating func institutionCode() throws(Unusual) -> String {
        if let known = text.takes(institution) { return known }
        let start = text.place
        let code = try text.string()
        institution = text.remembered(code, from: start)
        return code
    }

    private mutating func calendarMonth() throws(Unusual) -> CalendarMonth {
        if let known = text.takes(month) { return known }
        let start = text.place
        guard let found = CalendarMonth(iso: try text.string()) else { throw Unusual() }
        month = text.remembered(found, from: start)
        return found
    }

    private mutating func settlementTraits() throws(Unusual) -> SettlementTraits {
        if let known = text.takes(traits) { return known }
        let start = text.place
        let found = try writtenTraits()
        traits = text.remembered(found, from: start)
        return found
    }

    private mutating func writtenTraits() throws(Unusual) -> SettlementTraits {
        try text.take("{")
        var attempt: TestAttempt?
        if text.takes("\"attempt\":") {
            attempt = TestAttempt(rawValue: try text.string())
            guard attempt != nil else { throw Unusual() }
            try text.take(",")
        }
        try text.take("\"isComplete\":")
        let isComplete = try text.flag()
        try text.take(",\"isFree\":")
        let isFree = try text.flag()
        let isLocal = text.takes(",\"isLocal\":") ? try text.flag() : nil
        let isRealName = text.takes(",\"isRealName\":") ? try text.flag() : nil
        let service = text.takes(",\"service\":") ? try text.string() : nil
        try text.take(",\"spouses\":")
        let spouses = try list { (reading) throws(Unusual) in try reading.text.flag() }
        try text.take("}")
        return SettlementTraits(
            isFree: isFree, spouses: spouses, isComplete: isComplete, service: service,
            attempt: attempt, isLocal: isLocal, isRealName: isRealName)
    }

    private mutating func list<Element>(
        _ element: (inout WrittenFact) throws(Unusual) -> Element
    ) throws(Unusual) -> [Element] {
        try text.take("[")
        var elements: [Element] = []
        while !text.takes("]") {
            if !elements.isEmpty { try text.take(",") }
            elements.append(try element(&self))
        }
        return elements
    }
}
