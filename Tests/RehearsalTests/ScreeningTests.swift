import LibCurl
import LibXML
import Rehearsal
import Testing

/// The pretend side takes prenatal screening too: one subject, `pregnantWoman` (EXCHANGE 1).
struct ScreeningTests {
    private func submission(_ number: Int, _ tests: [PostedScreening]) -> PostedSubmission {
        var submission = PostedSubmission(number, [])
        submission.programme = "prenatal-screening"
        submission.screenings = tests
        return submission
    }

    @Test func `A woman's tests are accepted, amended, withdrawn, and told twice`() async throws {
        try await withNation { nation async throws in
            let rounds: [[PostedScreening]] = [
                [PostedScreening(1), PostedScreening(2)], [PostedScreening(1, version: 2, "amend")],
                [PostedScreening(1, version: 2, "amend")],
                [PostedScreening(1, version: 3, "withdraw")],
            ]
            var found: [[String]] = []
            for (number, tests) in rounds.enumerated() {
                found.append(try await nation.accept(submission(number + 1, tests)).verdicts)
            }
            // Two tests of one woman are two cases: nobody has a claim to one test only.
            #expect(
                found == [["accepted", "accepted"], ["accepted"], ["duplicate"], ["accepted"]])
            #expect(try await nation.ledger.recordsInForce().count == 1)
            let sealed = try await nation.ledger.sealedValues()
            // Ten values a test, in four tests that are not bare.
            #expect(sealed == (opened: 40, failed: 0))
        }
    }

    @Test func `Her identity number and the padding of a name are looked at`() async throws {
        try await withNation { nation async throws in
            let good = PostedCase.idNumber(2)
            let last = good.last == "1" ? "2" : "1"
            let tests = [
                PostedScreening(1),
                PostedScreening(2).with { $0.idNumber = good.dropLast() + last },
                PostedScreening(3).with { $0.birthMonth = "1985-08" },
                PostedScreening(4).with { $0.isPadded = false },
            ]
            let receipt = try await nation.accept(submission(1, tests))
            #expect(receipt.verdicts == ["accepted", "E3001", "E3003", "E4004"])
            #expect(
                receipt.root.children.map { $0.attribute("field") } == [
                    nil, "pregnantWoman/idNumber", "pregnantWoman/idNumber",
                    "registration/screeningDoctor",
                ])
        }
    }

    @Test func `A subject of the other programme does not fit the schema`() async throws {
        try await withNation { nation async throws in
            let wrong = submission(1, [PostedScreening(1).with { $0.role = "wife" }])
            let answer = try await nation.post(wrong)
            #expect(answer.status == 422)
            #expect(try CheckedReceipt(answer, nation.county).code == "E1002")
        }
    }

    @Test(arguments: ["preconception", "prenatal-screening"])
    func `Every sealed element has the padding that the dictionary states`(programme: String)
        throws
    {
        let text = String(
            decoding: try PostedScreening.mappings("\(programme)/to-reference-1/dictionary.csv"),
            as: UTF8.self)
        var compared = 0
        for line in text.split(separator: "\n").dropFirst() {
            // Titles may hold commas in quotes; the columns that count stand at both ends.
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
            guard cells.count > 10, cells[cells.count - 2] == "encrypt",
                let pad = cells.last.flatMap({ Int($0) })
            else { continue }
            compared += 1
            #expect(
                PaddingTable.reference1.pad(owner: cells[0], field: cells[1]) == pad,
                "\(cells[0]).\(cells[1])")
        }
        #expect(compared > 15)
    }
}
