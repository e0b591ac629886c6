import Records

/// What follows a result (追踪): recall, counselling, diagnosis and outcome, each after its delay.
struct PregnancyCourse {
    private unowned let pregnancy: InventedPregnancy
    /// Recalled, counselled and diagnosed without fail, for a defect to change.
    private let isExemplary: Bool

    init(_ pregnancy: InventedPregnancy, isExemplary: Bool) {
        self.pregnancy = pregnancy
        self.isExemplary = isExemplary
    }

    /// - Parameter trisomy: the chromosome that a diagnosis finds thrice.
    func add(isHigh: Bool, trisomy: Int?, _ random: inout RandomStream) {
        var isFound = false
        var isLost = false
        if isHigh {
            let way = random.below(100)
            let result = isExemplary || way < 85 ? "1" : way < 93 ? "2" : "3"
            recall(result: result, &random)
            isLost = result == "3"
            if result == "1" { isFound = diagnose(trisomy, &random) }
        }
        if isFound {
            end("2", after: 7, &random)
        } else if !isExemplary, isLost || random.chance(0.04) {
            lose(&random)
        } else if !isExemplary, random.chance(0.02), !isHigh {
            end("1", after: random.within(10...20), &random)
        } else {
            deliver(&random)
        }
    }

    private func recall(result: String, _ random: inout RandomStream) {
        let day = pregnancy.reportedOn.adding(days: random.within(0...6))
        pregnancy["recallNoticeTime"] = .moment(day, minute: random.within(510...1020))
        pregnancy["recallMethod"] = .code(random.pick(["1", "1", "1", "2", "3", "4"]))
        pregnancy["recallResult"] = .code(result)
        guard result == "1" else { return }
        pregnancy["counselDate"] = .day(day.adding(days: random.within(1...3)))
        pregnancy["counselAdvice"] = .text("建议介入性产前诊断")
    }

    /// - Returns: whether the trisomy was found.
    private func diagnose(_ trisomy: Int?, _ random: inout RandomStream) -> Bool {
        guard isExemplary || random.chance(0.9) else {
            pregnancy["pdDone"] = .code("2")
            pregnancy["pdRefusalReason"] = .code(random.pick(["3", "5", "6", "9"]))
            return false
        }
        // Age of the pregnancy ten days after the report; amniocentesis is from 16+0.
        let reported =
            pregnancy.days + Int(pregnancy.reportedOn.daysSince1970)
            - Int(pregnancy.sampledOn.daysSince1970)
        let isEarly = reported + 10 <= 98
        let at = isEarly ? reported + 10 : max(114, reported + random.within(10...18))
        pregnancy["pdDone"] = .code("1")
        pregnancy["pdMethod"] = .code(isEarly ? "1" : "2")
        pregnancy["pdGaDays"] = .number(Int64(at), places: 0)
        pregnancy["pdDate"] = .day(pregnancy.woman.due.adding(days: at - 280))
        pregnancy["pdTest"] = .codes(random.chance(0.5) ? ["1", "5"] : ["1"])
        pregnancy["pdOrgCode"] = .text(PregnancyInstitutions.diagnosing.code)
        pregnancy["pdDoctor"] = .text(InventedNames.staff(9))
        pregnancy["pdComplication"] = .code("0")
        pregnancy["pdResult"] = .code(trisomy == nil ? "1" : "2")
        pregnancy["pdKaryotype"] = .text(trisomy.map { "47,XN,+\($0)" } ?? "46,XN")
        return trisomy != nil
    }

    private func lose(_ random: inout RandomStream) {
        pregnancy["fetusFollowUp"] = .code("4")
        pregnancy["followUpDatePs"] = .day(followUpDay(&random))
    }

    /// An end before 28 weeks; nothing is said of a child.
    private func end(_ code: String, after days: Int, _ random: inout RandomStream) {
        pregnancy["fetusFollowUp"] = .code(code)
        pregnancy["followUpDatePs"] = .day(followUpDay(&random))
        pregnancy["followUpGaWeeks"] = .number(
            Int64(min(27, (pregnancy.days + 30 + days) / 7)), places: 0)
    }

    private func followUpDay(_ random: inout RandomStream) -> CalendarDate {
        pregnancy.woman.due.adding(days: 84 + random.below(30))
    }

    private func deliver(_ random: inout RandomStream) {
        let born = pregnancy.woman.due.adding(days: random.within(-18...5))
        let days = 280 + Int(born.daysSince1970 - pregnancy.woman.due.daysSince1970)
        pregnancy["fetusFollowUp"] = .code("3")
        pregnancy["followUpDatePs"] = .day(followUpDay(&random))
        pregnancy["followUpGaWeeks"] = .number(Int64(days / 7), places: 0)
        pregnancy["bornAlive"] = .flag(true)
        pregnancy["bornDatePs"] = .day(born)
        for field in ["bornT21", "bornT18", "bornNtd", "bornChromosomal"] {
            pregnancy[field] = .flag(false)
        }
        pregnancy["bornMalformation"] = .flag(!isExemplary && random.chance(0.006))
    }
}
