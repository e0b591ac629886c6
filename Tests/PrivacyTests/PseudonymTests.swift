import Definitions
import LibCrypto
import Privacy
import Records
import TestKit
import Testing

/// 00, 01, … 1f: the root of the published vectors.
private func vectorRoot() throws -> SecretBytes {
    var bytes = (0..<32).map { UInt8($0) }
    return try SecretBytes(consuming: &bytes)
}

/// PRIVACY appendix A: person 11010119900307854X, both suites, two epochs.
struct PseudonymVectorTests {
    private struct Vector: Sendable {
        let suite: CipherSuite
        let link: String
        let nation: [Int: String]
        let settlement: String
    }

    private static let vectors = [
        Vector(
            suite: .gm, link: "6ulrymuyb4txr55dvixftqqxtmmgfwpg",
            nation: [
                1: "dyfaj3y4qaqlixomns2xhpz7rsy46v2t", 2: "vzlc7lf72thtzjtvkgvtbon2j3cq6mb7",
            ], settlement: "xcizywogf54nxwbmjxd3hqviw3jdsvgm"),
        Vector(
            suite: .intl, link: "exiolbstlfxfjtj7cdsizep7w5akmfmn",
            nation: [
                1: "coa5xgh7akbpszaelfoqxt5zpzu5l2eh", 2: "kv6jazpomdund7kekjfg5g4krhcr7fbe",
            ], settlement: "org3gqor54p2xvrh2rexh7jd4wwwhkyr"),
    ]
    /// The same person as people type it; the first is the normal form.
    private static let spellings = [
        "11010119900307854X", "１１０１０１１９９００３０７８５４ｘ", " 110101 19900307 854x",
        "110101900307854",
    ]

    private func domain(_ vector: Vector, _ name: String, epoch: Int) throws -> PseudonymDomain {
        try PseudonymDomain(
            suite: vector.suite, root: vectorRoot(), domain: name, epoch: epoch,
            source: name.hasPrefix("link") ? .residentID : .linkPseudonym)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `both stages give the published pseudonyms`() throws {
        for vector in PseudonymVectorTests.vectors {
            let link = try domain(vector, "link/city-1101", epoch: 1)
                .pseudonym(of: Array("11010119900307854X".utf8))
            #expect(text(link) == vector.link)
            for (epoch, expected) in vector.nation {
                let nation = try domain(vector, "out/nat-pchc", epoch: epoch)
                #expect(text(try nation.pseudonym(of: link)) == expected)
                // The domain keeps a buffer: a longer one before must leave no trace.
                _ = try nation.pseudonym(of: Array(repeating: 0x61, count: 100))
                #expect(text(try nation.pseudonym(of: link)) == expected)
            }
            let settlement = try domain(vector, "out/settle-2026", epoch: 1)
            #expect(text(try settlement.pseudonym(of: link)) == vector.settlement)
        }
    }

    @Test(arguments: [0, 1], [1, 2])
    func `every spelling of a number is one person, from cell to pseudonym`(
        _ index: Int, _ epoch: Int
    ) throws {
        let vector = PseudonymVectorTests.vectors[index]
        let couples = PseudonymVectorTests.spellings.map { spelling in
            CleanCouple().with([
                "女方身份证号": spelling, "女方出生日期": "1990-03-07", "建档日期": "2026-03-01",
            ])
        }
        let preconception = try Preconception.loaded()
        let batch = try preconception.read(couples)
        let naming = try Identification(
            keys: NamingKeys(
                suite: vector.suite, linkRoot: vectorRoot(), linkDomain: "link/city-1101",
                outRoot: vectorRoot(), epoch: epoch, caseKey: vectorRoot(),
                contentKey: vectorRoot()),
            nationDomain: preconception.dictionary.pseudonymDomain)
        let childOrder = preconception.dictionary.ordinal(of: "childOrder")
        let identities = try naming.identify(batch, childOrder: childOrder)
        #expect(identities.count == 4)
        for identity in identities {
            #expect(identity.pseudonyms[0].map(text) == vector.nation[epoch])
            #expect(identity.entitlement == vector.link + "/1")
            #expect(identity.claimant == vector.settlement)
        }
    }
}

struct IdentificationTests {
    private func key(_ byte: UInt8) throws -> SecretBytes {
        var bytes = Array(repeating: byte, count: 32)
        return try SecretBytes(consuming: &bytes)
    }

