import Definitions
import Foundation
import Programmes
import Records
import TestKit
import Testing

/// The dictionary of prenatal screening holds the programme's whole list, and nothing leaves
/// without a reason.
struct PrenatalDictionaryTests {
    private static let programme = Result { () throws(DefinitionError) in
        try Catalogue(root: Project.mappings).programmes.first {
            $0.folderName == "prenatal-screening"
        }
    }

    private func dictionary() throws -> ElementDictionary {
        try #require(try PrenatalDictionaryTests.programme.get()).dictionary
    }

    @Test func `all 98 fields are there, each once, and what she was charged`() throws {
        let elements = try dictionary().elements.filter { element in
            // A month stands beside its date and bears the same number.
            if case .month = element.kind { false } else { true }
        }
        let expected = (1...98).map { "PS-" + String(1000 + $0).dropFirst() }
        #expect(elements.map(\.number).sorted() == expected + ["SE-013"])
        let charge = try #require(elements.first { $0.number == "SE-013" })
        guard case .drop = charge.protection else {
            Issue.record("what was charged leaves the county")
            return
        }
    }

    /// The column "req" of the programme's list says M for these.
    private static let mandatory = [
        1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 13, 15, 16, 18, 22, 23, 25, 26, 30, 31, 32, 33, 34, 35, 36,
        37, 38, 39, 69, 70, 88, 89,
    ]

    @Test func `mandatory fields are those of the programme's list`() throws {
        let required = try dictionary().elements.filter(\.isRequired).map(\.number)
        let expected = PrenatalDictionaryTests.mandatory.map {
            "PS-" + String(1000 + $0).dropFirst()
        }
        #expect(Set(required) == Set(expected))
    }

    @Test func `the woman's own fields drop the person's prefix on the wire`() throws {
        let dictionary = try dictionary()
        #expect(dictionary.programme == "prenatal-screening")
        #expect(dictionary.pseudonymDomain == "out/nat-prenatal")
        #expect(dictionary.subjects.map(\.role) == ["pregnantWoman"])
        let woman = dictionary.elements(at: .subject(0)).map(\.wireName)
        #expect(
            Set(woman) == [
                "name", "idNumber", "birthDate", "birthMonth", "phone", "emergencyPhone",
                "mchHandbookNo", "idType", "ageAtEdd", "hukouDivision", "residenceDivision",
            ])
    }

    @Test func `who a person is leaves sealed or not at all`() throws {
        for element in try dictionary().elements where element.privacyClass == .direct {
            #expect(element.protection == .encrypt, "\(element.name)")
        }
        for name in ["pregnantWoman.birthDate", "bornDatePs", "sampleBarcode", "pdKaryotype"] {
            let ordinal = try #require(try dictionary().ordinal(of: name))
            #expect(try dictionary().elements[ordinal].protection == .encrypt, "\(name)")
        }
    }

    @Test func `every list of codes is used by a field or by the money`() throws {
        let folder = Project.mappings + "/prenatal-screening/codes"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let used = try dictionary().elements.compactMap { element in
            switch element.kind {
            case .code(let list), .set(let list), .division(let list): list.name
            default: nil
            }
        }
        let unused = Set(files.map { String($0.dropLast(".csv".count)) }).subtracting(used)
        #expect(unused == ["fundingArea"])
    }

    @Test func `preconception stays the first programme of the catalogue`() throws {
        let catalogue = try Catalogue(root: Project.mappings)
        #expect(catalogue.programmes.map(\.folderName) == ["preconception", "prenatal-screening"])
    }
}
