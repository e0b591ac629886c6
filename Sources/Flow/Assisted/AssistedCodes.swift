package import Records

/// Why an assisted step was not taken.
package struct AssistedFailure: ExplainedFailure {
    package enum Reason: String, Sendable, CaseIterable {
        /// The site reaches the national side by wire.
        case notAssisted = "W-BY-WIRE"
        /// The profile does not say how its forms are filled in.
        case noForms = "W-NO-FORMS"
        /// A file with people's data would lie in the site's folder.
        case insideSite = "W-INSIDE"
        /// The file could not be written after the cases were handed out.
        case notWritten = "W-NOT-WRITTEN"
        /// Nothing was handed out before.
        case neverHanded = "W-NONE-BEFORE"
        /// No worklist begins so, or several do.
        case noWorklist = "W-NO-WORKLIST"
        /// The list lacks a column without which it says nothing.
        case noColumn = "W-COLUMN"
        /// No such list is kept, or several begin so.
        case noList = "W-NO-LIST"
        /// The list was erased, its time being over.
        case listErased = "W-LIST-ERASED"
        /// People cannot be rehearsed.
        case rehearsal = "W-REHEARSAL"
    }

    package let reason: Reason
    package let place: String?
    package let detail: String?

    package init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    package var entry: CodeEntry { AssistedCodes.entry(reason) }
}

/// What is the matter with a row of a list of results.
package enum ResultProblem: String, Sendable, CaseIterable, Codable {
    case unreadable = "W-ROW"
    /// No word of the profile.
    case word = "W-WORD"
    case unmatched = "W-UNMATCHED"
    /// It may speak of more than one version.
    case several = "W-SEVERAL"
    /// What it says cannot be of what we asked for.
    case action = "W-ACTION"
    /// Another row says otherwise of the same case.
    case contradicted = "W-TWICE"
    /// The serial looks like a person's number.
    case serial = "W-SERIAL"
    /// The platform gave one number to two cases.
    case shared = "W-SHARED"
    /// Why it was rejected is not known; the record is held.
    case reason = "W-REASON"

    package var entry: CodeEntry { AssistedCodes.entry(self) }
}

/// The sentences of assisted entry.
enum AssistedCodes {
    static let all =
        AssistedFailure.Reason.allCases.map(entry) + ResultProblem.allCases.map(entry)

    static func entry(_ reason: AssistedFailure.Reason) -> CodeEntry {
        let words = words(of: reason)
        return CodeEntry(reason.rawValue, what: words.what, next: words.next)
    }

    static func entry(_ problem: ResultProblem) -> CodeEntry {
        let words = words(of: problem)
        return CodeEntry(problem.rawValue, what: words.what, next: words.next)
    }

    private typealias Words = (what: Wording, next: Wording)

    private static func words(of reason: AssistedFailure.Reason) -> Words {
        switch reason {
        case .notAssisted:
            (
                Wording(
                    zh: "本站经网络上报，不用录入清单。",
                    en: "This site reports by wire and needs no worklist."),
                Wording(
                    zh: "用 shangbao deliver；平台只有网页时，把 national.binding 改为 assisted。",
                    en: "Use shangbao deliver; for a platform with web forms alone set "
                        + "national.binding to assisted.")
            )
        case .noForms:
            (
                Wording(
                    zh: "这个项目的接口规格没有 assisted.yaml，不知道网页怎样录入。",
                    en: "The programme's profile has no assisted.yaml: nothing says how its forms "
                        + "are filled in."),
                Wording(
                    zh: "照 reference-1 的 assisted.yaml 写一份，放在该规格的文件夹里。",
                    en: "Write one after that of reference-1 and put it into the profile's folder.")
            )
        case .insideSite:
            (
                Wording(
                    zh: "这个文件含有个人信息，不能放在站点目录内。",
                    en: "The file holds people's data and must not lie in the site's folder."),
                Wording(
                    zh: "写到录入人员的加密盘或专用目录。",
                    en: "Write it to the encrypted disk or folder of the person who types.")
            )
        case .notWritten, .neverHanded, .noWorklist: handoutWords(of: reason)
        case .noColumn:
            (
                Wording(
                    zh: "结果清单缺少必需的列。", en: "The list lacks a column that it needs."),
                Wording(
                    zh: "核对该规格 assisted.yaml 的 results.columns 与 headerRow。",
                    en: "Check results.columns and headerRow in the profile's assisted.yaml.")
            )
        case .noList, .listErased: listWords(of: reason)
        case .rehearsal:
            (
                Wording(
                    zh: "辅助录入不经网络，没有可以演练的国家平台。",
                    en: "Assisted entry uses no wire: there is no national side to rehearse."),
                Wording(
                    zh: "用 shangbao worklist 取清单，自己写一份结果清单，再 shangbao results。",
                    en: "Take a worklist, write a list of results by hand, then shangbao results.")
            )
        }
    }

