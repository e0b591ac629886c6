/// Names of people who do not exist (虚构姓名): no ordinary surname among them.
struct InventedNames {
    private static let surnames = ["测", "试", "样", "例", "演", "示", "虚", "拟", "假", "题", "测试", "样例"]
    private static let stems = ["甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"]
    private static let numerals = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
    /// Characters that only some encodings have, and shapes that trip programs.
    private static let unusual = [
        "测䶮", "样𠮷", "例㛃", "演喆", "示犇", "虚祎", "拟珺", "假堃", "题〇〇", "测试古丽·样例汗",
        "测试甲乙丙丁戊己庚辛壬癸一二三四五六七八", "测", "测\u{3000}甲",
    ]

    private let unusual: [String]

    /// - Parameters:
    ///   - holds: whether the file's encoding has all of a text's characters.
    ///   - longest: how many Unicode scalars a name may have.
    init(longest: Int, holds: (String) -> Bool) {
        unusual = InventedNames.unusual.filter { $0.unicodeScalars.count <= longest && holds($0) }
    }

    /// A name; one in twenty is an unusual one.
    func name(_ random: inout RandomStream) -> String {
        let isUnusual = random.chance(0.05)
        let plain =
            random.pick(InventedNames.surnames) + random.pick(InventedNames.stems)
            + random.pick(InventedNames.numerals)
        return isUnusual && !unusual.isEmpty ? random.pick(unusual) : plain
    }

    /// A member of staff: the same few at each institution.
    static func staff(_ number: Int) -> String {
        surnames[number % 10] + stems[(number / 2) % 10] + "医"
    }
}
