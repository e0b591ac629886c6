import Mappings
import Records
import Samples
import Testing

@Suite struct InventedPeopleTests {
    /// Made once for all tests here.
    private static let made = Result {
        try SampleFixture.write(
            SampleRequest(couples: 1500, seed: 11, encoding: .utf8), SampleFixture.mapping())
    }
    let sample: SampleInMemory

    init() throws {
        sample = try Self.made.get()
    }

    @Test(arguments: [("女方", false), ("男方", true)])
    func `ID numbers are right, nobody's, and each one's own`(who: String, isMale: Bool) throws {
        let numbers = try sample.column("\(who)身份证号").map { Array($0.utf8) }
        #expect(numbers.allSatisfy { IDNumber.isValid($0, acceptsInvented: true) })
        #expect(!numbers.contains { IDNumber.isValid($0, acceptsInvented: false) })
        #expect(numbers.allSatisfy { $0.starts(with: "99".utf8) })
        #expect(numbers.allSatisfy { IDNumber.isMale($0[...]) == isMale })
        #expect(Set(numbers).count == numbers.count)
    }

    @Test func `No phone number could ring`() throws {
        for who in ["女方", "男方"] {
            let phones = try sample.column("\(who)手机号码")
            #expect(phones.allSatisfy { $0.hasPrefix("120") && $0.utf8.count == 11 })
        }
    }

    @Test func `Names come from the invented pool, some of them unusual`() throws {
        let names = try sample.column("女方姓名")
        let surnames: Set<Character> = ["测", "试", "样", "例", "演", "示", "虚", "拟", "假", "题"]
        #expect(names.allSatisfy { surnames.contains($0.first ?? "?") })
        let four = names.count { $0.contains("𠮷") || $0.contains("㛃") || $0.contains("䶮") }
        #expect((3...80).contains(four))
        let husbands = try sample.column("男方姓名")
        #expect(!zip(names, husbands).contains { $0 == $1 })
    }

    @Test func `File numbers are unique and begin with the file date`() throws {
        let files = try sample.column("档案编号")
        #expect(Set(files).count == files.count)
        #expect(files.allSatisfy { $0.hasPrefix("2012") && $0.count == 13 })
    }

    @Test func `Ages, hepatitis, registration and risk lie where they are known to lie`() throws {
        let count = 1500.0
        let ages = try sample.column("女方年龄").compactMap { Int(SampleInMemory.narrow($0)) }
        let mean = Double(ages.reduce(0, +)) / count
        #expect((26...29).contains(mean))
        #expect(ages.allSatisfy { (20...45).contains($0) })
        func share(_ column: String, _ words: Set<String>) throws -> Double {
            Double(try sample.column(column).count { words.contains($0) }) / count
        }
        let positive: Set = ["阳性", "阳性(+)", "(+)", "+"]
        #expect((0.03...0.08).contains(try share("女方乙肝表面抗原HBsAg", positive)))
        #expect((0.68...0.82).contains(try share("女方风疹病毒IgG", positive)))
        let yes: Set = ["是", "有", "对", "1"]
        #expect((0.06...0.14).contains(try share("流动人口夫妇", yes)))
        let wives = try sample.column("女方本地户籍").map(yes.contains)
        let husbands = try sample.column("男方本地户籍").map(yes.contains)
        let both = Double(zip(wives, husbands).count { $0 && $1 }) / count
        #expect((0.65...0.75).contains(both))
        #expect((0.14...0.30).contains(try share("风险评估结论", ["风险人群", "高风险人群", "高风险", "风险"])))
    }
}

extension Sequence {
    fileprivate func count(_ fulfils: (Element) -> Bool) -> Int {
        reduce(0) { $0 + (fulfils($1) ? 1 : 0) }
    }
}
