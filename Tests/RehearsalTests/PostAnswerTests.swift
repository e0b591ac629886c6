import LibCrypto
import LibCurl
import LibXML
import Records
import Rehearsal
import Testing

/// EXCHANGE 4: the answers to `POST /submissions`, each against the real server.
struct PostAnswerTests {
    @Test(arguments: CipherSuite.allCases)
    func `A good submission gets 200 with a signed receipt of every record`(
        suite: CipherSuite
    ) async throws {
        try await withNation { nation async throws in
            let submission = PostedSubmission(1, suite: suite, [PostedCase(1), PostedCase(2)])
            let outgoing = try nation.county.outgoing(submission)
            let answer = try await nation.county.post(outgoing)
            #expect(answer.status == 200)
            #expect(answer.header("Signature-Key") == nation.county.made.identity.receiptsID(suite))
            let receipt = try CheckedReceipt(answer, nation.county)
            #expect(receipt.root.attribute("submission") == submission.id)
            #expect(receipt.root.attribute("sender") == County.sender)
            #expect(
                receipt.root.attribute("digest") == Hex.encode(Hash.sha256.digest(outgoing.xml)))
            #expect(receipt.root.attribute("issued") == "2012-03-05T22:00:09+08:00")
            #expect(receipt.status == "processed")
            #expect(receipt.verdicts == ["accepted", "accepted"])
            let serials = receipt.root.children.map { $0.attribute("serial") }
            #expect(serials == ["N201200000001", "N201200000002"])
            #expect(try await nation.ledger.sealedValues() == (opened: 8, failed: 0))
        }
    }

    @Test func `A second post of the same bytes gets the first answer, packed or not`() async throws
    {
        try await withNation { nation async throws in
            let outgoing = try nation.county.outgoing(PostedSubmission(1, [PostedCase(1)]))
            let first = try await nation.county.post(outgoing)
            let packed = try nation.county.outgoing(
                id: PostedSubmission(1, []).id, xml: outgoing.xml, isPacked: true)
            #expect(packed.body.count < outgoing.body.count)
            for repetition in [outgoing, packed] {
                let again = try await nation.county.post(repetition)
                #expect(again.status == first.status)
                #expect(again.body == first.body)
                #expect(again.header("Signature") == first.header("Signature"))
            }
            let versions = try await nation.ledger.recordVersions()
            #expect(versions.map(\.effects) == [1])
            #expect(versions.map(\.arrivals) == [1])
            #expect(try await nation.feed().receipts.count == 1)
        }
    }

    @Test func `The same id with other bytes is a conflict in plain text`() async throws {
        try await withNation { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let first = try await nation.accept(submission)
            // The data key is another one, so the bytes are.
            let answer = try await nation.county.post(submission)
            #expect(answer.status == 409)
            #expect(answer.header("Content-Type")?.hasPrefix("text/plain") == true)
            #expect(answer.header("Signature") == nil)
            #expect(try await nation.newest(submission).bytes == first.bytes)
        }
    }

    @Test func `A header or digest that is wrong gets 400, and nothing is stored`() async throws {
        try await withNation { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let good = try nation.county.outgoing(submission)
            let other = PostedSubmission(2, []).id
            let changes: [(String, String?)] = [
                ("Content-Digest", nil), ("Content-Digest", County.Outgoing.digest([1])),
                ("Content-Digest", "sha-256=AAAA"), ("Signature", nil), ("Signature", "no base64"),
                ("Signature-Key", nil), ("Content-Type", "text/xml"), ("Content-Type", nil),
                ("Idempotency-Key", nil), ("Idempotency-Key", "1"), ("Idempotency-Key", other),
                ("Idempotency-Key", submission.id.uppercased()), ("Content-Encoding", "br"),
                ("Content-Encoding", "gzip"),
            ]
            for (name, value) in changes {
                var bad = good
                bad.headers[name] = value
                let answer = try await nation.county.post(bad)
                #expect(answer.status == 400, "\(name): \(value ?? "absent")")
                #expect(answer.header("Signature") == nil)
            }
            #expect(try await nation.ledger.storedSubmissions().isEmpty)
            #expect(try await nation.feed().receipts.isEmpty)
            let answer = try await nation.county.post(good)
            #expect(answer.status == 200)
        }
    }

    @Test func `A digest over the packed bytes may stand among others`() async throws {
        try await withNation { nation async throws in
            var packed = try nation.county.outgoing(
                PostedSubmission(1, [PostedCase(1)]), isPacked: true)
            packed.headers["Content-Digest"] =
                "sha-512=:AAAA:, " + County.Outgoing.digest(packed.body)
            #expect(try await nation.post(packed).status == 200)
            packed.headers["Content-Digest"] = County.Outgoing.digest(packed.xml)
            #expect(try await nation.post(packed).status == 400)
        }
    }

    @Test func `A certificate that nobody registered gets 403 everywhere`() async throws {
        let other = try County.made.get().registered(sender: "12990202MA0000T2XA")
        try await withNation(counties: [other]) { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let answer = try await nation.county.post(submission)
            #expect(answer.status == 403)
            #expect(answer.header("Signature") == nil)
            #expect(try await nation.get("/receipts?after=0&limit=1").status == 403)
            #expect(try await nation.ledger.storedSubmissions().isEmpty)
        }
    }

    @Test func `Too many records or bytes get 413, and the id stays free`() async throws {
        try await withNation { nation async throws in
            let cases = (1...1_001).map { PostedCase($0, version: 2, "withdraw") }
            var submission = PostedSubmission(1, cases)
            #expect(try await nation.post(submission).status == 413)
            let swollen = [UInt8](repeating: 0x20, count: 20_000_001)
            let packed = try nation.county.outgoing(
                id: submission.id, xml: swollen, isPacked: true)
            #expect(try await nation.post(packed).status == 413)
            let plain = try nation.county.outgoing(id: submission.id, xml: swollen)
            #expect(try await nation.post(plain).status == 413)
            let path = "/submissions/\(submission.id)/receipt"
            #expect(try await nation.get(path).status == 404)
            submission.records = [PostedCase(1)]
            #expect(try await nation.accept(submission).verdicts == ["accepted"])
        }
    }

    @Test func `What is not in the binding is neither found nor allowed`() async throws {
        try await withNation { nation async throws in
            for path in ["/", "/submissions/x", "/submissions/x/y", "/receipts/", "/elsewhere"] {
                #expect(try await nation.get(path).status == 404, "\(path)")
            }
            #expect(try await nation.get("/submissions").status == 405)
        }
    }
}
