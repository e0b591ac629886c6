import Definitions
import Records
import TestKit
import Testing

/// DOMAIN 2.4, row by row: which code bore which name on which day, and what followed it.
struct DivisionTests {
    private static let shared = Result {
        try Preconception.list(Project.mappings + "/codes/divisions.csv", "divisions")
    }

    private func list() throws -> CodeList { try DivisionTests.shared.get() }

    private func name(_ code: String, on day: String) throws -> String? {
        let list = try list()
        let day = try #require(CalendarDate(iso: day))
        let ordinal = try #require(list.ordinal(of: code), "\(code)")
        return list.entry(of: ordinal, on: day).map { list.codes[$0].label.zh }
    }

    @Test(arguments: [
        ("500101", "万州区"), ("500102", "涪陵区"), ("500103", "渝中区"), ("500104", "大渡口区"),
        ("500105", "江北区"), ("500106", "沙坪坝区"), ("500107", "九龙坡区"), ("500108", "南岸区"),
        ("500109", "北碚区"), ("500112", "渝北区"), ("500113", "巴南区"), ("500114", "黔江区"),
        ("500115", "长寿区"), ("500229", "城口县"), ("500230", "丰都县"), ("500231", "垫江县"),
        ("500233", "忠县"), ("500235", "云阳县"), ("500236", "奉节县"), ("500237", "巫山县"),
        ("500238", "巫溪县"), ("500240", "石柱土家族自治县"),
        ("500241", "秀山土家族苗族自治县"), ("500242", "酉阳土家族苗族自治县"),
        ("500243", "彭水苗族土家族自治县"),
    ])
    func `what is stable bears its name on every day`(_ code: String, _ name: String) throws {
        for day in ["2005-01-01", "2011-10-21", "2011-12-12", "2016-12-31", "2030-01-01"] {
            #expect(try self.name(code, on: day) == name, "\(day)")
        }
    }

