import LibCrypto
import LibCurl
import LibXML
import Records
import Rehearsal
import Testing

/// EXCHANGE 4: 422 with a signed `refused` receipt.
struct RefusalTests {
    /// One way to be refused: its code, and what is done to a good submission.
    struct Way: Sendable, CustomTestStringConvertible {
        let code: String
        let name: String
        let change: @Sendable (inout PostedSubmission) throws -> Void

        init(
            _ code: String, _ name: String,
            _ change: @escaping @Sendable (inout PostedSubmission) throws -> Void
        ) {
            self.code = code
            self.name = name
            self.change = change
        }

        var testDescription: String { name }
    }

    static let ways = [
        Way("E1001", "a document type") { $0.prologue = "<!DOCTYPE Submission>" },
        Way("E1001", "not well-formed") { $0.prologue = "<a>" },
        Way("E1002", "against the schema") { $0.records[0].haemoglobin = "high" },
        Way("E1003", "another profile") { $0.profile = "reference-2" },
        Way("E1004", "a programme that is not open") { $0.programme = "newborn-screening" },
        Way("E1005", "another count") { $0.count = 3 },
        Way("E1006", "a record twice") { $0.records[1].id = $0.records[0].id },
        Way("E1010", "another region") { $0.region = "990102" },
        Way("E4003", "a key of the other suite") { $0.keySuite = .intl },
        Way("E4004", "another recipient") { $0.recipient = "national-gm-1999" },
        Way("E4004", "a key wrapped for a stranger") {
            $0.wrappingKey = try UnwrappingKey(generating: .gm).wrappingKey()
        },
        Way("E4004", "a key id of another form") { $0.keyID = "short" },
        Way("E4005", "another sender") { $0.sender = "12990202MA0000T2XA" },
    ]

    @Test(arguments: ways)
    func `The whole document is refused, and its id is used up`(way: Way) async throws {
        try await withNation { nation async throws in
            let good = PostedSubmission(1, [PostedCase(1), PostedCase(2)])
            var bad = good
            try way.change(&bad)
            let outgoing = try nation.county.outgoing(bad)
            let answer = try await nation.county.post(outgoing)
            #expect(answer.status == 422)
            let receipt = try CheckedReceipt(answer, nation.county)
            #expect(receipt.status == "refused")
            #expect(receipt.code == way.code)
            #expect(receipt.entries.isEmpty)
            #expect(!receipt.root.text.isEmpty)
            #expect(
                receipt.root.attribute("digest") == Hex.encode(Hash.sha256.digest(outgoing.xml)))
            #expect(try await nation.post(outgoing).body == answer.body)
            #expect(try await nation.newest(good).bytes == answer.body)
            // What is mended goes out under a new id.
            #expect(try await nation.post(good).status == 409)
            #expect(try await nation.ledger.acceptedRecords().isEmpty)
            var mended = good
            mended.id = PostedSubmission(2, []).id
            mended.keyID = "anotherKey2"
            #expect(try await nation.accept(mended).verdicts == ["accepted", "accepted"])
        }
    }

    @Test func `What is wrongly signed is refused but not stored`() async throws {
        try await withNation { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let good = try nation.county.outgoing(submission)
            var foreign = good
            foreign.headers["Signature"] = Base64.standard.encode(
                try SigningKey(generating: .gm).sign(good.xml))
            var unknown = good
            unknown.headers["Signature-Key"] = "county-1999"
            var mixed = good
            mixed.headers["Signature-Key"] = "county-intl"
            for (bad, code) in [(foreign, "E4001"), (unknown, "E4002"), (mixed, "E4001")] {
                let answer = try await nation.county.post(bad)
                #expect(answer.status == 422)
                let receipt = try CheckedReceipt(answer, nation.county)
                #expect(receipt.status == "refused")
                #expect(receipt.code == code)
            }
            let path = "/submissions/\(submission.id)/receipt"
            #expect(try await nation.get(path).status == 404)
            #expect(try await nation.ledger.storedSubmissions().isEmpty)
            #expect(try await nation.post(good).status == 200)
            // Every receipt appears in the feed, those too.
            let feed = try await nation.feed().receipts
            #expect(feed.map(\.status) == ["refused", "refused", "refused", "processed"])
        }
    }

    @Test func `A key id is never used twice`() async throws {
        try await withNation { nation async throws in
            _ = try await nation.accept(PostedSubmission(1, [PostedCase(1)]))
            var second = PostedSubmission(2, [PostedCase(2)])
            second.keyID = PostedSubmission(1, []).keyID
            let answer = try await nation.county.post(second)
            #expect(answer.status == 422)
            #expect(try CheckedReceipt(answer, nation.county).code == "E4004")
        }
    }
}
