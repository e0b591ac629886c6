import Records
import Settlements
import Testing

/// How many records of a year stand so.
@Suite struct RecordCountTests {
    private func counts(
        _ sample: SampleBook, programme: String = SampleBook.programme,
        _ question: RecordCounts.Question
    ) -> RecordCounts {
        RecordCounts(question, in: CaseBook(sample.facts, programme: programme))
    }

    @Test func `what came, what is accepted and what is complete are told apart`() {
        var sample = SampleFunding.couples(2)
        sample.take(rows: 1, kept: [.sample("home", "quarantined", at: SampleBook.otherClinic)])
        sample.accept([.sample("thin", isComplete: false)])
        sample.accept([.sample("gone")])
        sample.accept([.sample("gone", version: 2, action: .withdraw)])
        sample.accept([.sample("later", on: "2013-01-01")])
        let taken = counts(sample, .init(year: 2012, isAccepted: false))
        #expect(taken.total == 4)
        #expect(taken.byInstitution == [SampleBook.clinic: 3, SampleBook.otherClinic: 1])
        #expect(counts(sample, .init(year: 2012)).total == 3)
        #expect(counts(sample, .init(year: 2012, isComplete: true)).total == 2)
        #expect(counts(sample, .init(year: 2013)).total == 1)
    }

    @Test func `services are asked for by name, and a pregnancy counts once`() {
        var sample = SampleScreening.tests(2, "serum")
        sample.accept([.test("again", "nipt", woman: "pid-serum-0")])
        sample.accept([.test("second", "nipt", woman: "pid-serum-0", pregnancy: 2)])
        sample.accept([.test("guest", "serum", isLocal: false)])
        sample.accept([.test("after", "diagnosis")])
        let tests: Set<String> = ["serum", "nipt"]
        let name = "prenatal-screening"
        func total(_ question: RecordCounts.Question) -> Int {
            counts(sample, programme: name, question).total
        }
        #expect(total(.init(year: 2016, services: tests)) == 5)
        #expect(total(.init(year: 2016, services: tests, isLocal: true)) == 4)
        #expect(total(.init(year: 2016, services: tests, isOnce: true, isLocal: true)) == 3)
        #expect(total(.init(year: 2016, except: ["diagnosis"])) == 5)
        #expect(total(.init(year: 2016)) == 6)
    }
}
