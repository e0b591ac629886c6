import Foundation
import TestKit
import Testing

/// The villages' lists of planned couples are counted, each couple once a year, and never reported.
@Suite(.serialized) struct VillageListTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private static let wives = [
        "990101198603150022", "990101198806120042", "990101199009090068", "990101198501010088",
    ]
    private static let (village, other) = ("990101100200", "990101100201")

    /// A row: the wife by her place in `wives`, the village, the year and the state.
    private func row(
        _ wife: Int, _ village: String = village, year: String = "2012", state: String = ""
    ) -> [String] {
        ["样女方", VillageListTests.wives[wife], "样男方", village, year, state]
    }

    private func write(_ rows: [[String]], to file: String) throws {
        let header = ["女方姓名", "女方身份证号", "男方姓名", "男方身份证号", "村（社区）区划代码", "计划年度", "状态"]
        let lines = [header] + rows.map { Array($0[..<3]) + [""] + Array($0[3...]) }
        try site.write(lines.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: file)
    }

    private struct Taken: Decodable, Equatable {
        let takenBefore: Bool
        let fates: [String: Int]
        let findings: [String: Int]
        let submissions: Int
    }

    private func take(
        _ file: String, by mapping: String = "from-village-list", under: [String] = []
    ) throws -> Taken {
        let ended = try Program().run(
            [
                "take", "\(site.folder)/\(file)", "--source", "preconception/\(mapping)", "--site",
                site.folder, "--json",
            ], under: under)
        let taken = try JSONDecoder().decode([Taken].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func take(_ rows: [[String]], as file: String) throws -> Taken {
        try write(rows, to: file)
        return try take(file)
    }

    private struct Standing: Decodable {
        struct Coverage: Decodable, Equatable {
            struct Place: Decodable, Equatable {
                let division: String
                let planned: Int
                let checked: Int
            }
            let year: Int
            let planned: Int
            let checked: Int
            let places: [Place]
        }
        struct Cases: Decodable { let taken: Int }
        let balances: Bool
        let cases: Cases
        let coverages: [Coverage]
    }

    private func status() throws -> Standing {
        let ended = try Program().run(["status", "--site", site.folder, "--json"])
        return try JSONDecoder().decode(Standing.self, from: Data(ended.out.utf8))
    }

    private func planned() throws -> [Int: Int] {
        let found = try status()
        #expect(found.balances)
        #expect(found.cases.taken == 0, "a row of a list is no case")
        return Dictionary(uniqueKeysWithValues: found.coverages.map { ($0.year, $0.planned) })
    }

    @Test func `a couple counts once a year, and the second time is told of`() throws {
        let first = try take(
            [row(0), row(1), row(0), row(0, year: "2013")], as: "one.csv")
        #expect(first.fates == ["counted": 3, "superseded": 1], "\(first)")
        #expect(first.findings == ["S-TWICE": 1] && first.submissions == 0)
        #expect(try planned() == [2012: 2, 2013: 1])
        let second = try take(
            [row(0, VillageListTests.other), row(2, VillageListTests.other)], as: "two.csv")
        #expect(second.fates == ["counted": 1, "superseded": 1], "\(second)")
        #expect(second.findings == ["S-ELSEWHERE": 1])
        #expect(try planned() == [2012: 3, 2013: 1])
    }

    @Test func `the same file twice, and a newer one that says the same, change nothing`() throws {
        let first = try take([row(0), row(1)], as: "one.csv")
        let again = try take("one.csv")
        #expect(again.takenBefore && again.fates == first.fates, "\(again)")
        let newer = try take([row(0), row(1), row(2)], as: "one-2.csv")
        #expect(newer.fates == ["unchanged": 2, "counted": 1] && newer.findings == [:], "\(newer)")
        #expect(try planned() == [2012: 3])
    }

    @Test func `only a row of the same village that says so takes a couple off`() throws {
        _ = try take([row(0), row(1), row(2)], as: "one.csv")
        // The newer list no longer has the second couple, and takes the first off.
        let newer = try take([row(0, state: "取消"), row(2)], as: "one-2.csv")
        #expect(
            newer.fates == ["struckOff": 1, "unchanged": 1] && newer.findings == [:], "\(newer)")
        #expect(try planned() == [2012: 2])
        let others = try take(
            [row(1, VillageListTests.other, state: "取消"), row(3, state: "取消")], as: "two.csv")
        #expect(others.fates == ["superseded": 1, "unchanged": 1], "\(others)")
        #expect(others.findings == ["S-ELSEWHERE": 1, "V-UNLISTED": 1])
        #expect(try planned() == [2012: 2])
        let back = try take([row(0)], as: "one-3.csv")
        #expect(back.fates == ["counted": 1] && back.findings == ["V-RELISTED": 1], "\(back)")
        #expect(try planned() == [2012: 3])
    }

    @Test func `rows that cannot count are listed for the village, and the rest counts`() throws {
        let broken = ["样女方", "990101198603150023", "样男方", VillageListTests.village, "2012", ""]
        let husbands = ["样女方", "990101198404040015", "样男方", VillageListTests.village, "2012", ""]
        let nowhere = ["样女方", VillageListTests.wives[1], "样男方", "甲镇九村", "2012", ""]
        let unknown = ["样女方", VillageListTests.wives[1], "样男方", VillageListTests.village, "", ""]
        let nobody = ["样女方", "", "样男方", VillageListTests.village, "2012", ""]
        let unclear = row(1, state: "待定")
        try write([broken, husbands, nowhere, unknown, nobody, unclear, row(0)], to: "one.csv")
        let taken = try take("one.csv")
        #expect(taken.fates == ["quarantined": 6, "counted": 1], "\(taken)")
        #expect(
            taken.findings == [
                "L-001": 1, "L-002": 1, "V-DIVISION": 1, "V-LISTED": 2, "V-CODE": 1,
            ])
        #expect(try planned() == [2012: 1])
        // The list for the village names row, code and field.
        let list = try FileManager.default.contentsOfDirectory(atPath: site.folder + "/out")
            .first { $0.contains("one") }
        let text = try String(
            contentsOfFile: site.folder + "/out/" + (try #require(list)), encoding: .utf8)
        for code in taken.findings.keys { #expect(text.contains(code), "\(text)") }
        #expect(!text.contains("990101198603150023") && !text.contains("样女方"))
    }

    @Test func `a preview counts, and writes nothing`() throws {
        try write([row(0), row(0), row(3, year: "")], to: "one.csv")
        let ended = try Program().run([
            "preview", "\(site.folder)/one.csv", "--source", "preconception/from-village-list",
            "--site", site.folder, "--json",
        ])
        for line in ["\"counted\" : 1", "\"superseded\" : 1", "\"quarantined\" : 1"] {
            #expect(ended.out.contains(line), "\(ended.out)\(ended.err)")
        }
        #expect(!ended.out.contains(VillageListTests.wives[0]))
        #expect(try status().coverages == [])
    }

    @Test func `a workbook with a title and merged heads counts like the table`() throws {
        let fixture = "\(Project.mappings)/preconception/tests/from-village-list-xlsx/merged-heads"
        try FileManager.default.copyItem(
            atPath: fixture + "/list.xlsx", toPath: site.folder + "/list.xlsx")
        let taken = try take("list.xlsx", by: "from-village-list-xlsx")
        #expect(taken.fates == ["counted": 2, "unchanged": 1], "\(taken)")
        #expect(taken.findings == ["V-UNLISTED": 1])
        // Another source's list of the same village is another list.
        let csv = try take([row(0), row(3)], as: "one.csv")
        #expect(csv.fates == ["superseded": 1, "counted": 1], "\(csv)")
        #expect(csv.findings == ["S-ELSEWHERE": 1])
        #expect(try planned() == [2012: 3])
    }

    @Test func `checked couples are found among the planned, in both languages`() throws {
        let couple = CleanCouple()
        let header = try Preconception.loaded().header(for: [couple])
        try site.write(
            [header, header.map { couple.cells[$0] ?? "" }]
                .map { $0.joined(separator: ",") + "\r\n" }.joined(), to: "check.csv")
        let checked = try take("check.csv", by: "from-county-csv")
        #expect(checked.fates == ["sent": 1], "\(checked)")
        // She of the first row was checked in 2012; it is not yet 2013's check.
        _ = try take(
            [row(0), row(1), row(2, "990101200200"), row(0, year: "2013")], as: "one.csv")
        let found = try status()
        #expect(found.balances && found.cases.taken == 1)
        #expect(
            found.coverages == [
                Standing.Coverage(
                    year: 2012, planned: 3, checked: 1,
                    places: [
                        .init(division: "990101100", planned: 2, checked: 1),
                        .init(division: "990101200", planned: 1, checked: 0),
                    ]),
                Standing.Coverage(
                    year: 2013, planned: 1, checked: 0,
                    places: [.init(division: "990101100", planned: 1, checked: 0)]),
            ])
        for (language, sentence) in [
            ("zh", "计划怀孕夫妇名单 2012：3 对，当年已检查 1 对（33.3%）"),
            ("en", "List of planned couples, 2012: 3 couples, 1 checked that year (33.3%)"),
        ] {
            for command in [["status"], ["reconcile", "--year", "2012"]] {
                let ended = try Program().run(
                    command + ["--site", site.folder], in: language)
                #expect(ended.out.contains(sentence), "\(ended.out)\(ended.err)")
                #expect(
                    ended.out.contains("50.0%") == (command[0] == "reconcile"), "\(ended.out)")
                #expect(ended.out.contains("2013") == (command[0] == "status"))
                for line in ended.out.split(separator: "\n") where line.contains("2012") {
                    #expect(line.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) } <= 80)
                }
            }
        }
    }

    @Test func `a sample's list counts its couples and a quarter more who never came`() throws {
        let made = try Program().run([
            "sample", "--count", "40", "--seed", "3", "--defects", "0", "--planned", "--encoding",
            "gbk", "--out", site.folder,
        ])
        #expect(made.status == 0 && made.out.contains("planned-40-seed-3.csv"), "\(made.err)")
        let checks = try take("couples-40-seed-3.csv", by: "from-county-csv")
        #expect(checks.fates == ["sent": 40], "\(checks)")
        let list = try take("planned-40-seed-3.csv")
        #expect(list.fates == ["counted": 50] && list.findings == [:], "\(list)")
        let found = try status()
        #expect(found.coverages.map(\.planned).reduce(0, +) == 50)
        #expect(found.coverages.map(\.checked).reduce(0, +) == 40)
    }

    @Test func `killed on the way, a list counts the same`() throws {
        let rows = (1...300).map { number in
            ["样女方", Self.number(number), "样男方", VillageListTests.village, "2012", ""]
        }
        try write(rows + [rows[0]], to: "long.csv")
        var halfWay = 0
        var step = 1
        var isThrough = false
        while !isThrough, step < 20 {
            let folder = "\(site.folder)-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let words = [
                "take", folder + "/long.csv", "--source", "preconception/from-village-list",
                "--site", folder, "--json",
            ]
            let ended = try Program().run(words, under: Program.killing(at: step))
            isThrough = ![SIGKILL, 128 + SIGKILL].contains(ended.status)
            let left = try Program().run(["status", "--site", folder, "--json"])
            if left.out.contains("\"openItems\" : 1") { halfWay += 1 }
            let again = try Program().run(words)
            let taken = try JSONDecoder().decode([Taken].self, from: Data(again.out.utf8))
            #expect(taken.first?.fates == ["counted": 300, "superseded": 1], "step \(step)")
            let told = try Program().run(["status", "--site", folder], in: "en")
            #expect(told.out.contains("2012: 300 couples, 0 checked that year (0.0%)"))
            step += 1
        }
        #expect(isThrough && halfWay > 0)
    }

    /// An invented wife's number by a running number below 1000.
    private static func number(_ number: Int) -> String {
        let digits =
            "990101" + "1986" + String(format: "%02d", number % 12 + 1)
            + String(format: "%02d", number / 12 % 28 + 1) + String(format: "%02d", number / 336)
            + "2"
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(digits, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
        return digits + String(Array("10X98765432")[sum % 11])
    }

    @Test func `nobody of a list lies in the site or on the screen`() throws {
        let outside = NSTemporaryDirectory() + "village-" + UUID().uuidString + ".csv"
        defer { try? FileManager.default.removeItem(atPath: outside) }
        let names = ["样乙二二", "样甲一一", "题表一一"]
        let broken = "990101198603150023"
        let text = """
            女方姓名,女方身份证号,男方姓名,男方身份证号,村（社区）区划代码,计划年度,状态,填表人
            \(names[0]),\(VillageListTests.wives[0]),\(names[1]),990101198411200013,990101100200,2012,,\(names[2])
            \(names[0]),\(broken),\(names[1]),990101198411200013,990101100201,2012,,\(names[2])

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: outside))
        var screen = ""
        for words in [
            ["preview", outside, "--source", "preconception/from-village-list"],
            ["take", outside, "--source", "preconception/from-village-list"], ["status"],
            ["reconcile", "--year", "2012"],
        ] {
            let ended = try Program().run(words + ["--site", site.folder])
            screen += ended.out + ended.err
        }
        #expect(screen.contains("计划怀孕夫妇名单 2012：1 对"), "\(screen)")
        // The villages' codes count as personal here: a village has few couples.
        let secrets =
            (names + [broken, VillageListTests.wives[0], "990101198411200013", "990101100200"])
            .map { Data($0.utf8) }
        #expect(secrets.allSatisfy { Data(screen.utf8).range(of: $0) == nil }, "\(screen)")
        let found =
            FileManager.default.enumerator(atPath: site.folder)?
            .compactMap { $0 as? String } ?? []
        #expect(found.contains { $0.hasSuffix("shangbao.db") })
        for name in found {
            guard let content = FileManager.default.contents(atPath: site.folder + "/" + name)
            else { continue }
            #expect(secrets.allSatisfy { content.range(of: $0) == nil }, "\(name)")
        }
    }
}
