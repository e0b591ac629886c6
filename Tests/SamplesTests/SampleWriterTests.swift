import Definitions
import Foundation
import Mappings
import Records
import Samples
import Testing

@Suite struct SampleWriterTests {
    let mapping: Mapping

    init() throws {
        mapping = try SampleFixture.mapping()
    }

    private func sample(
        _ couples: Int, seed: UInt64 = 7, defects: Double = 0, _ encoding: SampleEncoding = .utf8
    ) throws -> SampleInMemory {
        try SampleFixture.write(
            SampleRequest(
                couples: couples, seed: seed, defectFraction: defects, encoding: encoding), mapping)
    }

    @Test func `The same seed gives the same bytes, another seed other people`() throws {
        let first = try sample(40, defects: 0.2)
        let again = try sample(40, defects: 0.2)
        let other = try sample(40, seed: 8, defects: 0.2)
        let isSame = first.file == again.file && first.truth == again.truth
        #expect(isSame)
        let isOther = first.file != other.file
        #expect(isOther)
    }

    @Test(arguments: [0, 0.5]) func `A longer file begins with the shorter one`(defects: Double)
        throws
    {
        let short = try sample(90, defects: defects)
        let long = try sample(330, defects: defects)
        let begins = long.file.starts(with: short.file) && long.truth.starts(with: short.truth)
        #expect(begins)
        #expect(long.file.count > short.file.count * 3)
    }

    @Test func `Rows of a clean file pass the mapping without a finding`() throws {
        let clean = try sample(400)
        let findings = try clean.findings(mapping)
        #expect(findings.count == 400)
        #expect(findings.allSatisfy { $0 == [] })
        #expect(clean.answers.allSatisfy { $0.fate == "sent" && $0.codes.isEmpty })
        #expect(clean.answers.allSatisfy { $0.fen == [19_200, 2400, 2400] && $0.note.isEmpty })
    }

    @Test func `A clean file fills every mandatory column`() throws {
        let clean = try sample(200)
        for rule in mapping.rules {
            let element = mapping.dictionary.elements[rule.ordinal]
            guard element.isRequired, !rule.isOptional, case .column(let name) = rule.origin
            else { continue }
            let cells = try clean.column(name)
            #expect(!cells.contains(""), "\(element.name)")
        }
    }

    @Test func `What the mapping must find is what the truth file says`() throws {
        let atReading: Set = [
            "L-001", "E-ID-SCI", "V-ID-15", "V-ID-SPELLING", "V-CODE", "V-DATE", "V-RANGE",
        ]
        let sample = try sample(700, defects: 0.6)
        let findings = try sample.findings(mapping)
        for (answer, found) in zip(sample.answers, findings) {
            guard let found else {
                #expect(answer.codes == ["V-COLUMNS"])
                continue
            }
            #expect(found == answer.codes.filter(atReading.contains), "\(answer.note)")
        }
    }

    @Test func `The truth has a line for every row, and the summary adds them up`() throws {
        let sample = try sample(700, defects: 0.3)
        let answers = sample.answers
        #expect(sample.rows.count == 701)
        #expect(answers.map(\.row) == Array(2...701))
        #expect(sample.summary.rows == 700)
        for fate in ExpectedFate.allCases {
            #expect(
                sample.summary.fates[fate.rawValue]
                    == answers.count { $0.fate == fate.rawValue })
        }
        let paid = answers.filter { $0.fen != [0, 0, 0] }
        #expect(paid.allSatisfy { $0.fate == "sent" })
        #expect(sample.summary.settledCouples == paid.count)
        #expect(sample.summary.totals.central == Money(fen: 19_200) * Int64(paid.count))
        #expect(sample.summary.totals.district == Money(fen: 2400) * Int64(paid.count))
        #expect(sample.summary.settled.reduce(0) { $0 + $1.couples } == paid.count)
        for settled in sample.summary.settled {
            let own = paid.filter {
                $0.institution == settled.institution && $0.month == settled.month.description
            }
            #expect(own.count == settled.couples)
        }
    }

    @Test func `Couples before the start of money are sent and not paid`() throws {
        var request = SampleRequest(couples: 60, seed: 3, encoding: .utf8)
        request.payment.startsOn = try #require(CalendarDate(iso: "2012-07-01"))
        request.payment.price = Money(fen: 24_001)
        let answers = try SampleFixture.write(request, mapping).answers
        for answer in answers {
            let isEarly = answer.month < "2012-07"
            #expect(answer.fen == (isEarly ? [0, 0, 0] : [19_200, 2400, 2401]))
        }
        #expect(answers.contains { $0.month < "2012-07" })
        #expect(answers.contains { $0.month >= "2012-07" })
    }

    @Test func `An institution outside the invented provinces is refused`() throws {
        var request = SampleRequest(couples: 1, seed: 1)
        request.institutions = [SampleInstitution(code: "X", name: "样例", division: "500101")]
        #expect(throws: SampleFailure.self) { try SampleWriter(request, mapping: mapping) }
        request = SampleRequest(couples: 1, seed: 1, defectFraction: 1.5)
        #expect(throws: SampleFailure.self) { try SampleWriter(request, mapping: mapping) }
    }

    @Test func `Designated institutions are taken for the days on which they are designated`()
        throws
    {
        let list = try SampleFixture.designated()
        let days = SampleRequest.defaultDays
        let found = SampleInstitution.all(in: list, from: days.first, to: days.last)
        #expect(found.map(\.code) == SampleInstitution.invented.map(\.code))
        let sample = try sample(150)
        let codes = Set(try sample.column("服务机构代码"))
        #expect(codes == Set(found.map(\.code)))
    }

    @Test func `The sample in the repository is what its README's arguments give`() throws {
        let request = SampleRequest(
            couples: 300, seed: 2012, defectFraction: 0.1, encoding: .gb18030)
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("samples-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = "county-hospital-2012"
        _ = try SampleWriter(request, mapping: mapping)
            .write(to: folder.appendingPathComponent("\(name).csv").path)
        for ending in ["csv", "truth.csv", "truth.json"] {
            let made = try Data(contentsOf: folder.appendingPathComponent("\(name).\(ending)"))
            let kept = try Data(
                contentsOf: SampleFixture.samples
                    .appendingPathComponent("preconception-2012/\(name).\(ending)"))
            #expect(made == kept, "\(ending)")
        }
    }
}
