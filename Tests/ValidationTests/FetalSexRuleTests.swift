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
            "46,XNY", "47,XNY", "46,NY", "46,YN", "46,XN,YN", "47,NXY", "47,XNYY", "46,XXN",
            "arr(1-22)x2,(23)x1,(24)x1", "seq(23)x1,(24)x1", "arr(23)x2", "arr(1-24)x2",
            "46,XN,(24)x1", "46,XN(1)", "46,XN-1", "46,XN 2",
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
            "胎儿女", "胎儿：女", "胎儿 女，大小与孕周相符", "单胎儿女", "孕女，20周", "怀孕女", "胎儿女子", "胎儿长女", "本胎次女",
            "怀女士", "胎儿患者男", "受检者：胎儿 女", "24号染色体检出", "23号染色体1拷贝", "G1P0，头胎男孩，注意休息",
            "第一胎男孩，现孕22周", "本次为第一胎男孩", "本胎是头胎男孩", "胎儿已有男孩", "已有男孩心跳", "已有一男孩宫内",
            "大宝男孩在宫内", "已育一女（本胎）", "X染色体单拷贝", "X 染色体 1 拷贝", "X染色体：2", "chrX=1",
            "chr X copy number 1", "X=2", "2X", "两X", "X、X", "Y型", "性别编码1", "性别码 1", "性别(1)", "结果M",
            "低风险 M", "低风险-M", "提示：M", "胎 M", "M胎", "雄", "胎儿是小伙子", "性染色体同型", "第23对染色体相同",
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
            "2012年顺产一女婴，现体健", "上一胎为男婴", "家中有一女儿，8岁", "孕妇的女儿患耳聋", "既往育有1子1女，均体健",
            "既往两次顺产，体健", "前两胎均为男孩", "儿子5岁，健康", "姓名张某某，性别女，年龄29岁", "性别：女 年龄：31", "少数民族女性",
            "女性激素水平(正常)", "未透露胎儿性别", "根据国家规定不得告知胎儿性别", "不作胎儿性别鉴定", "丈夫核型46,XY,inv(9)",
            "孕妇核型46,XX,t(11;22)(q23;q11)", "怀孕妇女宜补叶酸", "M型超声", "2X光片", "头胎顺产一男婴，本次要求产前诊断",
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
        ["追访日期": "2016-11-01"], ["新生儿出生日期": "2016-06-20"], ["新生儿出生日期": "2016-09-05"],
        ["胎儿随访": "4"], ["胎儿随访": "2"], ["新生儿出生日期": "2999-01-01"],
    ])
    func `a birth that cannot be believed lifts no secret`(_ changes: [String: String]) throws {
        let changes = changes.merging(["染色体核型": "46,XX"]) { mine, _ in mine }
        #expect(try fields(changes, born: "2016-12-02") == ["pdKaryotype"])
        #expect(try fields(["染色体核型": "46,XX"], born: "2016-12-02").isEmpty)
    }

    @Test(arguments: [
        "男胎", "女儿", "男宝", "女", "胎儿性别男", "胎儿男", "胎儿M", "XY", "boy", "Female", "怀男", "男1",
        "题医一（男）", "题医一-男",
    ])
    func `no name says it`(_ name: String) throws {
        #expect(try fields(["临床报告签发者": name]) == ["reportIssuer"])
    }

    @Test(arguments: [
        ("孕妇姓名", "样亚男"), ("孕妇姓名", "样胜男"), ("筛查医师", "题女"), ("筛查医师", "样男"), ("样本条形码", "XY2016-0046"),
        ("样本条形码", "X2016Y01"), ("样本条形码", "X2016X01"), ("母子健康手册号", "XX990101"),
        ("采血机构", "示例区妇女儿童医院"), ("采血机构", "玛丽女子妇产医院"), ("采血机构", "女埠街道卫生院"),
        ("采血机构", "示例胎儿医学中心"),
    ])
    func `names and numbers that only look so pass`(_ column: String, _ text: String) throws {
        #expect(try fields([column: text]).isEmpty)
    }
}