    /// A code that closed, its last day, and the code that took over with its name then.
    @Test(arguments: [
        ("500110", "万盛区", "2011-10-21", "500110", "綦江区"),
        ("500222", "綦江县", "2011-10-21", "500110", "綦江区"),
        ("500111", "双桥区", "2011-10-21", "500111", "大足区"),
        ("500225", "大足县", "2011-10-21", "500111", "大足区"),
        ("500381", "江津市", "2006-10-21", "500116", "江津区"),
        ("500382", "合川市", "2006-10-21", "500117", "合川区"),
        ("500383", "永川市", "2006-10-21", "500118", "永川区"),
        ("500384", "南川市", "2006-10-21", "500119", "南川区"),
        ("500224", "铜梁县", "2014-05-01", "500151", "铜梁区"),
        ("500227", "璧山县", "2014-05-01", "500120", "璧山区"),
        ("500223", "潼南县", "2015-04-27", "500152", "潼南区"),
        ("500226", "荣昌县", "2015-04-27", "500153", "荣昌区"),
        ("500234", "开县", "2016-06-07", "500154", "开州区"),
        ("500228", "梁平县", "2016-11-23", "500155", "梁平区"),
        ("500232", "武隆县", "2016-11-23", "500156", "武隆区"),
        ("371523", "山东省聊城市茌平县", "2019-06-26", "371503", "山东省聊城市茌平区"),
        ("990110", "旧样例区", "2011-10-21", "990110", "新样例区"),
        ("990111", "旧试点区", "2011-10-21", "990111", "新试点区"),
        ("990222", "样例县", "2011-10-21", "990110", "新样例区"),
        ("990225", "试点县", "2011-10-21", "990111", "新试点区"),
        ("990227", "拟设县", "2014-05-01", "990120", "拟设区"),
    ])
    func `a code closes on its day and another takes over the next`(
        _ code: String, _ before: String, _ last: String, _ next: String, _ after: String
    ) throws {
        let list = try list()
        let day = try #require(CalendarDate(iso: last))
        let following = String(describing: day.adding(days: 1))
        #expect(try name(code, on: last) == before)
        #expect(try name(next, on: following) == after)
        if next != code { #expect(try name(code, on: following) == nil) }
        #expect(try name(next, on: last) != after)
        let first = try #require(list.ordinal(of: code))
        let closed = try #require(list.entry(of: first, on: day))
        #expect(list.codes[closed].successor == next && list.codes[closed].validTo == day)
    }

    /// At the seed date of 2016; the three zones have no code of GB/T 2260.
    @Test func `Liaocheng has eight divisions in 2016 and as many after 2019`() throws {
        let list = try list()
        func names(on day: String) throws -> [String] {
            let day = try #require(CalendarDate(iso: day))
            return list.codes.filter { $0.code.hasPrefix("3715") && $0.holds(on: day) }
                .map { $0.code + $0.label.zh.dropFirst("山东省聊城市".count) }
        }
        #expect(
            try names(on: "2016-12-20") == [
                "371502东昌府区", "371521阳谷县", "371522莘县", "371523茌平县", "371524东阿县",
                "371525冠县", "371526高唐县", "371581临清市",
            ])
        #expect(
            try names(on: "2019-06-27") == [
                "371502东昌府区", "371503茌平区", "371521阳谷县", "371522莘县", "371524东阿县",
                "371525冠县", "371526高唐县", "371581临清市",
            ])
    }

    /// Seen in public tables: a new name on a dead code, a digit lost, a zone made a division.
    @Test func `the traps of public tables are not in the list`() throws {
        let list = try list()
        for code in ["50015", "371571", "500239"] {
            #expect(list.ordinal(of: code) == nil, "\(code)")
        }
        #expect(try name("500222", on: "2012-01-01") == nil)
        #expect(try name("500381", on: "2012-01-01") == nil)
        for code in list.codes where ["500222", "500381"].contains(code.code) {
            #expect(!code.label.zh.hasSuffix("区"))
        }
    }

    /// Of other provinces the days are as wide as the revisions leave open.
    @Test func `no code of Chongqing or of the invented places has two names on one day`() throws {
        let own = try list().codes.filter { $0.code.hasPrefix("50") || $0.code.hasPrefix("99") }
        for (code, entries) in Dictionary(grouping: own, by: \.code) {
            for (number, entry) in entries.enumerated() {
                for other in entries.dropFirst(number + 1) {
                    let starts = [entry.validFrom, other.validFrom].compactMap { $0 }.max()
                    #expect(
                        starts.map { !entry.holds(on: $0) || !other.holds(on: $0) } == true,
                        "\(code)")
                }
            }
        }
    }

    @Test func `between two days the list says what changed and who took over`() throws {
        let first = try #require(CalendarDate(iso: "2011-10-21"))
        let last = try #require(CalendarDate(iso: "2011-10-22"))
        let changes = CodeComparison.changes(in: try list(), from: first, to: last)
            .filter { $0.code.hasPrefix("5") }
        #expect(
            changes.map { "\($0.kind) \($0.code) \($0.successor ?? "-")" } == [
                "renamed 500110 500110", "renamed 500111 500111", "closed 500222 500110",
                "closed 500225 500111",
            ])
        #expect(changes.map { $0.before?.zh } == ["万盛区", "双桥区", "綦江县", "大足县"])
        #expect(changes.map { $0.after?.zh } == ["綦江区", "大足区", nil, nil])
        #expect(changes.map(\.day) == [last, last, first, first])
        let back = CodeComparison.changes(in: try list(), from: last, to: first)
            .filter { $0.code == "500222" }
        #expect(back.map(\.kind) == [.opened])
        #expect(CodeComparison.changes(in: try list(), from: last, to: last).isEmpty)
    }

    @Test(arguments: [
        ("A,甲,Old,,2012-12-31,C\nB,乙,New,2013-01-01,,\n", "C is not in this list"),
        ("A,甲,Old,,,B\nB,乙,New,2013-01-01,,\n", "no last day"),
    ])
    func `a successor is a code of the list, and what it follows has closed`(
        _ rows: String, _ says: String
    ) {
        let error = #expect(throws: DefinitionError.self) {
            try CodeList(
                name: "x", text: "code,zh,en,valid_from,valid_to,successor\n" + rows,
                shownAs: "x.csv")
        }
        #expect(error?.place == "x.csv:2:1")
        #expect(error?.problem.en.contains(says) == true)
    }
}
