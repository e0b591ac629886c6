import Definitions
import Mappings
import Records

/// The changes of single cells that a mapping's columns allow (单元格缺陷).
///
/// Fields are chosen so that nothing else is wrong with the row: an empty result, say, would also
/// be an item not done.
struct CellDefects {
    private let layout: RowLayout
    private let year: Int
    private let columns: [Defect: [Int]]
    private let notDone: [Int: [String]]

    private static let undone = [
        "wife.rubellaIgG", "wife.chlamydia", "wife.gonococcus", "wife.hbsAg", "wife.cmvIgM",
        "wife.toxoIgG", "husband.hbsAg",
    ]
    private static let mandatory = [
        "wife.education", "husband.occupation", "wife.ethnicity", "husband.mobilePhone",
        "fileOpenedBy", "wife.hukouTown", "eligibilityDecidedBy",
    ]
    private static let coded = [
        "wife.education", "husband.education", "wife.occupation", "husband.occupation",
        "husband.ethnicity", "wife.hukouType",
    ]
    private static let dated = ["marriageDate", "wife.lastMenstrualPeriod", "eligibilityDate"]
    private static let measured = ["wife.heartRate", "husband.heartRate"]
    private static let written = ["eligibilityDecidedBy", "servingOrgName"]
    private static let unknownWord = "详见病历"

    /// - Parameter isEncodingDeclared: whether the mapping says how the file is encoded; where a
    ///   reader must find out by itself, one undecodable byte spoils the whole file.
    init(
        _ layout: RowLayout, request: SampleRequest, isEncodingDeclared: Bool,
        encoder: TextEncoder
    ) {
        self.layout = layout
        year = request.firstDay.parts.year
        func mapped(_ names: [String]) -> [Int] { names.compactMap(layout.column) }
        var notDone: [Int: [String]] = [:]
        for column in mapped(CellDefects.undone) {
            let words = CellPlan.spellings(of: "NOT_DONE", layout.rule(at: column))
            notDone[column] = words.filter(encoder.holds)
        }
        self.notDone = notDone.filter { !$0.value.isEmpty }
        let texts = mapped(CellDefects.written)
        columns = [
            .itemNotDone: self.notDone.keys.sorted(),
            .mandatoryEmpty: mapped(CellDefects.mandatory).filter {
                layout.plans[$0].element.isRequired
            },
            .unknownWord: mapped(CellDefects.coded).filter { column in
                layout.rule(at: column).words?.words
                    .contains { $0.word == CellDefects.unknownWord } != true
            },
            .impossibleDate: mapped(CellDefects.dated),
            .outOfRange: mapped(CellDefects.measured).filter {
                layout.plans[$0].textOutOfRange != nil
            },
            .lineBreak: layout.hasRemark ? [layout.plans.count] : [],
            .quotedText: texts,
            .fewColumns: layout.header.count > 1 && request.encoding != .xlsx
                ? [layout.header.count / 2] : [],
            .undecodableBytes: isEncodingDeclared && request.encoding != .xlsx ? texts : [],
        ]
    }

    /// Whether the mapping has a column to show the defect in.
    func canShow(_ defect: Defect) -> Bool {
        columns[defect]?.isEmpty != true && defect.needs.allSatisfy { layout.column(of: $0) != nil }
    }

    /// The change of a cell that shows the defect, or `nil` where the couple's file shows it.
    func change(for defect: Defect, _ random: inout RandomStream) -> CellChange? {
        guard let columns = columns[defect], !columns.isEmpty else { return nil }
        let column = random.pick(columns)
        func text(_ text: String) -> CellChange { .text(column: column, Array(text.utf8)) }
        switch defect {
        case .itemNotDone: return text(random.pick(notDone[column] ?? ["未查"]))
        case .mandatoryEmpty: return text("")
        case .unknownWord: return text(CellDefects.unknownWord)
        case .impossibleDate: return text("\(year)-02-30")
        case .outOfRange: return text(layout.plans[column].textOutOfRange ?? "")
        case .lineBreak: return text("已电话通知,\n下周来取报告")
        case .quotedText: return text("按\"三个月\"计划,定期复查")
        case .fewColumns: return .end(columns: column)
        case .undecodableBytes: return .bytes(column: column, [0xFF])
        default: return nil
        }
    }
}
