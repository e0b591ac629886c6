import Definitions
import LibCrypto
import Mappings
import Privacy
import Records
import TestKit
import Testing
import Validation

/// Couples as the nation may see them, with the records they were made of.
private struct Protected {
    let batch: ProtectedBatch<ForNation>
    let clear: RecordBatch
    let envelope: Envelope

    init(
        _ couples: [CleanCouple], suite: CipherSuite = .gm, submission: String = "s-1",
        keyID: String = "k7q2m9xa", dataKey: SecretBytes? = nil
    ) throws {
        let preconception = try Preconception.loaded()
        let checked = try preconception.check(couples).checked
        #expect(checked.rows.count == couples.count)
        func key() throws -> SecretBytes { try .random(count: 32) }
        let naming = try Identification(
            keys: NamingKeys(
                suite: suite, linkRoot: key(), linkDomain: "link/city-9901", outRoot: key(),
                epoch: 1, caseKey: key(), contentKey: key()),
            nationDomain: preconception.dictionary.pseudonymDomain)
        envelope = Envelope(
            submission: SubmissionID(submission), suite: suite, keyID: keyID,
            dataKey: try dataKey ?? key())
        batch = try Protection<ForNation>(dictionary: preconception.dictionary).protect(
            checked, rows: checked.rows[...],
            identities: naming.identify(checked.batch, childOrder: nil), under: envelope)
        clear = checked.batch
    }

    func sealed(_ index: Int, _ field: String) throws -> String {
        let ordinal = try #require(batch.dictionary.ordinal(of: field))
        guard case .sealed(let range) = batch.withRecord(index, { $0[ordinal] }) else {
            throw NoSuchColumn(name: field)
        }
        return String(
            decoding: batch.sealed[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }
}

struct ProtectionTests {
    /// EXCHANGE 1, Padding: person names to 16 bytes, addresses to 64, nothing else.
    private func pad(of element: Element) -> Int {
        let name = element.wireName
        let people = ["name", "fileOpenedBy"]
        if people.contains(name) || name.hasSuffix("Doctor") || name.hasSuffix("Staff") {
            return 16
        }
        let places = ["Province", "City", "County", "Town", "Village"]
        return places.contains { name == "hukou" + $0 || name == "residence" + $0 } ? 64 : 0
    }

    private func owner(of element: Element, in dictionary: ElementDictionary) -> String {
        switch element.location {
        case .subject(let subject): dictionary.subjects[subject].role
        case .form(let form): dictionary.forms[form].name
        }
    }

    @Test(arguments: CipherSuite.allCases)
    func `every sealed value opens in its own place, and holds what the clinic wrote`(
        _ suite: CipherSuite
    ) throws {
        let made = try Protected([CleanCouple(), CleanCouple().without(.husband)], suite: suite)
        let dictionary = made.batch.dictionary
        let opener = try FieldSealer(
            suite: suite, keyID: "k7q2m9xa", dataKey: made.envelope.dataKey)
        var count = 0
        for (index, record) in made.batch.records.enumerated() {
            for element in dictionary.elements where element.protection == .encrypt {
                let expected = try made.clear.text(element.name, row: record.row)
                guard expected != nil else {
                    guard case .absent = made.batch.withRecord(index, { $0[element.ordinal] })
                    else {
                        Issue.record("\(element.name) is sealed and was never written")
                        return
                    }
                    continue
                }
                let place =
                    "GWF1|\(suite.rawValue)|k7q2m9xa|s-1|\(record.record.text)|"
                    + "\(owner(of: element, in: dictionary)).\(element.wireName)"
                let opened = try opener.open(
                    try made.sealed(index, element.name), additionalData: place,
                    pad: pad(of: element))
                #expect(String(decoding: opened, as: UTF8.self) == expected, "\(element.name)")
                count += 1
            }
        }
        // Of the wife 14 about herself and 4 of staff, of the husband 9 and 3, of the family 4.
        #expect(count == (14 + 4 + 9 + 3 + 4) + (14 + 4 + 4))
    }

    @Test func `a sealed value opens nowhere else`() throws {
        let made = try Protected([CleanCouple(file: "A"), CleanCouple(file: "B")])
        let text = try made.sealed(0, "wife.name")
        let record = made.batch.records[0].record.text
        let other = made.batch.records[1].record.text
        #expect(record != other)
        let right = "GWF1|gm|k7q2m9xa|s-1|\(record)|wife.name"
        let opener = try FieldSealer(suite: .gm, keyID: "k7q2m9xa", dataKey: made.envelope.dataKey)
        #expect(try opener.open(text, additionalData: right, pad: 16) == Array("样乙二".utf8))
        for wrong in [
            "GWF1|gm|k7q2m9xa|s-1|\(other)|wife.name", "GWF1|gm|k7q2m9xa|s-2|\(record)|wife.name",
            "GWF1|gm|k7q2m9xa|s-1|\(record)|husband.name",
            "GWF1|gm|k7q2m9xa|s-1|\(record)|wife.idNumber",
            "GWF1|gm|k7q2m9xb|s-1|\(record)|wife.name",
            "GWF1|intl|k7q2m9xa|s-1|\(record)|wife.name",
            "",
        ] {
            let error = #expect(throws: CryptoFailure.self) {
                try opener.open(text, additionalData: wrong, pad: 16)
            }
            #expect(error?.reason == .authenticationFailed)
        }
        let stranger = try FieldSealer(
            suite: .gm, keyID: "k7q2m9xa", dataKey: .random(count: 32))
        #expect(throws: CryptoFailure.self) {
            try stranger.open(text, additionalData: right, pad: 16)
        }
    }

