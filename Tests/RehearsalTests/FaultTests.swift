import LibCrypto
import LibCurl
import LibXML
import Records
import Rehearsal
import Testing

/// Every scripted fault, as the county sees it.
struct FaultTests {
    /// The failure of one post; nil when there was an answer.
    func failure(_ nation: Nation, _ outgoing: County.Outgoing) async throws -> ExchangeFailure? {
        do {
            _ = try await nation.county.post(outgoing)
            return nil
        } catch let failure as ExchangeFailure {
            return failure
        }
    }

    @Test func `Dropped after storing: no answer, yet the receipt is there`() async throws {
        try await withNation(faults: "post 1: drop-after-storing") { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let outgoing = try nation.county.outgoing(submission)
            #expect(try await failure(nation, outgoing) == .uncertain(.connectionLost))
            let receipt = try await nation.newest(submission)
            #expect(receipt.verdicts == ["accepted"])
            let again = try await nation.county.post(outgoing)
            #expect(again.body == receipt.bytes)
            #expect(try await nation.ledger.recordVersions().map(\.effects) == [1])
        }
    }

    @Test func `Dropped before storing: no answer, and the id is free`() async throws {
        try await withNation(faults: "post 1: drop-before-storing") { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let outgoing = try nation.county.outgoing(submission)
            #expect(try await failure(nation, outgoing) == .uncertain(.connectionLost))
            let path = "/submissions/\(submission.id)/receipt"
            #expect(try await nation.get(path).status == 404)
            #expect(try await nation.post(outgoing).status == 200)
        }
    }

    @Test func `Busy: 429 and 503 say when to come again and store nothing`() async throws {
        try await withNation(faults: "post 1: status-429 7\npost 2: status-503 60") {
            nation async throws in
            let outgoing = try nation.county.outgoing(PostedSubmission(1, [PostedCase(1)]))
            let first = try await nation.county.post(outgoing)
            #expect(first.status == 429)
            #expect(first.header("Retry-After") == "7")
            let second = try await nation.county.post(outgoing)
            #expect(second.status == 503)
            #expect(second.header("Retry-After") == "60")
            #expect(try await nation.ledger.storedSubmissions().isEmpty)
            #expect(try await nation.post(outgoing).status == 200)
        }
    }

    @Test func `Refused by script: 422, stored, the id used up`() async throws {
        try await withNation(faults: "post 1: refuse E1009") { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let outgoing = try nation.county.outgoing(submission)
            let answer = try await nation.county.post(outgoing)
            #expect(answer.status == 422)
            #expect(try CheckedReceipt(answer, nation.county).code == "E1009")
            #expect(try await nation.post(outgoing).body == answer.body)
        }
    }

    @Test func `Delayed: the answer waits`() async throws {
        try await withNation(faults: "post 1: delay 1500ms") { nation async throws in
            _ = try await nation.accept(PostedSubmission(1, [PostedCase(1)]))
            _ = try await nation.accept(PostedSubmission(2, [PostedCase(2)]))
            #expect(await nation.pauses.all == [.milliseconds(1_500)])
        }
    }

    @Test func `Answered twice: the same bytes again, and other bytes of the same verdicts`()
        async throws
    {
        try await withNation(faults: "post 1: answer-twice") { nation async throws in
            let given = try await nation.accept(PostedSubmission(1, [PostedCase(1)]))
            let feed = try await nation.feed().receipts
            #expect(feed.count == 3)
            #expect(feed.map { $0.bytes == given.bytes } == [true, true, false])
            #expect(feed[2].entries == given.entries)
            #expect(try await nation.ledger.recordVersions().map(\.effects) == [1])
        }
    }

    @Test func `Conflict: a later receipt rejects what was accepted`() async throws {
        try await withNation(faults: "post 1: conflict") { nation async throws in
            let given = try await nation.accept(
                PostedSubmission(1, [PostedCase(1), PostedCase(2)]))
            #expect(given.verdicts == ["accepted", "accepted"])
            let feed = try await nation.feed().receipts
            #expect(feed.map(\.verdicts) == [["accepted", "accepted"], ["E2106"]])
            #expect(feed[1].entries.map(\.record) == ["1"])
            #expect(try await nation.feed().receipts.count == 2)
        }
    }

    @Test func `Partial: half of the records, the rest with the next collect`() async throws {
        try await withNation(faults: "post 1: partial") { nation async throws in
            let cases = (1...5).map { PostedCase($0) }
            let given = try await nation.accept(PostedSubmission(1, cases))
            #expect(given.entries.map(\.record) == ["1", "2", "3"])
            let feed = try await nation.feed().receipts
            #expect(feed.map { $0.entries.map(\.record) } == [["1", "2", "3"], ["4", "5"]])
        }
    }

