import Records
import TestKit
import Testing
import Validation

/// L-098 in every text that may leave before the child is born.
struct FetalSexRuleTests {
    /// Findings of L-098 on a record with these cells, of a child that is not born.
    private func fields(_ changes: [String: String], born: String = "") throws -> [String] {
        let record = CleanPregnancy(.nipt).with(CleanPregnancy.followed)
            .with(["新生儿出生日期": born, "风险计算软件及版本": "示例软件 1.0"]).with(changes)
        return try PrenatalScreening.loaded().examine([record]).outcomes[0].findings
            .filter { $0.code == "L-098" }.compactMap(\.field)
    }

    @Test(
        arguments: [
            "arr(1-22,X)x2", "arr[GRCh37](X,1-22)x2", "seq[hg19](1-22,X)x2", "arr(X)x2",
            "nuc ish(X×2)", "rsa(13,18,21)x2,(X)x2", "arr(1-22)x2,(X,Y)x1",
            "arr(X,Y)x1,(1-22)x2", "arr(X)x1", "arr[GRCh37] Xp22.31(6467202_8091810)x0",
            "46,хх", "46,ХУ", "46,χχ", "46,Χυ", "46,X,Y", "46，Ｘ，Ｙ", "46,X", "ｘｘ", "46,ⅩⅩ",
            "46,X\u{200B}X", "46,x\u{323}y", "nuc ish(DXZ1x2,DYZ3x1)", "nuc ish(DXZ1x2)",
            "46,XN(男)", "46,XN boy",
            "46,XN male", "chrX*2", "46.XX", "46;XX", "(X)*2", "男", "女", "♂",
            "46,🅧🅨", "46,ꓫꓬ", "46,××", "46,2X", "46,XM", "XN F", "46,XN,M", "%58%59", "46,X/Y",
            "46,X:X", "46,✗✗",
        ])
    func `a karyotype or an array that shows the sex is refused`(_ text: String) throws {
        #expect(try fields(["染色体核型": text]) == ["pdKaryotype"])
    }

    @Test(
        arguments: [
            "46,XN", "47,XN,+21", "45,X", "45,X[3]/46,XN[27]", "46,XN,inv(9)(p12q13)",
            "46,X,i(X)(q10)", "arr(1-22)x2", "arr[GRCh37](13,18,21)x2",
            "arr[GRCh37] 22q11.21(18648855_21800471)x1", "rsa(13,18,21)x2",
            "seq[hg19](1-22)x2", "46,XN.ish del(22)(q11.2q11.2)(HIRA-)", "X", "46,XN 未见异常",
            "45,X[30%]/46,XN[70%]", "45X", "“46,XN”", "47,XN,+mar",
        ])
    func `a masked karyotype or array passes`(_ text: String) throws {
        #expect(try fields(["染色体核型": text]).isEmpty)
    }

    @Test(
        arguments: [
            "SRY阳性", "检出Y染色体", "可见Y染色体", "检出Y染色体序列", "性染色体：两条X", "XX，未见异常", "男", "女", "儿子",
            "boy", "gender male", "Gender: F", "ｘｙ", "♂", "♀", "XYY", "XXX综合征", "46,X,Y",
            "胎儿为男性", "B超示男", "一男一女", "龙凤胎", "胎儿性别:女", "女 性", "男-胎", "胎儿，男", "胎儿为女性，孕妇及女方家属知情",
            "the karyotype is X Y", "it's a girl", "chrY Z=12.3", "Y", "arr(1-22,X)x2",
            "核型 46,хх", "结果XX", "胎儿XX", "生育女儿一个", "Klinefelter综合征", "X染色体拷贝数为2", "公主", "46 XX",
            "Yq11.2微缺失", "性别:1", "Sex=1", "gender:2", "性别代码1", "胎儿：M", "baby: M", "M", "F",
            "可见阴茎", "见阴囊", "睾丸已下降", "可见阴唇", "雄性", "雌性", "龍鳳胎", "早生贵子", "兒子", "胎兒性別女", "女嬰",
            "CEPX 2", "CEP X", "X:X", "X/X", "DYS391", "TSPY", "AMXY", "X三体", "🅧🅨", "现有女胎", "已有男胎",
            "已有一子，现怀女婴", "曾查B超，女婴", "女，3岁", "不提供胎儿性别，女婴",
        ])
    func `a text that tells the sex is refused`(_ text: String) throws {
        #expect(try fields(["其他提示": text]) == ["niptOtherFinding"])
        #expect(try fields(["医学意见": "建议随访；" + text]) == ["counselAdvice"])
    }

