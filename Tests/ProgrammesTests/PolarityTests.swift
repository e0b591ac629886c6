import Definitions
import Mappings
import Programmes
import Records
import TestKit
import Testing

/// DOMAIN 1.6.3: in the county hospital's file some columns say yes with 0, others with 1.
struct PolarityTests {
    private static let zeroMeansYes = [
        "wife.hadDisease", "husband.hadDisease", "wife.vaccinated", "husband.vaccinated",
        "wife.contraceptionUsed", "wife.adverseOutcomeEver", "wife.familyDisease",
        "husband.familyDisease", "wife.exposureAny", "husband.exposureAny",
    ]
    private static let oneMeansYes = [
        "wife.hasBirthDefect", "husband.hasBirthDefect", "wife.takingMedicine",
        "husband.takingMedicine", "wife.everPregnant", "wife.bornDefectChild", "consanguineous",
        "wife.ancestorConsanguinity", "husband.ancestorConsanguinity", "wife.smokes",
        "husband.smokes", "wife.usesNarcotics", "husband.usesNarcotics",
    ]

    /// What 0 and 1 become in a field, by its table of words.
    private func readings(_ field: String) throws -> [String: String] {
        let catalogue = try Catalogue(root: Project.mappings)
        let mapping = try #require(catalogue.mapping(named: "preconception/from-county-csv"))
            .mapping.mapping
        let ordinal = try #require(mapping.dictionary.ordinal(of: field), "\(field)")
        let rule = try #require(mapping.rules.first { $0.ordinal == ordinal }, "\(field)")
        let words = try #require(rule.words, "\(field)")
        return Dictionary(
            words.words.filter { ["0", "1"].contains($0.word) }.map { ($0.word, $0.code) },
            uniquingKeysWith: { first, _ in first })
    }

    @Test(arguments: zeroMeansYes)
    func `0 means yes where the column mirrors a box reading none`(_ field: String) throws {
        #expect(try readings(field) == ["0": "true", "1": "false"])
    }

    @Test(arguments: oneMeansYes)
    func `1 means yes in a plain question`(_ field: String) throws {
        #expect(try readings(field) == ["0": "false", "1": "true"])
    }

    /// 痛经 0 is 无; 月经量 0 is 多: codes, not answers.
    @Test(arguments: [("wife.dysmenorrhea", "无"), ("wife.menstrualVolume", "多")])
    func `0 of a graded answer is its first grade`(_ field: String, _ label: String) throws {
        let catalogue = try Catalogue(root: Project.mappings)
        let dictionary = try #require(catalogue.programmes.first).dictionary
        let ordinal = try #require(dictionary.ordinal(of: field))
        guard case .code(let list) = dictionary.elements[ordinal].kind else {
            Issue.record("\(field) holds no code")
            return
        }
        let zero = try #require(list.ordinal(of: "0"))
        #expect(list.codes[zero].label.zh == label)
    }
}
