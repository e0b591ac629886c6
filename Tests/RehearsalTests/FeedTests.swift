import LibCrypto
import LibCurl
import LibXML
import Records
import Rehearsal
import Testing

/// EXCHANGE 4: receipts, the feed and the counts.
struct FeedTests {
    @Test func `The feed holds every receipt in order, behind a cursor`() async throws {
        try await withNation { nation async throws in
            var given: [[UInt8]] = []
            for number in 1...5 {
                given.append(
                    try await nation.accept(PostedSubmission(number, [PostedCase(number)])).bytes)
            }
            #expect(try await nation.feed().receipts.map(\.bytes) == given)
            var cursor = "0"
            var walked: [[UInt8]] = []
            for size in [2, 2, 1] {
                let page = try await nation.feed(after: cursor, limit: 2)
                #expect(page.receipts.count == size)
                #expect(page.next != cursor)
                walked += page.receipts.map(\.bytes)
                cursor = page.next
            }
            #expect(walked == given)
            let empty = try await nation.feed(after: cursor, limit: 2)
            #expect(empty.receipts.isEmpty)
            #expect(empty.next == cursor)
            // What comes later stands behind the old cursor.
            let late = try await nation.accept(PostedSubmission(6, [PostedCase(6)]))
            #expect(try await nation.feed(after: cursor).receipts.map(\.bytes) == [late.bytes])
        }
    }

    @Test func `A cursor or limit that is none gets 400`() async throws {
        try await withNation { nation async throws in
            #expect(try await nation.feed().next == "0")
            for query in [
                "after=0&limit=0", "after=0&limit=501", "after=x&limit=1", "after=-1&limit=1",
                "limit=1", "after=0", "after=0&after=1&limit=1",
            ] {
                #expect(try await nation.get("/receipts?\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test func `An id that was never stored gets 404`() async throws {
        try await withNation { nation async throws in
            let path = "/submissions/\(PostedSubmission(1, []).id)/receipt"
            #expect(try await nation.get(path).status == 404)
        }
    }

    @Test func `Answered later, the first 202 stays and the receipt comes by the feed`()
        async throws
    {
        try await withNation(mode: .later(collects: 2, received: false)) { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let outgoing = try nation.county.outgoing(submission)
            for _ in 1...2 {
                let answer = try await nation.county.post(outgoing)
                #expect(answer.status == 202)
                #expect(answer.body.isEmpty)
                #expect(answer.header("Signature") == nil)
            }
            let path = "/submissions/\(submission.id)/receipt"
            let early = try await nation.county.get(path)
            #expect(early.status == 202)
            #expect(early.body.isEmpty)
            #expect(try await nation.feed().receipts.isEmpty)
            let receipts = try await nation.feed().receipts
            #expect(receipts.map(\.verdicts) == [["accepted"]])
            #expect(try await nation.newest(submission).bytes == receipts[0].bytes)
            #expect(try await nation.post(outgoing).status == 202)
        }
    }

    @Test func `A received receipt may come first, and process gives the rest`() async throws {
        try await withNation(mode: .later(collects: nil, received: true)) { nation async throws in
            let submission = PostedSubmission(1, [PostedCase(1)])
            let answer = try await nation.county.post(submission)
            #expect(answer.status == 202)
            let received = try CheckedReceipt(answer, nation.county)
            #expect(received.status == "received")
            #expect(received.entries.isEmpty)
            for _ in 1...3 {
                #expect(try await nation.newest(submission).bytes == received.bytes)
            }
            try await nation.system.process()
            #expect(try await nation.newest(submission).verdicts == ["accepted"])
            #expect(try await nation.feed().receipts.map(\.status) == ["received", "processed"])
        }
    }

    @Test func `Counts are the cases in force by institution and month of service`() async throws {
        try await withNation { nation async throws in
            let other = "12990101MA0000T3XB"
            let april = PostedCase(2).with { $0.servedOn = "2012-04-30" }
            let elsewhere = PostedCase(3).with { $0.institution = other }
            _ = try await nation.accept(
                PostedSubmission(
                    1,
                    [
                        PostedCase(1), april, elsewhere, PostedCase(4),
                        PostedCase(5).with { $0.sex = "1" },
                        PostedCase(6).with { $0.servedOn = "2012-05-01" },
                    ]))
            _ = try await nation.accept(
                PostedSubmission(
                    2, [PostedCase(1), PostedCase(4, version: 2, "withdraw")]))
            let query = "programme=preconception-check&region=990101&from=2012-03&to=2012-04"
            let answer = try await nation.county.get("/counts?\(query)")
            #expect(answer.status == 200)
            let counts = try CheckedReceipt(answer, nation.county).root
            #expect(counts.name == "Counts")
            #expect(counts.attribute("from") == "2012-03")
            #expect(counts.attribute("region") == "990101")
            let rows = counts.children.map { row in
                ["institution", "month", "accepted", "rejected", "duplicate"]
                    .map { row.attribute($0) ?? "" }
            }
            #expect(
                rows == [
                    [County.sender, "2012-03", "1", "1", "1"],
                    [County.sender, "2012-04", "1", "0", "0"],
                    [other, "2012-03", "1", "0", "0"],
                ])
            let days = try await nation.ledger.counts(
                sender: County.sender, programme: "preconception-check", from: "2012-04-30",
                to: "2012-05-01")
            #expect(days.map(\.accepted) == [1, 1])
        }
    }

    @Test func `Counts for another region or a wrong range are refused`() async throws {
        try await withNation { nation async throws in
            let start = "/counts?programme=preconception-check"
            let cases = [
                ("&region=990102&from=2012-03&to=2012-04", 403),
                ("&region=990101&from=2012-04&to=2012-03", 400),
                ("&region=990101&from=2012&to=2012-03", 400), ("&region=990101&to=2012-03", 400),
            ]
            for (query, status) in cases {
                #expect(try await nation.get(start + query).status == status, "\(query)")
            }
        }
    }
}
