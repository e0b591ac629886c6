import Definitions
import Foundation
import Records
import TestKit
import Testing

/// The preconception programme against the list that it comes from (DOMAIN 1.5).
struct WholeDictionaryTests {
    /// The numbers that the list marks as mandatory.
    private static let mandatory: [ClosedRange<Int>] = [
        2...6, 8...9, 12...13, 17...17, 20...22, 24...29, 31...33, 36...41, 43...43, 45...48,
        50...50, 52...52, 57...57, 59...61, 64...70, 84...84, 89...89, 91...91, 95...95,
        101...103, 110...110, 123...123, 126...126, 128...128, 130...130, 134...137, 139...139,
        141...141, 143...143, 147...147, 150...153, 155...159, 161...161, 163...164, 168...173,
        175...192, 194...200, 203...208, 216...216, 218...234, 237...238, 240...242, 245...245,
        247...251, 257...258, 262...267, 270...271, 293...296, 316...317,
    ]

    /// DOMAIN 1.5, SH+: stigmatising, narrowest access.
    private static let stigmatising: Set<String> = [
        "diseaseSti", "diseaseMental", "usesNarcotics", "syphilis", "gonococcus", "chlamydia",
        "hbsAg", "hbeAg", "consanguineous", "inducedAbortionCount", "riskFactorClassX",
    ]

    private static func number(_ number: Int) -> String {
        let digits = String(number)
        return "FF-" + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// Without the months that are made of days.
    private static func elements() throws -> [Element] {
        try Preconception.loaded().dictionary.elements.filter {
            if case .month = $0.kind { false } else { true }
        }
    }

    @Test func `the numbers are FF-001 to FF-320, each once for each person`() throws {
        let elements = try WholeDictionaryTests.elements()
        #expect(
            Set(elements.map(\.number)) == Set((1...320).map(WholeDictionaryTests.number)))
        // A number stands for one name, but for the infants of a multiple birth.
        for (number, fields) in Dictionary(grouping: elements, by: \.number) {
            let names = Set(fields.map { $0.wireName.replacing(/infant[234]/, with: "infant") })
            #expect(names.count == 1, "\(number) \(names)")
        }
        #expect(Set(elements.map(\.name)).count == elements.count)
    }

    @Test func `what is mandatory is what the list says`() throws {
        let expected = Set(
            WholeDictionaryTests.mandatory.joined().map(WholeDictionaryTests.number))
        let elements = try WholeDictionaryTests.elements()
        #expect(Set(elements.filter(\.isRequired).map(\.number)) == expected)
        // Of a field for both, both are; the husband's blood count is the one exception.
        let optional = elements.filter { expected.contains($0.number) && !$0.isRequired }
        #expect(optional.map(\.name) == ["husband.hemoglobin"])
    }

    @Test func `every field says why it leaves or stays, and where it comes from`() throws {
        for element in try WholeDictionaryTests.elements() {
            switch element.protection {
            case .keep(let reason), .drop(let reason):
                #expect(
                    reason.contains(/\p{Han}{4}.*\(.*[a-z]{3}.*\)$/), "\(element.name): \(reason)")
            case .encrypt: break
            }
            #expect(element.source?.isEmpty == false, "\(element.name)")
            #expect(!element.title.zh.isEmpty && !element.title.en.isEmpty)
        }
    }

    @Test func `what names a person, a place or says anything in free words never leaves in clear`()
        throws
    {
        for element in try WholeDictionaryTests.elements() {
            guard case .keep = element.protection else { continue }
            #expect(element.privacyClass != .direct, "\(element.name)")
            switch element.kind {
            case .personName, .address, .phone, .idNumber:
                Issue.record("\(element.name) leaves in the clear")
            case .text:
                #expect(element.name == "servingOrgName", "\(element.name)")
            default: break
            }
        }
    }

    @Test func `the stigmatising fields are those of the list`() throws {
        let found = try WholeDictionaryTests.elements().filter { $0.privacyClass == .stigmatising }
        #expect(Set(found.map(\.wireName)) == WholeDictionaryTests.stigmatising)
    }

    @Test func `a national identifier has its form and names one field`() throws {
        var owners: [String: String] = [:]
        for element in try WholeDictionaryTests.elements() {
            guard let standard = element.standard else { continue }
            #expect(standard.wholeMatch(of: /DE\d\d\.\d\d\.\d{3}\.\d\d/) != nil, "\(standard)")
            let owner = owners.updateValue(element.number, forKey: standard) ?? element.number
            // Both follow-ups have the one day of a follow-up.
            if standard != "DE06.00.109.00" {
                #expect(owner == element.number, "\(standard) \(element.name)")
            }
        }
        #expect(owners["DE04.50.001.00"] == "FF-218" && owners["DE02.01.009.05"] == "FF-042")
    }

    @Test func `every list is used, and no set has more codes than it may`() throws {
        var used: Set<String> = []
        let preconception = try Preconception.loaded()
        let dictionaries = [preconception.dictionary] + preconception.lists.map(\.dictionary)
        for element in dictionaries.flatMap(\.elements) {
            switch element.kind {
            case .code(let list), .division(let list): used.insert(list.name)
            case .set(let list):
                used.insert(list.name)
                #expect(list.codes.count <= CodeList.mostInSet, "\(list.name)")
            default: break
            }
        }
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Project.mappings + "/preconception/codes")
        let lists = files.filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }
        #expect(Set(lists).subtracting(used).isEmpty)
    }

    /// DOMAIN 1.3.
    @Test func `forms bear their numbers, and those with a tick name it`() throws {
        let dictionary = try Preconception.loaded().dictionary
        let expected: [String: (number: Int?, tick: String?)] = [
            "basic": (1, nil), "consent": (nil, nil), "wifeHistory": (2, "wife.historyComplete"),
            "husbandHistory": (3, "husband.historyComplete"),
            "wifePhysical": (4, "wife.examComplete"),
            "husbandPhysical": (5, "husband.examComplete"),
            "wifeGenital": (6, "wife.examComplete"), "husbandGenital": (7, "husband.examComplete"),
            "wifeLaboratory": (8, "wife.labComplete"),
            "husbandLaboratory": (9, "husband.labComplete"), "wifeHaemoglobin": (10, nil),
            "husbandHaemoglobin": (11, nil), "wifeGeneTest": (12, nil),
            "husbandGeneTest": (13, nil), "ultrasound": (14, "wife.ultrasoundComplete"),
            "assessment": (15, "adviceComplete"), "wifeRiskFactors": (15, "adviceComplete"),
            "husbandRiskFactors": (15, "adviceComplete"), "wifeEducation": (nil, nil),
            "husbandEducation": (nil, nil), "earlyFollowUp": (16, nil),
            "outcomeFollowUp": (17, nil),
        ]
        #expect(Set(dictionary.forms.map(\.name)) == Set(expected.keys))
        for (number, form) in dictionary.forms.enumerated() {
            let wanted = try #require(expected[form.name])
            #expect(form.formNumber == wanted.number, "\(form.name)")
            #expect(form.complete.map { dictionary.elements[$0].name } == wanted.tick)
            #expect(
                dictionary.elements(at: .form(number)).map(\.ordinal) == Array(form.elements))
        }
    }
}
