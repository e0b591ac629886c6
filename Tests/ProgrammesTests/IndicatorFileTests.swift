import Definitions
import Programmes
import Records
import TestKit
import Testing

/// Indicators are data: their numbers, their goals, and from which count a cell may leave.
struct IndicatorFileTests {
    private func file(_ text: String) throws -> IndicatorFile {
        try IndicatorFile(
            Section(text: text, shownAs: "indicators.yaml"), lists: ["plannedCouples"])
    }

    private func problem(_ text: String) -> String {
        do {
            _ = try file(text)
            return ""
        } catch {
            return (error as? DefinitionError)?.problem.en ?? "\(error)"
        }
    }

    private static func indicator(_ part: String, _ whole: String, _ more: String = "") -> String {
        "smallest: 10\nstated: { asked: { zh: 问, en: asked } }\nindicators:\n  a:\n    zh: 甲\n"
            + "    en: a\n    unit: { zh: 人, en: persons }\n    numerator: \(part)\n"
            + "    denominator: \(whole)\n\(more)"
    }

    @Test func `the programmes that ship have theirs, with the goals of the notices`() throws {
        let programmes = try Catalogue(root: Project.mappings).programmes
        let files = try programmes.compactMap { try IndicatorFile.read(of: $0) }
        #expect(files.count == 2 && files.allSatisfy { $0.smallest == 11 })
        let all = Dictionary(
            files.flatMap(\.indicators).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        #expect(all["coverage"]?.goal(in: 2012) == 80 && all["awareness"]?.goal(in: 2026) == 90)
        let screening = try #require(all["screening"])
        #expect([2015, 2016, 2019, 2020, 2030].map(screening.goal) == [nil, 65, 65, 70, 70])
    }

    @Test func `numbers come of a list, of the books or of somebody`() throws {
        let read = try file(
            IndicatorFileTests.indicator(
                "{ list: plannedCouples, of: checked }", "{ stated: asked }"))
        #expect(read.indicators.first?.numerator == .list("plannedCouples", isChecked: true))
        #expect(read.indicators.first?.denominator == .stated("asked"))
        let books = try file(
            IndicatorFileTests.indicator(
                "{ records: complete, of: [nipt], once: true }", "{ records: taken }"))
        #expect(
            books.indicators.first?.numerator
                == .records(.complete, services: ["nipt"], isOnce: true, isLocal: false))
        #expect(
            books.indicators.first?.denominator
                == .records(.taken, services: nil, isOnce: false, isLocal: false))
    }

    @Test func `what makes no sense is refused with its reason`() {
        let fine = "{ stated: asked }"
        #expect(problem(IndicatorFileTests.indicator(fine, fine)) == "")
        for (measure, word) in [
            ("{ list: nobody, of: counted }", "no list nobody"),
            ("{ list: plannedCouples }", "of is missing"), ("{ stated: b }", "does not name b"),
            ("{ records: some }", "taken, accepted, complete"), ("{}", "One of list"),
            ("{ stated: asked, of: x }", "Unknown key of"),
        ] {
            let said = problem(IndicatorFileTests.indicator(measure, fine))
            #expect(said.contains(word), "\(measure): \(said)")
        }
        for goals in ["{ 2012: 101 }", "{ soon: 80 }"] {
            let text = IndicatorFileTests.indicator(fine, fine, "    goals: \(goals)\n")
            #expect(problem(text).contains("per cent"))
        }
        #expect(problem("smallest: 0\nindicators: {}\n").contains("1 to 100"))
    }
}
