/// An invented pregnancy whose record is complete and true (虚构的孕妇): column by column as the MCH
/// hospital's register brings it. A test changes the one cell that it is about.
package struct CleanPregnancy: Sendable {
    /// Text by the column's header; a column that is not here is empty.
    package private(set) var cells: [String: String]

    /// What was done.
    package enum Test: Sendable {
        case serum, nipt
    }

    /// The woman of the reference pages, 990101198603150022, with the last period of the worked
    /// vectors, 2016-03-01: 15+0 is 2016-06-14, and the child is due on 2016-12-06.
    package init(_ test: Test = .serum, record: String = "DEMO-PS-0001") {
        cells = CleanPregnancy.woman.merging(
            test == .serum ? CleanPregnancy.serum : CleanPregnancy.nipt
        ) { _, new in new }
        cells["筛查记录编号"] = record
    }

    /// The same pregnancy with some cells written otherwise.
    package func with(_ changes: [String: String]) -> CleanPregnancy {
        var changed = self
        for (column, text) in changes { changed.cells[column] = text }
        return changed
    }

    /// The same pregnancy in a file that lacks some columns.
    package func without(_ columns: Set<String>) -> CleanPregnancy {
        var changed = self
        for column in columns { changed.cells[column] = nil }
        return changed
    }

    /// Recall, diagnosis and outcome, as they follow a high risk; the karyotype is masked.
    package static let followed: [String: String] = [
        "召回通知时间": "2016-06-24 10:00", "通知方式": "电话", "召回结果": "已到",
        "咨询日期": "2016-06-27", "医学意见": "建议羊膜腔穿刺", "介入性产前诊断": "已做",
        "诊断方法": "羊水穿刺", "诊断孕周天数": "133", "诊断项目": "核型、CNV-seq",
        "染色体核型": "46,XN", "诊断结果": "正常", "诊断日期": "2016-07-12",
        "诊断机构代码": "MA0000T2899010111A1001", "产前诊断医师": "题医四", "穿刺并发症": "无",
        "胎儿随访": "正常分娩", "追访日期": "2017-01-10", "分娩孕周": "39", "是否活产": "是",
        "新生儿出生日期": "2016-12-02", "是否21三体病儿": "否", "是否18三体病儿": "否",
        "是否神经管缺陷病儿": "否", "是否染色体病儿": "否", "有无畸形": "否",
    ]

    private static let woman: [String: String] = [
        "孕妇姓名": "样乙二", "证件类型": "身份证", "证件号码": "990101198603150022",
        "孕妇出生日期": "1986-03-15", "预产期年龄": "30.7", "手机号码": "12000000002",
        "户籍地区划": "990101", "居住地区划": "990101", "筛查知情同意": "是",
        "筛查机构代码": "MA0000T1X99010111G1001", "筛查医师": "题医一", "孕次": "1", "产次": "0",
        "流产次数": "0", "不良孕产史": "无", "家族遗传病": "否", "采血日体重kg": "56.5",
        "试管婴儿": "否", "胎数": "1", "末次月经": "2016-03-01", "孕周确认方法": "末次月经",
        "预产期": "2016-12-06", "样本条形码": "DEMO-B-0001", "采血机构": "示例区妇幼保健院",
        "临床报告签发者": "题医二",
    ]

    private static let serum: [String: String] = [
        "筛查类型": "血清", "筛查方法": "二联", "采血时间": "2016-06-14 08:05",
        "采血孕周天数": "105", "报告日期": "2016-06-21", "AFP浓度": "38.20", "AFP单位": "U/mL",
        "AFP MoM": "0.98", "游离β-hCG浓度": "11.40", "游离β-hCG MoM": "1.04",
        "21三体风险": "1:12500", "18三体风险": "<1/50000", "风险计算软件及版本": "示例软件 1.0",
        "血清筛查结论": "低风险",
    ]

    private static let nipt: [String: String] = [
        "筛查类型": "无创", "筛查方法": "NIPT", "采血时间": "2016-06-14 08:05",
        "采血孕周天数": "105", "报告日期": "2016-06-28", "NIPT指征": "临界风险",
        "一年内异体输血": "否", "移植手术": "否", "异体细胞治疗": "否", "肿瘤患者": "否",
        "胎儿游离DNA浓度%": "11.25", "21三体Z值": "0.412", "18三体Z值": "-1.030",
        "13三体Z值": "0.100", "NIPT结果": "低风险",
        "检测机构代码": "MA0000T1X99010111G1001", "实验检测者": "题医五", "结果审核者": "题医六",
    ]
}