    @Test func `Pending first: the verdicts come with the next collect`() async throws {
        try await withNation(faults: "post 1: pending-first") { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1), PostedCase(2)])
            let given = try await nation.accept(submission)
            #expect(given.status == "processed")
            #expect(given.entries.map(\.status) == ["pending", "pending"])
            #expect(try await nation.ledger.acceptedRecords().isEmpty)
            #expect(try await nation.newest(submission).verdicts == ["accepted", "accepted"])
        }
    }

    @Test func `Forged and unsigned: the answer is worth nothing, the true receipt is there`()
        async throws
    {
        let script = "post 1: forged-receipt\npost 2: unsigned-receipt"
        try await withNation(faults: script) { nation async throws in
            let forged = PostedSubmission(1, suite: .intl, [PostedCase(1)])
            let first = try await nation.county.post(forged)
            #expect(first.status == 200)
            let isSigned = try CheckedReceipt.isSigned(
                first.body, try #require(first.header("Signature")),
                try #require(first.header("Signature-Key")), nation.county.made.identity)
            #expect(!isSigned)
            #expect(try await nation.newest(forged).bytes == first.body)
            let unsigned = PostedSubmission(2, [PostedCase(2)])
            let second = try await nation.county.post(unsigned)
            #expect(second.status == 200)
            #expect(second.header("Signature") == nil)
            #expect(second.header("Signature-Key") == nil)
            #expect(try await nation.newest(unsigned).bytes == second.body)
        }
    }

    @Test func `Misaddressed: a receipt of another digest or sender goes before the right one`()
        async throws
    {
        let script = "post 1: wrong-digest-receipt\npost 2: wrong-sender-receipt"
        try await withNation(faults: script) { nation async throws in
            for (number, attribute) in [(1, "digest"), (2, "sender")] {
                let submission = PostedSubmission(number, [PostedCase(number)])
                let wrong = try await nation.accept(submission).root
                let right = try await nation.newest(submission).root
                for name in ["submission", "digest", "sender"] {
                    #expect(
                        (wrong.attribute(name) == right.attribute(name)) == (name != attribute))
                }
            }
            #expect(try await nation.feed().receipts.count == 4)
        }
    }

    @Test func `Rubbish: 200 with a page, though the document is stored`() async throws {
        try await withNation(faults: "post 1: rubbish-200") { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let answer = try await nation.county.post(submission)
            #expect(answer.status == 200)
            #expect(answer.header("Signature") == nil)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("<html>"))
            #expect(try await nation.newest(submission).verdicts == ["accepted"])
        }
    }

    @Test func `Single records are rejected, put off or warned about`() async throws {
        let script = """
            post 1 record 1: reject E2104
            post 1 record 2-3: transient E5001
            post 1 record 4: warn 0101
            """
        try await withNation(faults: script) { nation async throws in
            let cases = (1...5).map { PostedCase($0) }
            let given = try await nation.accept(PostedSubmission(1, cases))
            #expect(given.verdicts == ["E2104", "E5001", "E5001", "0101", "accepted"])
            #expect(
                given.entries.map(\.status) == [
                    "rejected", "rejected", "rejected", "accepted-with-warnings", "accepted",
                ])
            let again = try await nation.accept(
                PostedSubmission(2, [PostedCase(2), PostedCase(4)]))
            #expect(again.verdicts == ["accepted", "duplicate"])
            let counts = try await nation.ledger.counts(
                sender: County.sender, programme: "preconception-check", from: "2012-03",
                to: "2012-03")
            // The one that was put off for good is neither accepted nor rejected.
            #expect(counts.map(\.accepted) == [3])
            #expect(counts.map(\.rejected) == [1])
        }
    }

    @Test func `Another script may be played, and another way to answer taken`() async throws {
        try await withNation(faults: "post *: status-503 1") { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let outgoing = try nation.county.outgoing(submission)
            let busy = try await nation.county.post(outgoing)
            #expect(busy.status == 503)
            let script = FaultScript([.post(.only(2), .status429(retryAfterSeconds: 1))])
            await nation.system.play(script)
            await nation.system.change(mode: .later(collects: 0, received: false))
            let stored = try await nation.county.post(outgoing)
            #expect(stored.status == 202)
            let limited = try await nation.county.post(outgoing)
            #expect(limited.status == 429)
            #expect(try await nation.newest(submission).verdicts == ["accepted"])
        }
    }
}