    private func identify(
        _ couples: [CleanCouple], caseKey: UInt8 = 3, contentKey: UInt8 = 4
    ) throws -> [Identity] {
        let preconception = try Preconception.loaded()
        let naming = try Identification(
            keys: NamingKeys(
                suite: .gm, linkRoot: key(1), linkDomain: "link/city-9901", outRoot: key(2),
                epoch: 1, caseKey: key(caseKey), contentKey: key(contentKey)),
            nationDomain: preconception.dictionary.pseudonymDomain)
        return try naming.identify(
            preconception.read(couples),
            childOrder: preconception.dictionary.ordinal(of: "childOrder"))
    }

    @Test func `a case is named by institution and file number, whatever else changes`() throws {
        let clean = CleanCouple(file: "A-1")
        let found = try identify([
            clean, clean.with(["女方身份证号": "990243199202290466", "孩次": "2"]),
            CleanCouple(file: "A-2"), clean.with(["服务机构代码": "MA0000T2899010111A1001"]),
        ])
        let names = found.map { $0.record?.text }
        #expect(names[0]?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(names[0] == names[1])
        #expect(Set(names).count == 3)
        #expect(try identify([clean], caseKey: 9)[0].record != found[0].record)
        #expect(try identify([clean.with(["档案编号": ""])])[0].record == nil)
    }

    @Test func `the same number in two kinds of documents is two persons`() throws {
        func wife(_ document: String, _ number: String) -> CleanCouple {
            CleanCouple().with(["女方证件类型": document, "女方身份证号": number])
        }
        let found = try identify([
            wife("护照", "G12345678"), wife("港澳居民来往内地通行证", "G12345678"),
            wife("台湾居民来往大陆通行证", "G12345678"), wife("军官证", "G12345678"),
            wife("其他", "G12345678"), wife("护照", "g1234-5678"),
            // A citizen's number is one, whatever document bears it.
            wife("居民身份证", "990101198603150022"), wife("居民户口簿", "990101198603150022"),
        ])
        let pseudonyms = found.map { $0.pseudonyms[0] }
        #expect(!pseudonyms.contains(nil))
        #expect(Set(pseudonyms[..<5]).count == 5)
        #expect(pseudonyms[5] == pseudonyms[0])
        #expect(pseudonyms[7] == pseudonyms[6])
        #expect(Set(pseudonyms).count == 6)
        #expect(Set(found.map(\.entitlement)).count == 6)
    }

    @Test func `the content's digest says whether anything changed, under its own key`() throws {
        let clean = CleanCouple()
        let found = try identify([
            clean, clean.with(["建档日期": "2012/3/1"]), clean.with(["女方血糖": "5.13"]),
        ])
        #expect(found[0].content.count == 16)
        #expect(found[0].content == found[1].content)
        #expect(found[0].content != found[2].content)
        #expect(try identify([clean], contentKey: 9)[0].content != found[0].content)
    }

    @Test func `who is not there has no pseudonym; the wife's child order is the entitlement`()
        throws
    {
        let found = try identify([
            CleanCouple(), CleanCouple().with(["孩次": "2"]), CleanCouple().without(.husband),
            CleanCouple().without(.wife), CleanCouple().with(["女方身份证号": "990101198603150032"]),
        ])
        #expect(found[0].entitlement != nil && found[0].entitlement != found[1].entitlement)
        #expect(found[0].pseudonyms.allSatisfy { $0?.count == 32 })
        #expect(found[0].pseudonyms[0] != found[0].pseudonyms[1])
        #expect(found[2].pseudonyms[1] == nil && found[2].entitlement == found[0].entitlement)
        #expect(found[3].pseudonyms[0] == nil && found[3].entitlement == nil)
        #expect(found[3].claimant != nil && found[3].claimant != found[0].claimant)
        // A number with a wrong check digit names nobody.
        #expect(found[4].pseudonyms[0] == nil && found[4].entitlement == nil)
    }

    @Test func `settlement has a pseudonym of its own each year`() throws {
        let found = try identify([
            CleanCouple(), CleanCouple().with(["建档日期": "2012-12-31"]),
            CleanCouple().with(["建档日期": "2013-01-01"]),
        ])
        #expect(found[0].claimant == found[1].claimant)
        #expect(found[0].claimant != found[2].claimant)
        let nation = try #require(found[0].pseudonyms[0])
        #expect(found[0].claimant != String(decoding: nation, as: UTF8.self))
    }
}
