/// An invented couple whose file is complete and true (虚构的夫妇): column by column as the county's
/// CSV brings it. A test changes the one cell that it is about.
package struct CleanCouple: Sendable {
    /// Text by the column's header; a column that is not here is empty.
    package private(set) var cells: [String: String]

    /// The first couple of the reference pages: 990101198603150022 and 990101198411200013.
    package init(file: String = "DEMO-0001") {
        cells = CleanCouple.family.merging(CleanCouple.wife) { _, new in new }
            .merging(CleanCouple.husband) { _, new in new }
        for side in ["女方", "男方"] {
            for (column, text) in CleanCouple.both { cells[side + column] = text }
        }
        cells["档案编号"] = file
    }

    /// The same couple with some cells written otherwise.
    package func with(_ changes: [String: String]) -> CleanCouple {
        var changed = self
        for (column, text) in changes { changed.cells[column] = text }
        return changed
    }

    /// The same file without one of the two: their columns are empty.
    package func without(_ side: Side) -> CleanCouple {
        var changed = self
        changed.cells = cells.filter { column, _ in
            // The days and answers of the consent stand in the family's part of the file.
            !column.hasPrefix(side.rawValue)
                || CleanCouple.answers.contains(String(column.dropFirst(2)))
        }
        return changed
    }

    /// The prefix of a person's columns.
    package enum Side: String, Sendable {
        case wife = "女方"
        case husband = "男方"
    }

    private static let answers: Set<String> = ["知情同意日期", "本地户籍", "本地居住月数"]

    private static let family: [String: String] = [
        "孩次": "1", "服务机构代码": "MA0000T1X99010111G1001",
        "服务机构名称": "示例区妇幼保健院", "受托检查机构代码": "", "服务地区划代码": "990101",
        "经费结算区域": "990101", "结婚日期": "2010-05-01", "计划怀孕时间": "2012-09-01",
        "建档日期": "2012-03-01", "建档医师": "题医一", "档案完成状态": "完成",
        "本孩次第几次检查": "1", "付费方式": "免费", "实际受检方": "双方", "现有子女数": "0",
        "是否近亲结婚": "否", "知情同意书签署情况": "双方签署", "女方知情同意日期": "2012-03-01",
        "男方知情同意日期": "2012-03-01", "是否符合生育政策": "是", "女方本地户籍": "是",
        "男方本地户籍": "是", "流动人口夫妇": "否", "资格确认结果": "符合",
        "资格确认单位": "示例区人口计生局", "资格确认日期": "2012-03-01",
        "风险评估结论": "一般人群", "高风险方": "无", "告知书结论": "未发现风险因素",
        "评估建议": "注意营养", "告知日期": "2012-03-05", "评估医师": "题医二",
        "告知书签收": "已签收", "评估告知完成": "完成",
    ]

    private static let both: [String: String] = [
        "证件类型": "身份证", "民族": "汉族", "文化程度": "初中", "职业": "农民",
        "户口性质": "农业", "户口所在省": "示例省", "户口所在市": "样例市",
        "户口所在县": "示例区", "户口所在乡镇": "甲镇", "户口所在村": "一村",
        "户籍区划代码": "990101", "现住地居住起始日期": "2010-05-01", "疾病史": "否",
        "患有出生缺陷": "否", "目前服药": "否", "注射过疫苗": "否", "家族近亲结婚史": "否",
        "家族疾病史": "否", "进食肉蛋类": "是", "厌食蔬菜": "否", "食用生肉嗜好": "否",
        "吸烟": "否", "被动吸烟": "从不", "饮酒": "从不", "使用毒麻药品": "否",
        "接触不良环境": "否", "生活工作压力": "无", "人际关系紧张": "无", "经济压力": "无",
        "做好怀孕准备": "是", "病史询问日期": "2012-03-01", "病史询问医师": "题医三",
        "病史询问完成": "完成", "体重kg": "60.5", "心率": "72", "收缩压": "112",
        "舒张压": "73", "皮肤毛发": "正常", "甲状腺触诊": "正常", "肺部听诊": "正常",
        "心脏听诊": "正常", "肝脾触诊": "正常", "四肢脊柱": "正常", "阴毛": "正常",
        "体格检查日期": "2012-03-01", "体格检查医师": "题医四", "体格检查完成": "完成",
        "尿常规": "未见异常", "ABO血型": "A型", "Rh血型": "阳性", "乙肝表面抗原HBsAg": "阴性",
        "乙肝表面抗体HBsAb": "阳性", "乙肝e抗原HBeAg": "阴性", "乙肝e抗体HBeAb": "阴性",
        "乙肝核心抗体HBcAb": "阴性", "谷丙转氨酶ALT": "16", "肌酐Cr": "58", "梅毒螺旋体": "阴性",
        "采样日期": "2012-03-01", "检验报告日期": "2012-03-03", "检验医师": "题医五",
        "首诊随诊": "首诊", "检验完成": "完成", "健康教育": "是", "健康教育日期": "2012-03-01",
    ]

    private static let wife: [String: String] = [
        "女方姓名": "样乙二", "女方身份证号": "990101198603150022",
        "女方出生日期": "1986-03-15", "女方年龄": "25", "女方手机号码": "12000000002",
        "女方现住省": "示例省", "女方现住市": "样例市", "女方现住县": "示例区",
        "女方现住乡镇": "甲镇", "女方现住村": "一村", "女方现住地区划代码": "990101",
        "女方采用避孕措施": "否", "女方初潮年龄": "13", "女方末次月经": "2012-02-14",
        "女方月经周期规律": "是", "女方曾经怀孕": "否", "女方身高cm": "160.5",
        "女方乳房": "正常", "女方外阴": "正常", "女方阴道": "正常", "女方分泌物": "正常",
        "女方宫颈": "正常", "女方子宫大小": "正常", "女方子宫活动": "好", "女方子宫包块": "无",
        "女方双侧附件": "正常", "女方线索细胞": "阴性", "女方念珠菌": "阴性",
        "女方滴虫": "阴性", "女方阴道清洁度": "Ⅱ度", "女方淋球菌": "阴性",
        "女方沙眼衣原体": "阴性", "女方血红蛋白Hb": "128", "女方红细胞RBC": "4.50",
        "女方血小板PLT": "210", "女方白细胞WBC": "6.20", "女方血糖": "5.12",
        "女方促甲状腺激素TSH": "2.135", "女方风疹病毒IgG": "阳性", "女方巨细胞病毒IgG": "阳性",
        "女方巨细胞病毒IgM": "阴性", "女方弓形体IgG": "阴性", "女方弓形体IgM": "阴性",
        "女方妇科B超": "正常", "女方B超检查日期": "2012-03-01", "女方B超医师": "题医六",
        "女方B超完成": "完成",
    ]

    private static let husband: [String: String] = [
        "男方姓名": "测甲一", "男方身份证号": "990101198411200013",
        "男方出生日期": "1984-11-20", "男方年龄": "27", "男方手机号码": "12000000001",
        "男方身高cm": "172.0", "男方喉结": "正常", "男方阴茎": "正常", "男方包皮": "正常",
        "男方睾丸": "正常", "男方附睾": "正常", "男方输精管": "正常", "男方精索静脉曲张": "无",
    ]
}
