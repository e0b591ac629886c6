import Records

/// One screening test of an invented pregnancy (虚构筛查记录), with what followed from it.
final class InventedPregnancy {
    /// The row whose chance it is, counted from 0.
    let number: Int
    let woman: InventedWoman
    let sampledOn: CalendarDate
    let reportedOn: CalendarDate
    /// Gestational age at sampling, in days.
    let days: Int
    let test: PregnancyTest
    let method: String
    let institution: SampleInstitution
    /// By field; a field that is not here is an empty cell.
    var answers: [String: PregnancyAnswer]
    /// The row ends after so many columns.
    var columns: Int?
    /// Which row's spellings it takes: a copy takes its original's.
    var spelledAs: Int

    /// - Parameters:
    ///   - row: of the file, counted from 0.
    ///   - woman: of this row, or of the earlier row whose pregnancy it is.
    ///   - later: how many days after her first sample.
    init(
        row: Int, woman: InventedWoman, later: Int = 0, wish: PregnancyWish, world: InventedWorld
    ) {
        number = row
        spelledAs = row
        self.woman = woman
        var random = RandomStream(seed: world.request.seed &+ 7919, couple: row, .facts)
        sampledOn = woman.sampledOn.adding(days: later)
        days = woman.days + later
        test = later == 0 ? woman.test : wish.test ?? woman.test
        method = later == 0 ? woman.method : wish.method ?? woman.method
        institution = woman.institution
        let after = random.within(test == .serum ? 3...10 : 7...15)
        reportedOn = sampledOn.adding(days: wish.reportAfter ?? after)
        answers = woman.answers
        addSample(&random)
        let course = PregnancyCourse(self, isExemplary: wish.isHigh != nil)
        switch test {
        case .serum: addSerum(wish, course, &random)
        case .nipt: addNIPT(wish, course, &random)
        }
    }

    subscript(field: String) -> PregnancyAnswer? {
        get { answers[field] }
        set { answers[field] = newValue }
    }

    /// A day of the pregnancy by its number since the last period.
    func day(_ days: Int) -> CalendarDate { woman.lmp.adding(days: days) }

    static func recordNumber(_ row: Int) -> String {
        "DEMO-PS-" + InventedIDNumber.padded(row + 1, 7)
    }

    static func barcode(_ row: Int) -> String {
        "DEMO-B-" + InventedIDNumber.padded(row + 1, 7)
    }

    private func addSample(_ random: inout RandomStream) {
        answers["psRecordId"] = .text(InventedPregnancy.recordNumber(number))
        answers["sampleBarcode"] = .text(InventedPregnancy.barcode(number))
        answers["screenConsent"] = .flag(true)
        answers["screeningType"] = .code(test == .serum ? "1" : "2")
        answers["screeningMethod"] = .code(method)
        answers["screeningOrgCode"] = .text(institution.code)
        answers["screeningDoctor"] = .text(InventedNames.staff(woman.institutionNumber))
        answers["samplePlace"] = .text(institution.name)
        answers["sampleTime"] = .moment(sampledOn, minute: random.within(450...690))
        answers["gaAtSampleDays"] = .number(Int64(days), places: 0)
        answers["reportIssuer"] = .text(InventedNames.staff(woman.institutionNumber + 3))
        answers["reportDatePs"] = .day(reportedOn)
    }

    private func addSerum(
        _ wish: PregnancyWish, _ course: PregnancyCourse, _ random: inout RandomStream
    ) {
        let risk = SerumRisk.drawn(
            method: method, age: woman.ageAtDue, isHigh: wish.isHigh, &random)
        for marker in risk.markers {
            let hundredths = marker.hundredths
            answers[marker.field + "Mom"] = .number(hundredths, places: 2)
            switch marker.field {
            case "afp":
                answers["afp"] = .number(hundredths * 35, places: 2)
                answers["afpUnit"] = .code("U/mL")
            case "freeBetaHcg": answers["freeBetaHcg"] = .number(hundredths * 11, places: 2)
            case "ue3": answers["ue3"] = .number(hundredths * 45, places: 3)
            default: break
            }
        }
        answers["riskT21Denominator"] = .risk(risk.trisomy21)
        answers["riskT18Denominator"] = .risk(risk.trisomy18)
        answers["riskNtdDenominator"] = risk.neuralTube.map(PregnancyAnswer.risk)
        answers["riskSoftware"] = .text("示例软件 1.0")
        answers["serumConclusion"] = .code(risk.conclusion)
        if method == "2" { answers["ntMm"] = .number(Int64(random.within(9...24)), places: 1) }
        if woman.ageAtDue >= 35 { answers["counselAdvice"] = .text("高龄，建议产前诊断咨询") }
        let isHigh = risk.conclusion == "HIGH"
        let isAffected = isHigh && wish.isHigh == nil && random.chance(0.02)
        course.add(isHigh: isHigh, trisomy: isAffected ? 21 : nil, &random)
    }

    private func addNIPT(
        _ wish: PregnancyWish, _ course: PregnancyCourse, _ random: inout RandomStream
    ) {
        let indication = woman.ageAtDue >= 35 ? "3" : random.pick(["1", "2", "2", "4", "6"])
        answers["niptIndication"] = .codes([indication])
        for field in [
            "allogeneicTransfusion1y", "transplantHistory", "alloCellTherapy", "tumorPatient",
        ] {
            answers[field] = .flag(false)
        }
        let fraction = min(30, max(4.2, random.normal(11, 4)))
        answers["fetalFractionPct"] = .number(Int64((fraction * 100).rounded()), places: 2)
        let chromosomes = [21, 18, 13]
        var scores = chromosomes.map { _ in Int64((random.normal(0, 1) * 1000).rounded()) }
        let isAffected = wish.isHigh ?? random.chance(0.009)
        let place = wish.isHigh != nil ? 0 : random.index(weights: [60, 30, 10])
        if isAffected {
            let depth = min(20, max(5, random.normal(8, 2) * fraction / 11))
            scores[place] = Int64((depth * 1000).rounded())
        } else if wish.isHigh == false {
            scores = scores.map { $0 / 3 }
        }
        for (number, chromosome) in chromosomes.enumerated() {
            answers["zScoreT\(chromosome)"] = .number(scores[number], places: 3)
        }
        let highest = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        let isHigh = scores[highest] >= 3000
        answers["niptConclusion"] = .code(isHigh ? "HIGH" : "LOW")
        answers["niptLabOrgCode"] = .text(PregnancyInstitutions.laboratory.code)
        answers["niptTester"] = .text(InventedNames.staff(6))
        answers["niptReviewer"] = .text(InventedNames.staff(8))
        // How often a high score is confirmed (DOMAIN 7.3).
        let confirmed = [0.8, 0.6, 0.3][highest]
        let isReal = isHigh && wish.isHigh == nil && random.chance(confirmed)
        course.add(isHigh: isHigh, trisomy: isReal ? chromosomes[highest] : nil, &random)
    }
}
