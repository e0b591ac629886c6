import LibCrypto
import LibXML
import Privacy
import Records
import Submissions
import TestKit
import Testing

/// A withdrawal says which case, and nothing of its people.
struct WithdrawalTests {
    private func withdrawal(of sent: SubmittedRecord) -> SubmittedRecord {
        SubmittedRecord(
            record: sent.record, version: sent.version + 1, action: .withdraw,
            institution: sent.institution, servedOn: sent.servedOn, traits: sent.traits,
            claimant: nil, childOrder: nil)
    }

    @Test(arguments: CipherSuite.allCases)
    func `it is bare, fits the schema, is signed, and can be packed again`(_ suite: CipherSuite)
        throws
    {
        let desk = try PackingDesk.open(suite)
        let couples = [CleanCouple(file: "A"), CleanCouple(file: "B")]
        let sent = try #require(desk.pack(couples, under: desk.envelope(1)).submission)
        let records = sent.records.map(withdrawal)
        let submission = try desk.packing().withdraw(
            records, under: desk.envelope(2), programme: "preconception-check",
            sender: desk.sender, at: PackingDesk.moment)
        let bytes = try document(of: submission)
        let found = try tree(bytes).children(named: "Record")
        #expect(found.map { $0.attribute("id") } == records.map(\.record.text))
        for record in found {
            #expect(record.children.isEmpty)
            #expect(record.attribute("action") == "withdraw" && record.attribute("version") == "2")
            #expect(record.attributes.count == 5)
        }
        #expect(submission.records == records)
        let schema = try CompiledSchema(main: Array(desk.schemaText.utf8))
        #expect(isValid(bytes, by: schema.validator()))
        #expect(
            try desk.signing.verifyingKey().verify(signature: submission.signature, over: bytes))

        let again = try desk.packing().repack(
            bytes, records: [records[1]], from: desk.envelope(2), under: desk.envelope(3),
            programme: "preconception-check", sender: desk.sender, at: PackingDesk.moment)
        let repacked = try document(of: again)
        #expect(isValid(repacked, by: schema.validator()))
        #expect(
            try tree(repacked).children(named: "Record").map { $0.attribute("id") }
                == [records[1].record.text])
    }
}
