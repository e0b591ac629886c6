import Definitions
import Foundation
import Records
import TestKit
import Testing

/// A list is counted and never reported: its definition is refused where anything else would come.
struct CountedListTests {
    private static let text = """
        list: planned
        zh: 名单
        en: List
        counts: { person: wife, division: village, years: [year, planned], listedOn: on, state: state, removed: OFF }
        forms: [ { name: line, zh: 行, en: Line } ]
        fields:
          - { field: name, no: T1, zh: 名, en: Name, who: both, in: subject, kind: personName, class: DI, drop: 留存 }
          - { field: idNumber, no: T2, zh: 号, en: ID, who: both, in: subject, kind: idNumber, class: DI, drop: 留存 }
          - { field: village, no: T3, zh: 村, en: Village, who: family, in: line, kind: division, list: places, class: QI, drop: 留存 }
          - { field: year, no: T4, zh: 年, en: Year, who: family, in: line, kind: integer, class: OP, drop: 留存 }
          - { field: planned, no: T5, zh: 计划, en: Planned, who: family, in: line, kind: date, class: SH, drop: 留存 }
          - { field: state, no: T6, zh: 状态, en: State, who: family, in: line, kind: code, list: state, class: OP, drop: 留存 }
          - { field: on, no: T7, zh: 日, en: On, who: family, in: line, kind: date, class: OP, drop: 留存 }
        """

    private func list(_ change: (String) -> String = { $0 }) throws -> ElementDictionary {
        let programme = try Preconception.loaded().dictionary
        var section = try Section(text: change(CountedListTests.text), shownAs: "programme.yaml")
        let list = try programme.list(&section) { name throws(DefinitionError) in
            try CodeList(
                name: name, text: "code,zh,en,valid_from,valid_to\nOFF,取消,Off,,\n", shownAs: name)
        }
        try section.finish()
        return list
    }

    @Test func `a list has the programme's persons and fields of its own`() throws {
        let dictionary = try list()
        let counted = try #require(dictionary.list)
        #expect(dictionary.subjects.map(\.role) == ["wife", "husband"])
        #expect(dictionary.elements.count == 9)
        #expect(counted.name == "planned" && counted.person == 0)
        #expect(counted.years.map { dictionary.elements[$0].name } == ["year", "planned"])
        #expect(dictionary.elements[counted.division].name == "village")
        #expect(counted.state.map { dictionary.elements[$0.field].name } == "state")
        #expect(dictionary.programme == "preconception-check" && dictionary.followUp == nil)
    }

    @Test(arguments: [
        ("kind: date, class: SH, drop: 留存", "kind: date, class: SH, keep: 上报", "drop"),
        (
            "kind: idNumber, class: DI, drop: 留存", "kind: idNumber, class: DI, encrypt: national",
            "drop"
        ),
        ("person: wife", "person: child", "subject"),
        ("division: village", "division: year", "division"),
        ("years: [year, planned]", "years: [name]", "years"),
        ("years: [year, planned]", "years: []", "years"),
        ("removed: OFF", "removed: GONE", "removed"),
        (", removed: OFF", "", "removed"),
        ("listedOn: on", "listedOn: day", "day"),
        ("list: planned", "list: planned\nsettles: {}", "settles"),
    ])
    func `a definition that cannot count is refused`(
        _ old: String, _ new: String, _ word: String
    ) throws {
        let error = #expect(throws: DefinitionError.self) {
            _ = try list { $0.replacing(old, with: new) }
        }
        #expect(error?.problem.en.contains(word) == true, "\(error?.problem.en ?? "")")
    }
}
