package import Definitions
package import Mappings
package import Records

/// The rules of one programme, compiled, and the two steps in which a batch passes them.
///
/// `examine` looks at each record alone and may run on any core; `decide` looks at records in their
/// order, since the first free check of a child order is the one that counts.
package struct RuleSet: Sendable {
    private let rules: [BoundRule]
    private let batchRules: [any BatchRule]
    private let once: OncePerChildOrder?
    private let consent: ConsentCovers?
    private let given: ConsentGiven?
    private let finished: Finished?
    private let completeness: Completeness?
    private let spouses: BothSpouses?
    private let test: SubsidisedTest?
    private let local: LocalRegistration?
    private let realName: RealName?
    private let earlier: (bound: BoundRule, rule: EarlierFollowUp)?
    private let clear: NamedInClear
    /// What is looked for in the records of earlier items, too (跨批次).
    package let remembered: [RememberedKey]
    /// Codes that other rows decide: of the item, of items before it, of whoever had a free check
    /// first. Where those rows are gone nobody can judge them anew.
    package let codesOfOtherRows: Set<String>
    /// What each code says, for `shangbao explain`.
    package let codes: [CodeEntry]
    /// The tables beside the programme's file that rules read, e.g. `words/fetal-sex`.
    package let tables: [String]

    /// Reads the `rules:` list of a programme's file.
    package init(_ section: inout Section, dictionary: ElementDictionary) throws(DefinitionError) {
        var rules: [BoundRule] = []
        var batchRules: [any BatchRule] = []
        var words = RuleWords()
        var codesOfOtherRows: Set = [ValidationCodes.copy.code]
        let spoken = SpokenDictionaries(dictionary)
        for var item in try section.sections("rules") {
            let name = try item.text("rule")
            let code = try item.text("code")
            try words.add(&item, code: code)
            for spoken in try spoken.of(&item) {
                var entry = item
                if let kind = batchRuleKinds.first(where: { $0.name == name }) {
                    codesOfOtherRows.insert(code)
                    batchRules.append(try kind.init(&entry, dictionary: spoken, code: code))
                    try entry.finish()
                } else {
                    rules.append(
                        try BoundRule(
                            try RuleSet.kind(name, item), &entry, dictionary: spoken, code: code))
                }
            }
        }
        self.batchRules = batchRules
        self.rules = rules
        if let once = rules.lazy.compactMap({ $0.rule as? OncePerChildOrder }).first {
            codesOfOtherRows.insert(once.code)
        }
        self.codesOfOtherRows = codesOfOtherRows
        codes = words.codes
        tables = rules.compactMap { ($0.rule as? FetalSexMasked)?.table }
        once = rules.lazy.compactMap { $0.rule as? OncePerChildOrder }.first
        consent = rules.lazy.compactMap { $0.rule as? ConsentCovers }.first
        given = rules.lazy.compactMap { $0.rule as? ConsentGiven }.first
        finished = rules.lazy.compactMap { $0.rule as? Finished }.first
        completeness = rules.lazy.compactMap { $0.rule as? Completeness }.first
        spouses = rules.lazy.compactMap { $0.rule as? BothSpouses }.first
        test = rules.lazy.compactMap { $0.rule as? SubsidisedTest }.first
        local = rules.lazy.compactMap { $0.rule as? LocalRegistration }.first
        realName = rules.lazy.compactMap { $0.rule as? RealName }.first
        earlier =
            rules.lazy.compactMap { bound in
                (bound.rule as? EarlierFollowUp).map { (bound, $0) }
            }.first
        remembered = batchRules.compactMap(\.remembered)
        clear = NamedInClear(dictionary)
    }

    /// Whether a rule keeps at home what nobody consented to (知情同意).
    package var asksConsent: Bool { consent != nil || given != nil }

    /// The follow-up that should come before those that these rules look at, by name.
    package var earlierFollowUp: String? { earlier?.rule.record }

    private static func kind(_ name: String, _ section: Section) throws(DefinitionError)
        -> any Rule.Type
    {
        if let kind = ruleKinds.first(where: { $0.name == name }) { return kind }
        let known = (ruleKinds.map { $0.name } + batchRuleKinds.map { $0.name })
            .joined(separator: ", ")
        throw section.error(
            at: "rule", "不认识的规则 “\(name)”；可用：\(known)。", "Unknown rule \(name); known: \(known).")
    }

    /// What the rules over rows remember before the first batch of an item.
    package var watch: ItemWatch { ItemWatch(batchRules) }

    /// Looks at each record of a batch alone.
    package func examine(_ batch: RecordBatch, _ context: RuleContext) -> ExaminedBatch {
        var batch = batch
        var outcomes: [RowOutcome] = []
        outcomes.reserveCapacity(batch.count)
        var reading = batch.findings[...]
        for row in 0..<batch.count {
            var findings: [Finding] = []
            while let next = reading.first, next.row == row {
                findings.append(next.finding)
                reading.removeFirst()
            }
            let known = batch.awaited[row].map(context.awaiting) ?? context
            // The record is judged as it was filled in; then what consent does not cover goes.
            check(RecordRow(batch: batch, row: row), known, into: &findings)
            let withheld = consent?.withheld(RecordRow(batch: batch, row: row)) ?? []
            if !withheld.isEmpty {
                withhold(withheld, from: &batch, row, known, &findings)
            }
            if findings.count > 1 { findings = RuleSet.once(findings) }
            outcomes.append(
                outcome(
                    of: RecordRow(batch: batch, row: row), findings, known,
                    isNarrowed: !withheld.isEmpty))
            // Eligibility needed these answers; from here on nobody does.
            for subject in consent?.uncovered(RecordRow(batch: batch, row: row)) ?? [] {
                batch.withhold(answersAbout: subject, row: row)
            }
            if !withheld.isEmpty { batch.withholdAnswersAboutBoth(row: row) }
            if let followUp = batch.dictionary.followUp { batch.keep(followUp, row: row) }
        }
        return ExaminedBatch(batch: batch, outcomes: outcomes, context: context)
    }

    private func check(
        _ record: RecordRow, _ context: RuleContext, into findings: inout [Finding]
    ) {
        for rule in rules { rule.check(record, context, into: &findings) }
        clear.check(record, into: &findings)
    }

    /// Takes the parts of persons whom consent does not cover out of a row, and with them
    /// what was found in them: it stops nobody else's part. What could not be read is still told.
    private func withhold(
        _ subjects: [Int], from batch: inout RecordBatch, _ row: Int, _ context: RuleContext,
        _ findings: inout [Finding]
    ) {
        let dictionary = batch.dictionary
        let unread = batch.findings.lazy.filter { $0.row == row }.map(\.finding)
        findings = findings.compactMap { finding in
            if finding.code == spouses?.code { return nil }
            guard let ordinal = finding.field.flatMap(dictionary.ordinal(of:)),
                let subject = dictionary.subject(of: dictionary.elements[ordinal]),
                subjects.contains(subject)
            else { return finding }
            guard unread.contains(finding) else { return nil }
            return Finding(code: finding.code, effect: .warning, field: finding.field)
        }
        for subject in subjects { batch.withhold(subject: subject, row: row) }
        if let consent { findings.append(consent.withheldFinding) }
        // What is left is a file of one spouse.
        spouses?.check(RecordRow(batch: batch, row: row), context, into: &findings)
    }

    /// Each finding once: two entries of one check may say the same of a field.
    private static func once(_ findings: [Finding]) -> [Finding] {
        findings.enumerated().filter { place, finding in
            !findings[..<place].contains(finding)
        }.map(\.element)
    }

    private func outcome(
        of record: RecordRow, _ findings: [Finding], _ context: RuleContext, isNarrowed: Bool
    ) -> RowOutcome {
        let effect = findings.map(\.effect).max() ?? .warning
        let isIncomplete = completeness.map { rule in
            findings.contains { $0.code == rule.code }
        }
        return RowOutcome(
            fate: Fate(effect), findings: findings,
            traits: SettlementTraits(
                isFree: record.batch.dictionary.followUp == nil && once?.isFree(record) ?? true,
                spouses: spouses?.examined(in: record)
                    ?? record.batch.dictionary.subjects.indices.map(record.hasSubject),
                isComplete: isIncomplete != true && test?.hasResult(record) ?? true,
                service: record.batch.dictionary.followUp?.name ?? test?.serviceName(of: record),
                attempt: test?.attempt(of: record),
                isLocal: local?.isLocal(record),
                isRealName: realName?.isKnown(record, context)),
            isConsentWithdrawn: consent?.isWithdrawn(record) ?? given?.isDenied(record) ?? false,
            isNarrowed: isNarrowed)
    }

    /// Decides the only batch of an item, or rows that are decided again.
    package func decide(
        _ examined: ExaminedBatch, standing: [CaseStanding],
        entitlements: inout some EntitlementRegister
    ) -> DecidedBatch {
        var watch = watch
        return decide(examined, standing: standing, entitlements: &entitlements, watch: &watch)
    }

    /// Decides each record in its order: what is known already, what the rows before say of it, and
    /// who had the free check first.
    ///
    /// - Parameters:
    ///   - standing: for each row what the register says of its case.
    ///   - entitlements: asked and told row by row.
    ///   - watch: of the item, after the batches before this one.
    package func decide(
        _ examined: ExaminedBatch, standing: [CaseStanding],
        entitlements: inout some EntitlementRegister, watch: inout ItemWatch
    ) -> DecidedBatch {
        var outcomes = examined.outcomes
        var accepted: [Int] = []
        look(examined, standing, &outcomes, &watch, entitlements)
        for row in outcomes.indices {
            switch standing[row] {
            case .unchanged: outcomes[row].fate = .unchanged
            case .copy:
                outcomes[row].fate = .superseded
                outcomes[row].findings.append(
                    Finding(code: ValidationCodes.copy.code, effect: .superseded))
            case .orphan where outcomes[row].fate == .sent:
                outcomes[row].fate = .held
                outcomes[row].findings.append(
                    Finding(code: ValidationCodes.orphan.code, effect: .held))
            case .waiting where outcomes[row].fate == .sent:
                outcomes[row].fate = .held
                outcomes[row].findings.append(
                    Finding(code: ValidationCodes.waiting.code, effect: .held))
            case .waiting where outcomes[row].isConsentWithdrawn:
                // Whether there is anything to take back, the earlier version's answer will tell.
                outcomes[row].fate = .held
                outcomes[row].findings.append(
                    Finding(code: ValidationCodes.waiting.code, effect: .held))
            case .due
            where outcomes[row].isConsentWithdrawn && entitlements.isInForce(row: row):
                outcomes[row].fate = .withdrawn
            case .due, .waiting, .orphan:
                decideOnce(examined, row, &outcomes[row], &entitlements)
                if outcomes[row].fate == .sent { accepted.append(row) }
            }
        }
        return DecidedBatch(
            checked: CheckedBatch(batch: examined.batch, rows: accepted), outcomes: outcomes)
    }

    /// What the other rows of a batch and the records of earlier items say of each row; what is
    /// known already is not counted twice.
    private func look(
        _ examined: ExaminedBatch, _ standing: [CaseStanding], _ outcomes: inout [RowOutcome],
        _ watch: inout ItemWatch, _ register: some EntitlementRegister
    ) {
        let rows = outcomes.indices.filter { row in
            switch standing[row] {
            case .unchanged, .copy: false
            case .due, .waiting, .orphan: true
            }
        }
        let known = outcomes.map(\.findings.count)
        for row in rows {
            watch.look(
                at: RecordRow(batch: examined.batch, row: row),
                arrivedOn: examined.context.arrivedOn, into: &outcomes[row].findings)
        }
        if watch.looksBack {
            for row in rows {
                watch.lookBack(
                    at: RecordRow(batch: examined.batch, row: row), into: &outcomes[row].findings)
            }
        }
        for row in rows {
            let changed = ask(register, of: row, examined, known[row], &outcomes[row].findings)
            guard changed || outcomes[row].findings.count > known[row] else { continue }
            outcomes[row].fate = Fate(outcomes[row].findings.map(\.effect).max() ?? .warning)
        }
    }

    /// What records of earlier items say of a row: keys that they hold, a follow-up that came
    /// before.
    ///
    /// - Returns: whether something was said or taken back.
    private func ask(
        _ register: some EntitlementRegister, of row: Int, _ examined: ExaminedBatch, _ known: Int,
        _ findings: inout [Finding]
    ) -> Bool {
        let before = findings.count
        for (place, memory) in remembered.enumerated()
        where register.isRepeated(row: row, memory: place)
            && !findings[known...].contains(memory.finding)
        {
            findings.append(memory.finding)
        }
        var isChanged = findings.count > before
        if let earlier, let isThere = register.hasEarlierFollowUp(row: row) {
            let record = RecordRow(batch: examined.batch, row: row)
            let count = findings.count
            earlier.rule.tell(isThere, of: record, examined.context, &findings) {
                earlier.bound.applies(to: record, examined.context)
            }
            isChanged = isChanged || findings.count != count
        }
        return isChanged
    }

    private func decideOnce(
        _ examined: ExaminedBatch, _ row: Int, _ outcome: inout RowOutcome,
        _ entitlements: inout some EntitlementRegister
    ) {
        guard let once, outcome.fate == .sent else { return }
        let isTaken = entitlements.isTaken(row: row)
        if isTaken {
            // The clinic decides; nothing is turned into 自费 silently (DOMAIN 0.4 on R-05).
            let effect: FindingEffect = outcome.traits.isFree ? .quarantined : .warning
            outcome.findings.append(
                Finding(code: once.code, effect: effect, field: once.payerName))
            outcome.fate = Fate(max(effect, outcome.findings.map(\.effect).max() ?? .warning))
        } else if outcome.traits.isFree {
            entitlements.take(row: row)
        }
    }
}

/// A batch that passed the rules that look at one record alone.
package struct ExaminedBatch: Sendable {
    package let batch: RecordBatch
    package let outcomes: [RowOutcome]
    /// What the rules knew of the item.
    let context: RuleContext

    fileprivate init(batch: RecordBatch, outcomes: [RowOutcome], context: RuleContext) {
        self.batch = batch
        self.outcomes = outcomes
        self.context = context
    }
}

/// The fate of every row of a batch, and the records that passed every rule of their programme.
package struct DecidedBatch: Sendable {
    package let checked: CheckedBatch
    package let outcomes: [RowOutcome]
}

/// Records that passed every rule (已校验记录). Clear. Only `RuleSet.decide` makes one.
package struct CheckedBatch: Sendable {
    package let batch: RecordBatch
    /// The rows of `batch` that passed.
    package let rows: [Int]

    fileprivate init(batch: RecordBatch, rows: [Int]) {
        self.batch = batch
        self.rows = rows
    }
}