    @Test(
        arguments: [
            "孕妇女士", "男方染色体正常", "女方年龄35岁", "男科会诊", "XX市妇女儿童医院", "子女体健", "建议XX随访", "XX医院会诊",
            "于XX年XX月复查", "性染色体未见异常", "X染色体未见异常", "胎儿子宫动脉血流正常", "育龄女性应补充叶酸", "高龄女性",
            "男女双方均未见异常", "45,X", "46,XN", "21三体高风险，建议羊膜腔穿刺", "X光未查", "cowboy", "LifeCycle 4.0",
            "Y型子宫", "建议CMA或CNV-seq进一步检查", "CNV-seq未见异常；X光未查", "妇科千金片", "孕46周X光",
            "personal season", "Tmale1", "146XXL", "母体染色体异常可能", "已有一子一女", "既往生育一男孩", "女，32岁",
            "患者女性", "患者：女，28岁", "前次分娩女婴", "曾顺产一女婴，体健", "丈夫为男性不育患者", "本报告不提供胎儿性别", "不做胎儿性别鉴定",
            "雌激素偏低", "胎儿MRI未见异常", "45,X/46,XN", "头胎剖宫产一男婴",
        ])
    func `an innocent text passes`(_ text: String) throws {
        #expect(try fields(["其他提示": text]).isEmpty)
        #expect(try fields(["诊断结果描述": text]).isEmpty)
    }

    @Test(
        arguments: [
            ("诊断结果描述", "pdResultText"), ("新生儿健康状况", "newbornHealth"),
            ("风险计算软件及版本", "riskSoftware"), ("采血机构", "samplePlace"),
            ("母子健康手册号", "pregnantWoman.mchHandbookNo"), ("样本条形码", "sampleBarcode"),
            ("孕妇姓名", "pregnantWoman.name"), ("筛查医师", "screeningDoctor"),
            ("实验检测者", "niptTester"), ("结果审核者", "niptReviewer"),
            ("临床报告签发者", "reportIssuer"), ("产前诊断医师", "pdDoctor"),
        ])
    func `every text that may leave is looked at`(_ column: String, _ field: String) throws {
        #expect(try fields([column: "46,XX"]) == [field])
        #expect(try fields([column: "胎儿性别：男"]) == [field])
        // Once the child is born its sex is no secret.
        #expect(try fields([column: "46,XX"], born: "2016-12-02").isEmpty)
    }

    @Test(arguments: [
        // Before the report, before 28 weeks, and lost to follow-up: no birth to be believed.
        ["新生儿出生日期": "2016-06-20"], ["新生儿出生日期": "2016-09-05"],
        ["胎儿随访": "4"], ["胎儿随访": "2"], ["新生儿出生日期": "2999-01-01"],
    ])
    func `a birth that cannot be believed lifts no secret`(_ changes: [String: String]) throws {
        let changes = changes.merging(["染色体核型": "46,XX"]) { mine, _ in mine }
        #expect(try fields(changes, born: "2016-12-02") == ["pdKaryotype"])
        #expect(try fields(["染色体核型": "46,XX"], born: "2016-12-02").isEmpty)
    }

    @Test(arguments: ["男胎", "女儿", "男宝", "女", "胎儿性别男"])
    func `no name says it`(_ name: String) throws {
        #expect(try fields(["临床报告签发者": name]) == ["reportIssuer"])
    }

    @Test(arguments: [
        ("孕妇姓名", "样亚男"), ("孕妇姓名", "样胜男"), ("筛查医师", "题女"), ("筛查医师", "样男"), ("样本条形码", "XY2016-0046"),
        ("样本条形码", "X2016Y01"), ("样本条形码", "X2016X01"), ("母子健康手册号", "XX990101"),
        ("采血机构", "示例区妇女儿童医院"),
    ])
    func `names and numbers that only look so pass`(_ column: String, _ text: String) throws {
        #expect(try fields([column: text]).isEmpty)
    }
}