    private static func listWords(of reason: AssistedFailure.Reason) -> Words {
        switch reason {
        case .noList:
            (
                Wording(
                    zh: "没有保存这份结果清单，或不止一份这样开头。",
                    en: "No such list is kept, or several begin so."),
                Wording(
                    zh: "多写几位 SHA-256；收清单时显示过。",
                    en: "Write more of its SHA-256, which was shown when it was brought.")
            )
        default:
            (
                Wording(
                    zh: "这份结果清单已到期清除，只留下摘要和结论。",
                    en: "The list was erased, its time being over: its digest and what followed "
                        + "from it are kept."),
                Wording(
                    zh: "需要原件时从平台重新导出；期限见 mappings/privacy/retention.yaml 的 resultList。",
                    en: "Export it from the platform once more; how long it is kept is resultList "
                        + "in mappings/privacy/retention.yaml.")
            )
        }
    }

    private static func handoutWords(of reason: AssistedFailure.Reason) -> Words {
        switch reason {
        case .noWorklist:
            (
                Wording(
                    zh: "没有这份录入清单，或不止一份这样开头。",
                    en: "There is no such worklist, or several begin so."),
                Wording(
                    zh: "多写几位 SHA-256；写清单时显示过，shangbao trace 也看得到。",
                    en: "Write more of its SHA-256: shown when it was written, and by trace.")
            )
        case .neverHanded:
            (
                Wording(
                    zh: "这个项目还没有出过录入清单。", en: "No worklist was made of this programme yet."),
                Wording(zh: "不带 --again 再运行。", en: "Run it without --again.")
            )
        default:
            (
                Wording(
                    zh: "病例已记为交出，但清单没有写成。",
                    en: "The cases are noted as handed out, but the worklist could not be "
                        + "written."),
                Wording(
                    zh: "用 shangbao worklist --again --out 另一路径 再写一次，内容相同；删去没写完的文件。",
                    en: "Write it once more, with the same content: shangbao worklist --again "
                        + "--out ANOTHER; delete what was left of the first.")
            )
        }
    }

    private static func words(of problem: ResultProblem) -> Words {
        switch problem {
        case .unreadable:
            (
                Wording(zh: "这一行读不出。", en: "The row cannot be read."),
                Wording(zh: "从平台重新导出。", en: "Export the list again.")
            )
        case .word:
            (
                Wording(
                    zh: "状态用语不认识，不猜测。", en: "The status is no known word; nothing is guessed."),
                Wording(
                    zh: "弄清意思后补入 assisted.yaml 的 words，再收同一份清单。",
                    en: "Find out what it means, add it to words in assisted.yaml, and bring the "
                        + "same list again.")
            )
        case .unmatched:
            (
                Wording(
                    zh: "对不上任何交出的病例。", en: "It fits no case that was handed out."),
                Wording(
                    zh: "核对上报编号是否整串抄进平台；不是本站录入的不用管。",
                    en: "See whether our reference was copied whole; leave it if it is not ours.")
            )
        case .several, .action, .contradicted, .shared: versionWords(of: problem)
        case .serial:
            (
                Wording(
                    zh: "流水号像证件号或电话号码，没有采用。",
                    en: "The serial looks like a person's number and was not taken."),
                Wording(
                    zh: "核对 assisted.yaml 的 serial 列。",
                    en: "Check the serial column in assisted.yaml.")
            )
        case .reason:
            (
                Wording(
                    zh: "退回原因不认识：没有结果的记录暂存待查；早已接收的仍算接收，原因补入后才会冻结。",
                    en: "Why it was rejected is not known: a record without an answer is held; one "
                        + "that was accepted counts until the reason is known, and is frozen then."),
                Wording(
                    zh: "把原因补入该规格的 answer-texts.csv，再收同一份清单。",
                    en: "Add the reason to the profile's answer-texts.csv, and bring the same list "
                        + "again.")
            )
        }
    }

    private static func versionWords(of problem: ResultProblem) -> Words {
        switch problem {
        case .several:
            (
                Wording(
                    zh: "没有上报编号，可能是不同病例或同一病例的不同版本，不猜测。",
                    en: "Without our reference it may be one of several cases or versions; it is "
                        + "not guessed."),
                Wording(
                    zh: "在平台备注里补上报编号后重新导出。",
                    en: "Put our reference into the platform's remarks, and export again.")
            )
        case .action:
            (
                Wording(
                    zh: "平台说已删除，而本站没有要求撤回。",
                    en: "The platform says that it is deleted, and we did not ask for that."),
                Wording(zh: "请平台核实是谁删除的。", en: "Ask the platform who deleted it.")
            )
        case .shared:
            (
                Wording(
                    zh: "平台把一个编号给了两个病例，哪一行都没有采用。",
                    en: "The platform gave one number to two cases; neither row counts."),
                Wording(
                    zh: "在平台上核对这两个病例，改正后重新导出。",
                    en: "Look at both cases on the platform, have it put right, and export again.")
            )
        default:
            (
                Wording(
                    zh: "同一份清单里另一行对同一病例说法不同，两行都没有采用。",
                    en: "Another row of the list says otherwise of the same case; neither counts."),
                Wording(zh: "请平台核实后重新导出。", en: "Ask the platform, and export again.")
            )
        }
    }
}
