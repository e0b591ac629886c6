import Mappings
import Records
import Samples
import Testing

@Suite struct DefectTests {
    let mapping: Mapping
    /// The same, where a reader must find the encoding by itself.
    let undeclared: Mapping

    init() throws {
        mapping = try SampleFixture.mapping(encoding: "gb18030")
        undeclared = try SampleFixture.mapping(encoding: "auto")
    }

    private static let kinds = [
        "wife-only", "husband-only", "consent-missing", "consent-by-husband-only",
        "id-wrong-check-digit", "id-damaged-by-spreadsheet", "id-impossible-date", "id-15-digits",
        "id-lower-case-x", "id-full-width", "id-contradicts-sex", "id-contradicts-birth-date",
        "policy-not-eligible", "residence-5-months", "residence-6-months", "file-unfinished",
        "institution-not-designated", "item-not-done", "mandatory-cell-empty", "unknown-word",
        "impossible-date", "value-out-of-range", "quoted-line-break", "quoted-comma-and-quotes",
        "too-few-columns", "undecodable-bytes", "identical-copy", "second-free-check",
        "self-paid-check", "next-child-order",
    ]

    private func sample(_ couples: Int, _ defects: Double, _ encoding: SampleEncoding = .utf8)
        throws -> SampleInMemory
    {
        try SampleFixture.write(
            SampleRequest(couples: couples, seed: 5, defectFraction: defects, encoding: encoding),
            mapping)
    }

    private static func kind(_ answer: SampleInMemory.Answer) -> String {
        String(answer.note.prefix { $0 != " " })
    }

    @Test func `Every kind of defect stands among the first 300 rows`() throws {
        let sample = try sample(300, 0.001, .gb18030)
        let found = Set(sample.answers.map(Self.kind))
        #expect(Set(Self.kinds).subtracting(found) == [])
        #expect(found.subtracting(Self.kinds) == [""])
    }

    @Test func `A file whose encoding nobody declares has no undecodable byte`() throws {
        let request = SampleRequest(
            couples: 300, seed: 5, defectFraction: 0.001, encoding: .gb18030)
        let found = Set(try SampleFixture.write(request, undeclared).answers.map(Self.kind))
        #expect(Set(Self.kinds).subtracting(found) == ["undecodable-bytes"])
    }

    @Test func `The share of defects is the share asked for`() throws {
        let answers = try sample(1000, 0.2).answers
        let share = Double(answers.filter { !$0.note.isEmpty }.count) / 1000
        #expect((0.16...0.24).contains(share))
    }

    @Test func `A copy is the same row to the last byte`() throws {
        let sample = try sample(900, 0.3)
        let rows = sample.rows
        let copies = sample.answers.filter { Self.kind($0) == "identical-copy" }
        #expect(copies.count > 2)
        for copy in copies {
            let original = try #require(Int(copy.note.split(separator: " ").last ?? ""))
            #expect(rows[copy.row - 1] == rows[original - 1])
            #expect(sample.answers[original - 2].fate == "sent")
        }
    }

    @Test func `A second check is the same wife, later, under another file number`() throws {
        let sample = try sample(900, 0.3)
        let wives = try sample.column("女方身份证号")
        let files = try sample.column("档案编号")
        let orders = try sample.column("孩次")
        for answer in sample.answers {
            let kind = Self.kind(answer)
            guard ["second-free-check", "self-paid-check", "next-child-order"].contains(kind) else {
                continue
            }
            let place = answer.row - 2
            let earlier = try #require(Int(answer.note.split(separator: " ").last ?? "")) - 2
            #expect(sample.answers[earlier].note.isEmpty)
            #expect(wives[place] == wives[earlier])
            #expect(files[place].prefix(8) > files[earlier].prefix(8))
            let isSame =
                SampleInMemory.narrow(orders[place]) == SampleInMemory.narrow(orders[earlier])
            #expect(isSame == (kind != "next-child-order"))
        }
    }

    @Test func `No wife takes two free checks of one child order but where the truth says so`()
        throws
    {
        let sample = try sample(1200, 0.4)
        let wives = try sample.column("女方身份证号")
        let orders = try sample.column("孩次")
        var taken: Set<String> = []
        for (place, answer) in sample.answers.enumerated()
        where answer.fate == "sent" && !wives[place].isEmpty && answer.codes != ["R-05"] {
            let claim = SampleInMemory.narrow("\(wives[place]) \(orders[place])")
            let isFirst = taken.insert(claim).inserted
            #expect(isFirst, "\(answer.note)")
        }
    }

    @Test func `A one-spouse file says nothing of the other`() throws {
        let sample = try sample(300, 0.001)
        let rows = sample.rows
        let header = rows[0].map { String(decoding: $0, as: UTF8.self) }
        for (kind, absent) in [("wife-only", "男方"), ("husband-only", "女方")] {
            let answer = try #require(sample.answers.first { $0.note == kind })
            // The eligibility of both is the family's answer.
            for (name, cell) in zip(header, rows[answer.row - 1])
            where name.hasPrefix(absent) && !name.hasSuffix("本地户籍") {
                #expect(cell.isEmpty, "\(name)")
            }
        }
    }

    @Test func `Text with a line break, a comma or quotes stays one cell`() throws {
        let sample = try sample(300, 0.001)
        let header = sample.rows[0].count
        for kind in ["quoted-line-break", "quoted-comma-and-quotes"] {
            let answer = try #require(sample.answers.first { $0.note == kind })
            let row = sample.rows[answer.row - 1]
            #expect(row.count == header)
            #expect(row.contains { $0.contains(0x0A) || $0.contains(0x22) })
        }
        let short = try #require(sample.answers.first { $0.note == "too-few-columns" })
        #expect(sample.rows[short.row - 1].count < header)
    }
}
