import LibCurl
import LibXML
import Records
import Rehearsal
import Testing

/// EXCHANGE 1 and 2: versions, actions, entitlement and sealed values of single records.
struct RecordVerdictTests {
    /// Posts the cases in one submission after the other; their verdicts, in order.
    func verdicts(_ nation: Nation, _ rounds: [[PostedCase]]) async throws -> [[String]] {
        var all: [[String]] = []
        for (index, cases) in rounds.enumerated() {
            all.append(try await nation.accept(PostedSubmission(index + 1, cases)).verdicts)
        }
        return all
    }

    @Test func `Submit, amend, withdraw, submit again, each with a higher version`() async throws {
        try await withNation { nation async throws in
            let found = try await verdicts(
                nation,
                [
                    [PostedCase(1)], [PostedCase(1, version: 3, "amend")],
                    [PostedCase(1, version: 4, "withdraw")], [PostedCase(1, version: 9)],
                ])
            #expect(found == [["accepted"], ["accepted"], ["accepted"], ["accepted"]])
            #expect(try await nation.ledger.recordsInForce().values.map { $0 } == [9])
            #expect(try await nation.ledger.recordVersions().allSatisfy { $0.effects == 1 })
        }
    }

    @Test func `An action that does not fit what is in force is rejected`() async throws {
        try await withNation { nation async throws in
            let found = try await verdicts(
                nation,
                [
                    [PostedCase(1, "amend"), PostedCase(2, "withdraw"), PostedCase(3)],
                    [PostedCase(3, version: 2)], [PostedCase(3, version: 2, "withdraw")],
                    [PostedCase(3, version: 3, "amend")],
                ])
            #expect(
                found == [["E3202", "E3202", "accepted"], ["E3202"], ["accepted"], ["E3202"]])
        }
    }

    @Test func `An older version is rejected unless it was accepted before`() async throws {
        try await withNation { nation async throws in
            let found = try await verdicts(
                nation,
                [
                    [PostedCase(1, version: 2)], [PostedCase(1, version: 5, "amend")],
                    [PostedCase(1, version: 4, "amend")], [PostedCase(1, version: 2)],
                    [PostedCase(1, version: 5, "amend")],
                ])
            #expect(found == [["accepted"], ["accepted"], ["E3201"], ["duplicate"], ["duplicate"]])
            let feed = try await nation.feed().receipts
            let serials = feed.map { $0.root.children.first?.attribute("serial") }
            #expect(serials[3] == serials[0])
            #expect(serials[4] == serials[1])
            let versions = try await nation.ledger.recordVersions()
            #expect(versions.map(\.version) == [2, 4, 5])
            #expect(versions.map(\.effects) == [1, 0, 1])
            #expect(versions.map(\.arrivals) == [2, 1, 2])
        }
    }

    @Test func `A couple has one free check for a child order, until it is withdrawn`() async throws
    {
        try await withNation { nation async throws in
            let selfPaid = PostedCase(3, couple: 1).with { $0.payerType = 2 }
            let secondChild = PostedCase(4, couple: 1).with { $0.childOrder = 2 }
            let found = try await verdicts(
                nation,
                [
                    [PostedCase(1)], [PostedCase(2, couple: 1), selfPaid, secondChild],
                    [PostedCase(1, version: 2, "amend")],
                    [PostedCase(1, version: 3, "withdraw")], [PostedCase(2, couple: 1)],
                    [PostedCase(1, version: 4)],
                ])
            #expect(
                found == [
                    ["accepted"], ["E3101", "accepted", "accepted"], ["accepted"], ["accepted"],
                    ["accepted"], ["E3101"],
                ])
        }
    }

    @Test func `A sealed value opens only in its own place and padding`() async throws {
        try await withNation { nation async throws in
            let cases = [
                PostedCase(1), PostedCase(2).with { $0.sealedAs = "husband.name" },
                PostedCase(3).with { $0.namePad = 0 }, PostedCase(4).with { $0.namePad = 64 },
            ]
            let receipt = try await nation.accept(PostedSubmission(1, cases))
            #expect(receipt.verdicts == ["accepted", "E4004", "E4004", "E4004"])
            #expect(
                receipt.root.children.map { $0.attribute("field") } == [
                    nil, "wife/name", "wife/name", "wife/name",
                ])
            #expect(try await nation.ledger.sealedValues() == (opened: 13, failed: 3))
            // What was not accepted may come again, in a new submission.
            let again = try await nation.accept(PostedSubmission(2, [PostedCase(2)]))
            #expect(again.verdicts == ["accepted"])
        }
    }

    @Test func `An identity number is looked at`() async throws {
        try await withNation { nation async throws in
            let good = PostedCase.idNumber(2)
            let last = good.last == "1" ? "2" : "1"
            let cases = [
                PostedCase(1), PostedCase(2).with { $0.idNumber = good.dropLast() + last },
                PostedCase(3).with { $0.sex = "1" },
                PostedCase(4).with { $0.idNumber = "990101198507120" },
                PostedCase(5).with { $0.idNumber = good + " " },
            ]
            let receipt = try await nation.accept(PostedSubmission(1, cases))
            #expect(receipt.verdicts == ["accepted", "E3001", "E3003", "E3001", "E2107"])
        }
    }

    @Test func `A record of another sender is not touched`() async throws {
        let made = try County.made.get()
        let other = "12990202MA0000T2XA"
        try await withNation(
            counties: [try made.registered(), try made.registered(sender: other)]
        ) { nation async throws in
            _ = try await nation.accept(PostedSubmission(1, [PostedCase(1)]))
            var foreign = PostedSubmission(2, [PostedCase(1, version: 2, "amend")])
            foreign.sender = other
            let outgoing = try nation.county.outgoing(foreign)
            let answer = await nation.system.answer(
                ExchangeRequest(
                    method: "POST", path: "/submissions",
                    headers: outgoing.headers.map { .init($0.key, $0.value) },
                    body: outgoing.body), client: other)
            #expect(answer.status == 200)
            #expect(String(decoding: answer.body, as: UTF8.self).contains("E3204"))
            // And its receipts are nobody else's.
            #expect(try await nation.feed().receipts.count == 1)
            let path = "/submissions/\(foreign.id)/receipt"
            #expect(try await nation.get(path).status == 404)
        }
    }
}
