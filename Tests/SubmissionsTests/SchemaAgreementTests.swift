import LibXML
import Submissions
import TestKit
import Testing

/// The compiled check and libxml2 with the generated XSD give the same verdict, whatever is done to
/// a record. libxml2 is the judge.
struct SchemaAgreementTests {
    private let desk: PackingDesk
    private let check: SchemaCheck
    private let validator: SchemaValidator

    init() throws {
        desk = try PackingDesk.open()
        check = SchemaCheck(dictionary: desk.preconception.dictionary)
        validator = try CompiledSchema(main: Array(desk.schemaText.utf8)).validator()
    }

    private static let frame = (
        start: Array(
            ("<Submission xmlns=\"urn:shangbao:reference:1\" id=\"00000000-0000-7000-8000-000000000000\""
                + " profile=\"reference-1\" programme=\"preconception-check\""
                + " sender=\"12990101MA0000T1XF\" region=\"990101\""
                + " created=\"2012-01-01T00:00:00+08:00\" count=\"1\" pseudonymEpoch=\"1\">"
                + "<Key id=\"k7q2m9xa\" suite=\"gm\" recipient=\"n\" wrapped=\"AA==\"/>").utf8),
        end: Array("</Submission>".utf8)
    )

    private func libxml2Takes(_ record: [UInt8]) -> Bool {
        isValid(
            SchemaAgreementTests.frame.start + record + SchemaAgreementTests.frame.end,
            by: validator)
    }

    private func verdict(_ record: [UInt8]) -> SchemaCheck.Verdict {
        record.withUnsafeBufferPointer { check.verdict(on: $0) }
    }

    /// Real records: a couple, one spouse, results that were not done, a text with all that XML
    /// escapes.
    private func records() throws -> [[UInt8]] {
        let couples = [
            CleanCouple(file: "A"), CleanCouple(file: "B").without(.husband),
            CleanCouple(file: "C").with([
                "服务机构名称": "一院<&>\"二'部", "女方促甲状腺激素TSH": "未查", "女方妇科B超": "未查",
            ]),
            CleanCouple(file: "D").with([
                "女方本地户籍": "否", "男方本地户籍": "否", "流动人口夫妇": "是",
                "女方本地居住月数": "6", "男方本地居住月数": "999",
            ]),
        ]
        let packed = try desk.pack(couples, under: desk.envelope())
        let text = String(decoding: try document(of: #require(packed.submission)), as: UTF8.self)
        let records = text.matches(of: /(?s)<Record .*?<\/Record>\n/).map { Array($0.0.utf8) }
        try #require(records.count == couples.count)
        return records
    }

    @Test func `what our writer writes is valid beyond doubt`() throws {
        for record in try records() {
            #expect(verdict(record) == .valid)
            #expect(libxml2Takes(record))
        }
    }

    @Test func `a bare withdrawal is valid, and attributes may stand in any order`() {
        let id = String(repeating: "0", count: 32)
        let bare = Array(
            ("<Record serviceDate=\"2012-03-01\" action=\"withdraw\" version=\"2\""
                + " institution=\"MA0000T1X99010111G1001\" id=\"\(id)\"/>").utf8)
        #expect(verdict(bare) == .valid && libxml2Takes(bare))
    }

    /// Thousands of changes; the seed of each stands in the message if they part.
    @Test(arguments: 0..<8)
    func `both give the same verdict on changed records`(_ run: Int) throws {
        let nodes = try records().map { record in
            let framed = SchemaAgreementTests.frame.start + record + SchemaAgreementTests.frame.end
            return Node(try #require(tree(framed).child("Record")))
        }
        let session = UInt64.random(in: 0...UInt64.max)
        var counts = (valid: 0, invalid: 0, unsure: 0)
        for number in 0..<500 {
            let seed = session &+ UInt64(number)
            var mutation = Mutation(seed: seed)
            let changed = Array(mutation.changed(nodes[number % nodes.count]).utf8)
            let isTaken = libxml2Takes(changed)
            switch verdict(changed) {
            case .valid:
                counts.valid += 1
                report(changed, seed, number, if: !isTaken, "taken by us, refused by libxml2")
            case .invalid(let place):
                counts.invalid += 1
                report(
                    changed, seed, number, if: isTaken,
                    "refused by us at \(place), taken by libxml2")
            case .unsure:
                counts.unsure += 1
            }
        }
        // Both verdicts are really given, and doubt is the exception although every fourth change
        // or so writes what our writer never writes.
        #expect(counts.valid >= 25 && counts.invalid >= 100, "\(counts), session \(session)")
        #expect(counts.unsure <= 110, "\(counts), session \(session)")
    }

    private func report(
        _ record: [UInt8], _ seed: UInt64, _ number: Int, if isWrong: Bool, _ what: String
    ) {
        guard isWrong else { return }
        // The records are invented, so the text may be shown.
        Issue.record(
            "\(what): seed \(seed), record \(number % 4)\n\(String(decoding: record, as: UTF8.self))"
        )
    }

    /// Bytes that are no text at all: never taken by us alone.
    @Test func `broken bytes are never valid`() throws {
        let records = try records()
        let session = UInt64.random(in: 0...UInt64.max)
        var dice = Dice(seed: session)
        for number in 0..<600 {
            var bytes = records[number % records.count]
            let index = Int.random(in: 0..<bytes.count, using: &dice)
            bytes[index] = UInt8.random(in: 0...255, using: &dice)
            if verdict(bytes) == .valid, !libxml2Takes(bytes) {
                Issue.record(
                    "byte \(index) = \(bytes[index]), session \(session), number \(number)")
            }
        }
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xE7, 0x94], [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBE],
            [0xEF, 0xBF, 0xBF],
            [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80],
        ] as [[UInt8]])
    func `a text that is not UTF-8, or of characters that XML forbids, is not taken`(
        _ bytes: [UInt8]
    ) throws {
        var record = try records()[0]
        let name = Array("示例区妇幼保健院".utf8)
        let place = try #require(record.firstRange(of: name))
        record.replaceSubrange(place, with: name + bytes)
        #expect(!libxml2Takes(record))
        #expect(verdict(record) != .valid)
    }
}