    @Test func `only fields that say so leave as they are, and dropped ones never`() throws {
        let made = try Protected([CleanCouple().with(["女方现住地居住起始日期": "2011-09-09"])])
        var counts: [String: Int] = [:]
        for element in made.batch.dictionary.elements {
            let isWritten = try made.clear.text(element.name) != nil
            let kind =
                switch made.batch.withRecord(0, { $0[element.ordinal] }) {
                case .absent: "absent"
                case .kept: "keep"
                case .sealed: "encrypt"
                }
            let expected =
                !isWritten || element.protection.word == "drop"
                ? "absent" : element.protection.word
            #expect(kind == expected, "\(element.name)")
            counts[kind, default: 0] += isWritten ? 1 : 0
        }
        for name in ["localFileId", "plannedPregnancyDate", "wife.residenceSince", "wife.bmi"] {
            #expect(try made.clear.text(name) != nil, "\(name) was there to be dropped")
        }
        #expect(counts["absent"] == 6 && (counts["keep"] ?? 0) > 150)
    }

    @Test func `lengths of names and addresses do not show`() throws {
        let made = try Protected([
            CleanCouple(file: "A").with(["女方姓名": "样乙", "女方户口所在村": "一"]),
            CleanCouple(file: "B").with(["女方姓名": "样乙二三四", "女方户口所在村": "一二三四五六七八九十"]),
            CleanCouple(file: "C").with(["女方姓名": "样乙二三四五"]),
        ])
        func length(_ index: Int, _ field: String) throws -> Int {
            try made.sealed(index, field).utf8.count
        }
        // 6 and 15 bytes are both padded to 16; 18 bytes to 32.
        #expect(try length(0, "wife.name") == length(1, "wife.name"))
        #expect(try length(1, "wife.name") < length(2, "wife.name"))
        #expect(try length(0, "wife.hukouVillage") == length(1, "wife.hukouVillage"))
        #expect(try length(0, "wife.hukouVillage") > length(0, "wife.name"))
    }

    @Test func `the same record is sealed otherwise in another submission`() throws {
        let key = try SecretBytes.random(count: 32)
        let first = try Protected([CleanCouple()], submission: "s-1", dataKey: key)
        let second = try Protected([CleanCouple()], submission: "s-2", dataKey: key)
        let again = try Protected([CleanCouple()], submission: "s-1", dataKey: key)
        for element in first.batch.dictionary.elements where element.protection == .encrypt {
            guard try first.clear.text(element.name) != nil else { continue }
            let texts = try Set([first, second, again].map { try $0.sealed(0, element.name) })
            #expect(texts.count == 3, "\(element.name)")
        }
    }

    @Test func `what a person did not agree to is not there to be sealed`() throws {
        let made = try Protected([CleanCouple().with(["知情同意书签署情况": "仅女方签署"])])
        let dictionary = made.batch.dictionary
        #expect(made.batch.hasSubject(0, 0) && !made.batch.hasSubject(0, 1))
        for element in dictionary.elements where dictionary.subject(of: element) == 1 {
            guard case .absent = made.batch.withRecord(0, { $0[element.ordinal] }) else {
                Issue.record("\(element.name) would leave")
                continue
            }
        }
        #expect(made.batch.records[0].identity.pseudonyms[1] == nil)
    }
}
