import Definitions
import Delivery
import Evidence
import Flow
import Foundation
import Intake
import Mappings
import Operations
import Privacy
import Programmes
import Records
import Rehearsal
import Samples
import Schedules
import Settlements
import Submissions
import Validation

/// Every code that anything in the house may say, with its sentences (代码簿).
struct CodeBook {
    struct Chapter {
        let title: Wording
        let entries: [CodeEntry]
    }

    let chapters: [Chapter]
    /// What a code means; programmes may say it of their own records in other words.
    private let entries: [String: [CodeEntry]]
    /// The chapters in which a code says something, by code and sentence.
    private let places: [String: [Wording]]

    /// - Parameters:
    ///   - catalogue: adds the programmes' rules and the national sides' codes; without it only
    ///     what the program itself says.
    ///   - programme: whose words come first.
    init(_ catalogue: Catalogue?, of programme: Programme? = nil) {
        var chapters = CodeBook.own
        for programme in catalogue?.programmes ?? [] {
            let title = programme.dictionary.title
            chapters.append(
                Chapter(
                    title: Wording(zh: "规则：\(title.zh)", en: "Rules: \(title.en)"),
                    entries: programme.ruleCodes))
            for profile in programme.profiles {
                chapters.append(
                    Chapter(
                        title: Wording(
                            zh: "应答码：\(profile.title.zh)",
                            en: "Acknowledgement codes: \(profile.title.en)"),
                        entries: profile.codes.map(CodeBook.entry)))
            }
        }
        var places: [String: [Wording]] = [:]
        for chapter in chapters {
            for entry in chapter.entries {
                places[CodeBook.key(entry), default: []].append(chapter.title)
            }
        }
        self.places = places
        var entries: [String: [CodeEntry]] = [:]
        self.chapters = chapters.map { chapter in
            // What two programmes say alike stands once, in the first one's chapter.
            let own = chapter.entries.filter { entry in
                let isNew = !entries[entry.code, default: []].contains {
                    $0.what == entry.what && $0.next == entry.next
                }
                if isNew { entries[entry.code, default: []].append(entry) }
                return isNew
            }
            return Chapter(title: chapter.title, entries: own)
        }.filter { !$0.entries.isEmpty }
        for entry in programme?.ruleCodes ?? [] {
            entries[entry.code, default: []].removeAll {
                $0.what == entry.what && $0.next == entry.next
            }
            entries[entry.code, default: []].insert(entry, at: 0)
        }
        self.entries = entries
    }

    subscript(code: String) -> CodeEntry? { all(of: code).first }

    /// Everything that a code says, the first programme's first.
    func all(of code: String) -> [CodeEntry] { entries[code] ?? entries[code.uppercased()] ?? [] }

    /// Where a code says this: the chapters of the reference, e.g. `规则：孕前检查`.
    func places(of entry: CodeEntry) -> [Wording] { places[CodeBook.key(entry)] ?? [] }

    private static func key(_ entry: CodeEntry) -> String { "\(entry.code) \(entry.what.zh)" }

    private static var own: [Chapter] {
        [
            Chapter(
                title: Wording(zh: "命令与站点", en: "Commands and the site"),
                entries: CommandCodes.all + flowCodes + partCodes + listCodes + sourceCountCodes
                    + reconcilingCodes + definitionCodes),
            Chapter(title: Wording(zh: "读取文件", en: "Reading files"), entries: intakeCodes),
            Chapter(title: Wording(zh: "读取数值", en: "Reading values"), entries: mappingCodes),
            Chapter(
                title: Wording(zh: "去向", en: "Fates"), entries: validationCodes + packingCodes),
            Chapter(
                title: Wording(zh: "不变式", en: "Invariants"), entries: InvariantCodes.all),
            Chapter(
                title: Wording(zh: "常驻服务", en: "The service"), entries: OperationsCodes.all),
            Chapter(title: Wording(zh: "密钥与审批", en: "Keys and approvals"), entries: privacyCodes),
            Chapter(
                title: Wording(zh: "发送、队列与回执", en: "Sending, queue and receipts"),
                entries: deliveryCodes),
            Chapter(
                title: Wording(zh: "日程与截止", en: "Schedules and deadlines"),
                entries: scheduleCodes),
            Chapter(
                title: Wording(zh: "账本与结算", en: "Ledger and settlement"),
                entries: evidenceCodes + settlementCodes + differenceCodes),
            Chapter(title: Wording(zh: "数据库", en: "Database"), entries: StorageCodes.all),
            Chapter(
                title: Wording(zh: "样例与演练", en: "Samples and rehearsal"),
                entries: sampleCodes + rehearsalCodes),
        ]
    }

    private static func entry(_ code: AcknowledgementCode) -> CodeEntry {
        let repair = repair(code)
        // What is mended at home does not mend what was refused already.
        guard code.effect == .final, ["county-it", "privacy-officer"].contains(code.repair) else {
            return CodeEntry(code.code, what: code.meaning, next: repair)
        }
        return CodeEntry(
            code.code, what: code.meaning,
            next: Wording(
                zh: repair.zh + "报文整份被拒的，改好之后 shangbao queue repack 编号 --because 理由，重新组包。",
                en: repair.en + " Where a whole submission was refused, have it packed anew once "
                    + "that is mended: shangbao queue repack ID --because WHY."))
    }

    private static func repair(_ code: AcknowledgementCode) -> Wording {
        switch code.repair {
        case "nobody": Wording(zh: "无需处理。", en: "Nothing to do.")
        case "clinic": Wording(zh: "由机构更正后重新导出。", en: "The clinic corrects it and exports again.")
        case "county-it":
            Wording(zh: "由县级信息人员检查配置或映射。", en: "The county's IT looks at settings and mapping.")
        case "privacy-officer":
            Wording(zh: "由隐私负责人处理。", en: "The privacy officer deals with it.")
        case "national": Wording(zh: "联系国家平台。", en: "Ask the national side.")
        default: Wording(zh: "系统会自动处理。", en: "It goes on by itself.")
        }
    }

    /// The known codes that look most like a wrong one, nearest first.
    func nearest(to code: String, most: Int = 5) -> [CodeEntry] {
        let wanted = Array(code.uppercased())
        return entries.values.compactMap(\.first).map {
            (CodeBook.distance(wanted, Array($0.code)), $0)
        }
        .filter { $0.0 <= max(2, wanted.count / 2) }
        .sorted { ($0.0, $0.1.code) < ($1.0, $1.1.code) }
        .prefix(most).map(\.1)
    }

    /// How many characters must change (Levenshtein).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, one) in left.enumerated() {
            var before = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let here = row[j + 1]
                row[j + 1] = min(here + 1, row[j] + 1, before + (one == other ? 0 : 1))
                before = here
            }
        }
        return row[right.count]
    }
}
