import LibCrypto
import LibXML
import Privacy
import Records
import Submissions
import TestKit
import Testing

struct RepackingTests {
    private let couples = [
        CleanCouple(file: "A"), CleanCouple(file: "B").with(["女方姓名": "样丙丙"]),
        CleanCouple(file: "C").without(.husband),
    ]

    /// Everything that a receiver with a data key reads of a document, by record, owner and field.
    private func open(_ document: [UInt8], with envelope: Envelope) throws -> [String: [UInt8]] {
        let opener = try FieldSealer(
            suite: envelope.suite, keyID: envelope.keyID, dataKey: envelope.dataKey)
        var opened: [String: [UInt8]] = [:]
        for record in try tree(document).children(named: "Record") {
            let id = try #require(record.attribute("id"))
            for (owner, field, text) in record.sealed {
                opened["\(id)|\(owner).\(field)"] = try opener.open(
                    text,
                    additionalData:
                        "GWF1|\(envelope.suite.rawValue)|\(envelope.keyID)|"
                        + "\(envelope.submission.text)|\(id)|\(owner).\(field)")
            }
        }
        return opened
    }

    /// The text of a document without what an envelope changes.
    private func open(values element: XMLTree.Element) -> [String] {
        let own = element.name == "Sealed" ? "" : element.text
        let attributes = element.attributes.map { "\($0.name)=\($0.value)" }.sorted()
        return ["\(element.name) \(attributes) \(own)"] + element.children.flatMap(open(values:))
    }

    @Test(arguments: CipherSuite.allCases)
    func `the same records go again under another envelope, sealed anew`(_ suite: CipherSuite)
        throws
    {
        let desk = try PackingDesk.open(suite)
        let (old, new) = (try desk.envelope(1), try desk.envelope(2))
        let heads = [try desk.head(), try desk.head(version: 3, action: .amend), try desk.head()]
        let first = try #require(desk.pack(couples, under: old, heads: heads).submission)
        let before = try document(of: first)
        // The second and third go again.
        let wanted = Array(first.records[1...])
        let again = try desk.packing().repack(
            before, records: wanted, from: old, under: new,
            programme: "preconception-check", sender: desk.sender,
            at: PackingDesk.moment.adding(seconds: 60))
        let after = try document(of: again)
        #expect(again.id == new.submission && again.records == wanted)
        #expect(again.digest == Hash.sha256.digest(after) && again.digest != first.digest)
        let schema = try CompiledSchema(main: Array(desk.schemaText.utf8))
        #expect(isValid(after, by: schema.validator()))
        #expect(try desk.signing.verifyingKey().verify(signature: again.signature, over: after))

        let (oldRoot, newRoot) = (try tree(before), try tree(after))
        #expect(newRoot.attribute("id") == new.submission.text && newRoot.attribute("count") == "2")
        #expect(newRoot.attribute("created") == "2012-03-05T22:01:04+08:00")
        #expect(newRoot.child("Key")?.attribute("id") == "k7q2m9x2")
        #expect(
            newRoot.children(named: "Record").map(open(values:))
                == oldRoot.children(named: "Record")[1...].map(open(values:)))

        let opened = try open(after, with: new)
        let expected = try open(before, with: old).filter { key, _ in
            !key.hasPrefix(first.records[0].record.text)
        }
        #expect(opened == expected && opened.count > 40)
        #expect(throws: CryptoFailure.self) { _ = try open(after, with: old) }
        // Not one sealed text is the same.
        let sealedBefore = Set(oldRoot.children(named: "Record").flatMap(\.sealed).map(\.text))
        for text in newRoot.children(named: "Record").flatMap(\.sealed).map(\.text) {
            #expect(!sealedBefore.contains(text))
        }
        // The new data key is wrapped for the national side.
        let wrapped = try #require(newRoot.child("Key")?.attribute("wrapped"))
        #expect(try desk.unwrapping.unwrap(Base64.standard.decode(wrapped)) == new.dataKey)
    }

    @Test func `it says no more records than it holds, and opens nothing with another key`() throws
    {
        let desk = try PackingDesk.open()
        let (old, new) = (try desk.envelope(1), try desk.envelope(2))
        let first = try #require(desk.pack([couples[0]], under: old).submission)
        let other = try #require(desk.pack([couples[1]], under: old).submission)
        let before = try document(of: first)
        func repack(_ records: [SubmittedRecord], from envelope: Envelope) throws {
            _ = try desk.packing().repack(
                before, records: records, from: envelope, under: new,
                programme: "preconception-check", sender: desk.sender, at: PackingDesk.moment)
        }
        try repack(first.records, from: old)
        #expect(throws: PackingFailure.self) {
            try repack(first.records + other.records, from: old)
        }
        #expect(throws: PackingFailure.self) { try repack(first.records, from: new) }
    }
}
