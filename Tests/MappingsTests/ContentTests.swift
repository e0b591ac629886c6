import Definitions
import Mappings
import Records
import TestKit
import Testing

/// The bytes whose keyed digest tells whether a record changed.
struct ContentTests {
    private func content(_ couple: CleanCouple) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try Preconception.loaded().read([couple]).appendCanonical(row: 0, to: &bytes)
        return bytes
    }

    @Test func `the same record has the same content, however a cell is spelled`() throws {
        let plain = CleanCouple()
        #expect(try content(plain) == content(plain.with(["女方乙肝表面抗原HBsAg": "阴性(-)"])))
        #expect(try content(plain) != content(plain.with(["女方乙肝表面抗原HBsAg": "阳性"])))
        #expect(try content(plain) != content(plain.with(["评估建议": "注意休息"])))
    }

    @Test func `no two fields and no two codes of a list stand for one another`() throws {
        let dictionary = try Preconception.loaded().dictionary
        #expect(Set(dictionary.marks.fields).count == dictionary.count)
        for element in dictionary.elements {
            guard case .code(let list) = element.kind else { continue }
            let marks = list.codes.indices.map { dictionary.marks.code($0, of: element.ordinal) }
            #expect(Set(marks).count == Set(list.codes.map(\.code)).count, "\(list.name)")
        }
    }
}
