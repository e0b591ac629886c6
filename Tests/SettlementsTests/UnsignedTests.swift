import Evidence
import Foundation
import Records
import Settlements
import Testing

/// What is paid on the word of a list without a signature: it counts, and each line is marked.
struct UnsignedTests {
    private let record = SubmittedRecord.sample(SampleStory.id(1))

    private func statement(_ sample: SampleBook) throws -> Statement {
        var book = CaseBook(programme: SampleBook.programme)
        for (place, fact) in sample.facts.enumerated() {
            book.add(fact, seq: Int64(place + 1), at: SampleStory.now)
        }
        return Settlement.closing(
            book, rule: try SampleFunding.rule(), year: 2012, division: SampleFunding.county,
            national: nil, hasCounts: false, at: SampleStory.now
        ).statement
    }

    @Test func `what a list accepts is paid and stated apart, and counts on paper are asked for`()
        throws
    {
        var sample = SampleBook()
        sample.answer(
            sample.enqueue([record]), [RecordVerdict(record, .accepted)], grade: .unsigned)
        let statement = try statement(sample)
        #expect(statement.totalCases == 1 && statement.unsigned?.cases == 1)
        #expect(statement.unsigned?.fen == statement.totalFen && statement.unsigned?.persons == 2)
        #expect(!statement.blocked.contains { $0.code == "E-COUNTS-MISSING" })
        #expect(statement.warnings.contains { $0.en.contains("gives no counts") })
        let table = String(decoding: statement.csv(), as: UTF8.self)
        #expect(table.contains("paid.unsigned,结算,其中依据无签名结果清单,,,,1,2,24000,240.00,"))
        #expect(String(decoding: statement.html(), as: UTF8.self).contains("无签名结果清单"))
    }

    /// A list and a signed receipt about one version, in both orders.
    @Test(arguments: [Verdict.accepted, .rejected], [Verdict.accepted, .rejected])
    func `a signed answer counts whatever a list says, before or after it`(
        signed: Verdict, list: Verdict
    ) throws {
        for isSignedFirst in [true, false] {
            var sample = SampleBook()
            let submission = sample.enqueue([record])
            let grades: [AnswerGrade?] = isSignedFirst ? [nil, .unsigned] : [.unsigned, nil]
            for grade in grades {
                sample.answer(
                    submission, [RecordVerdict(record, grade == nil ? signed : list)],
                    receipt: grade == nil ? "signed" : "list", grade: grade)
            }
            let statement = try statement(sample)
            #expect(statement.totalCases == (signed == .accepted ? 1 : 0))
            #expect(statement.unsigned == nil)
        }
    }

    @Test func `a pack with a list passes, and says how many lines rest on what`() async throws {
        let pack = try await SamplePack.make(.unsigned)
        let verified = try pack.recount(SamplePack.allKeys)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(
            verified.output.contains(
                "3 settled lines are proven by signed receipts, 2 are marked and rest on lists"),
            "\(verified.output)")
        #expect(pack.settlement.statement.unsigned?.cases == 2)
        let leaves = try String(
            contentsOf: pack.path.appendingPathComponent("ledger/leaves.jsonl"), encoding: .utf8)
        #expect(leaves.components(separatedBy: #""grade":"unsigned""#).count == 3)
        let readme = try String(
            contentsOf: pack.path.appendingPathComponent("README.txt"), encoding: .utf8)
        #expect(readme.contains("Without a signature: 2"))
    }

    @Test func `a pack whose lines are all signed says nothing of lists`() async throws {
        let verified = try await SamplePack.make().recount(SamplePack.allKeys)
        #expect(verified.status == 0 && !verified.output.contains("without a signature"))
    }
}
