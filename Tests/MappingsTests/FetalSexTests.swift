import Mappings
import Testing

/// L-098: what gives away the sex of an unborn child is refused, in whatever spelling.
struct FetalSexTests {
    private func clinic() throws -> SmallClinic {
        try SmallClinic(
            [
                "field: karyotype, kind: karyotype", "field: remark, kind: text, masked: true",
                "field: open, kind: text",
            ],
            [
                "field: woman.karyotype, from: 核型", "field: woman.remark, from: 描述",
                "field: woman.open, from: 备注",
            ])
    }

    @Test(arguments: [
        "46,XX", "46,XY", "46，XY", "４６，ＸＹ", "46, X Y", "46 XX", "46XX", "46、XY", "46,xy",
        "47,XXY", "47,XYY", "47,XXX", "47,XY,+21", "47,XX,+18", "45,X/46,XY", "45,X[3]/46,XX[27]",
        "mos 45,X/46,XX", "46,X,idic(Y)(q11)", "46,XN,Yqh+", "46,XX,t(9;22)(q34;q11.2)",
        "胎儿性别:男", "男", "46,XN 男胎", "male", "Female", "46,XN (SRY+)",
    ])
    func `a karyotype that shows the sex is refused`(_ cell: String) throws {
        #expect(try clinic().read("核型", cell, as: "karyotype") == "V-SEX!")
    }

    @Test(arguments: [
        ("46,XN", "46,XN"), ("47,XN,+21", "47,XN,+21"), ("47,XN,+18", "47,XN,+18"),
        ("45,X", "45,X"), ("４６，ＸＮ", "46,XN"),
        (
            "46,XN,t(9;22)(q34;q11.2)",
            "46,XN,t(9;22)(q34;q11.2)"
        ), ("46,XN 未见异常", "46,XN 未见异常"), ("/", ""), ("", ""),
        ("Karyotype 46,XN", "Karyotype 46,XN"),
    ])
    func `a masked karyotype passes in half width`(_ cell: String, _ expected: String) throws {
        #expect(try clinic().read("核型", cell, as: "karyotype") == expected)
        #expect(
            try clinic().read("核型", String(repeating: "N", count: 61), as: "karyotype")
                == "V-LENGTH!")
    }

    @Test(arguments: [
        "核型46,XY", "核型：46，XX，未见异常", "染色体XY", "性染色体：ＸＸ", "47,XXY", "胎儿性别男",
        "未告知胎儿性别", "男胎", "单胎，女婴", "性别：女", "Male fetus", "性别 为 男", "胎儿 为 女",
    ])
    func `a masked text that shows the sex is refused`(_ cell: String) throws {
        #expect(try clinic().read("描述", cell, as: "remark") == "V-SEX!")
        // Only where the programme says so.
        #expect(try clinic().read("备注", cell, as: "open") == cell)
    }

    @Test(arguments: [
        "XX医院会诊", "染色体核型46,XN", "21三体高风险", "男方染色体正常", "女方年龄35岁", "孕妇46岁，未见异常",
        "146XXL", "X光未查", "45,X", "建议XX随访", "",
    ])
    func `other texts pass`(_ cell: String) throws {
        #expect(try clinic().read("描述", cell, as: "remark") == cell)
    }

    @Test func `the check stands on its own for rules`() {
        #expect(FetalSex.isRevealed(byText: Array("核型46,XY".utf8)))
        #expect(!FetalSex.isRevealed(byText: Array("46,XN".utf8)))
        #expect(FetalSex.isRevealed(byKaryotype: Array("46,XX".utf8)))
        #expect(!FetalSex.isRevealed(byKaryotype: Array("46,XN".utf8)))
    }
}
