import Records

/// What changed in the files behind a sheet (规则、表、期限的差异).
struct GroundingDifference {
    let before: ReviewSheet.Grounding
    let now: ReviewSheet.Grounding
    let sheet: ReviewSheet

    func note(in list: inout ChangeList) {
        list.about = []
        let count = list.changes.count { $0.direction == .worse }
        noteFields(&list)
        noteRules(&list)
        noteSettings(&list)
        noteTables(&list)
        noteTerms(&list)
        list.about = []
        list.isLoosened = list.changes.count { $0.direction == .worse } > count
    }

    // MARK: Fields

    private func noteFields(_ list: inout ChangeList) {
        for sort in [ReviewSheet.Statement.Sort.field, .column] {
            let old = Dictionary(
                before.statements.filter { $0.sort == sort }.map { ("\($0.file) \($0.name)", $0) },
                uniquingKeysWith: { first, _ in first })
            for statement in now.statements where statement.sort == sort {
                guard let earlier = old["\(statement.file) \(statement.name)"],
                    earlier.digest != statement.digest, let field = field(of: statement)
                else { continue }
                list.about = fields(of: statement)
                for key in Set(earlier.words.keys).union(statement.words.keys).sorted() {
                    let (was, isNow) = (earlier.words[key], statement.words[key])
                    guard was != isNow else { continue }
                    list.note(
                        GroundingDifference.direction(key, was, isNow),
                        "\(field.title.zh)（\(statement.bareName)）：\(key) "
                            + "\(was ?? "无") → \(isNow ?? "无")",
                        "\(statement.bareName): \(key) \(was ?? "none") → \(isNow ?? "none")")
                }
            }
        }
    }

    /// The first field of the sheet that a line of `fields` is; the line of two spouses is both's.
    private func field(of statement: ReviewSheet.Statement) -> ReviewSheet.Field? {
        (sheet.sent + sheet.readOnly).first { statement.isLine(of: $0) }
    }

    private func fields(of statement: ReviewSheet.Statement) -> [String] {
        (sheet.sent + sheet.readOnly).filter { statement.isLine(of: $0) }.map(\.name)
    }

    /// What a key's change does: a limit that shrinks lets less leave, one that is said anew too.
    private static func direction(
        _ key: String, _ was: String?, _ now: String?
    ) -> SheetChange.Direction {
        let numbers = (was.flatMap(Double.init), now.flatMap(Double.init))
        switch key {
        case "max", "places":
            if let old = numbers.0, let new = numbers.1 { return new < old ? .better : .worse }
            return .worse
        case "min":
            if let old = numbers.0, let new = numbers.1 { return new > old ? .better : .worse }
            return .worse
        case "about": return was == nil || now == "both" ? .better : .worse
        case "masked": return now == "true" ? .better : .worse
        default: return .worse
        }
    }

    // MARK: Rules and settings

    private func noteRules(_ list: inout ChangeList) {
        let old = Dictionary(grouping: before.statements.filter { $0.sort == .rule }, by: \.name)
        let new = Dictionary(grouping: now.statements.filter { $0.sort == .rule }, by: \.name)
        for name in Set(old.keys).union(new.keys).sorted() {
            let was = (old[name] ?? []).map(\.digest)
            let isNow = (new[name] ?? []).map(\.digest)
            let gone = GroundingDifference.gone(from: was, in: isNow)
            let came = GroundingDifference.gone(from: isNow, in: was)
            let changed = min(gone, came)
            if changed > 0 {
                list.worse(
                    "规则 \(name)：改了 \(changed) 条", "Rule \(name): \(changed) entries changed")
            }
            if gone > came {
                list.worse(
                    "规则 \(name)：取消 \(gone - came) 条",
                    "Rule \(name): \(gone - came) entries taken out")
            } else if came > gone {
                list.note(
                    .neither, "规则 \(name)：新增 \(came - gone) 条",
                    "Rule \(name): \(came - gone) entries more")
            }
        }
    }

    private func noteSettings(_ list: inout ChangeList) {
        func settings(_ grounding: ReviewSheet.Grounding) -> [String: ReviewSheet.Statement] {
            Dictionary(
                grounding.statements.filter { $0.sort == .setting }
                    .map { ("\($0.file) \($0.name)", $0) }, uniquingKeysWith: { first, _ in first })
        }
        let (old, new) = (settings(before), settings(now))
        for name in Set(old.keys).union(new.keys).sorted() where old[name] != new[name] {
            let was = old[name].map { $0.words[""] ?? "…" }
            let isNow = new[name].map { $0.words[""] ?? "…" }
            list.worse(
                "\(name)：\(was ?? "无") → \(isNow ?? "无")",
                "\(name): \(was ?? "none") → \(isNow ?? "none")")
        }
    }

    // MARK: Tables

    private func noteTables(_ list: inout ChangeList) {
        let old = Dictionary(
            before.tables.map { ($0.path, $0) }, uniquingKeysWith: { one, _ in one })
        let new = Dictionary(now.tables.map { ($0.path, $0) }, uniquingKeysWith: { one, _ in one })
        for path in Set(old.keys).union(new.keys).sorted() {
            let (was, isNow) = (old[path]?.lines ?? [], new[path]?.lines ?? [])
            guard was != isNow else { continue }
            let gone = GroundingDifference.gone(from: was, in: isNow)
            let came = GroundingDifference.gone(from: isNow, in: was)
            let direction = TableWeight(path: path, came: came, gone: gone)
                .direction(old[path]?.guarding, new[path]?.guarding)
            let isAll = old[path] == nil ? "（新表）" : new[path] == nil ? "（整张表没有了）" : ""
            list.note(
                direction, "表 \(path)\(isAll)：增 \(came) 行，减 \(gone) 行",
                "Table \(path): \(came) lines more, \(gone) lines gone")
        }
    }

    // MARK: Terms

    private func noteTerms(_ list: inout ChangeList) {
        let old = Dictionary(
            before.terms.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
        let new = Dictionary(now.terms.map { ($0.name, $0) }, uniquingKeysWith: { one, _ in one })
        for name in Set(old.keys).union(new.keys).sorted() {
            let (was, isNow) = (old[name], new[name])
            guard was?.text != isNow?.text, let title = (isNow ?? was)?.title else { continue }
            var direction = SheetChange.Direction.worse
            if let was = was?.value, let now = isNow?.value, let term = isNow {
                direction = (now > was) == term.isWorseGreater ? .worse : .better
                if name == "warnBefore" { direction = .neither }
            } else if was == nil {
                direction = .better
            }
            list.note(
                direction, "\(title.zh)：\(was?.text ?? "不限") → \(isNow?.text ?? "不限")",
                "\(title.en): \(was?.text ?? "no limit") → \(isNow?.text ?? "no limit")")
        }
    }

    /// How many texts of one list the other lacks, each as often as it stands there.
    static func gone(from one: [String], in other: [String]) -> Int {
        var left: [String: Int] = [:]
        for text in other { left[text, default: 0] += 1 }
        return one.count { text in
            guard let count = left[text], count > 0 else { return true }
            left[text] = count - 1
            return false
        }
    }
}

/// What a change of a table means for what leaves.
private struct TableWeight {
    let path: String
    let came: Int
    let gone: Int

    /// - Parameters: the lines before and now of a table that a rule reads to keep things at home.
    func direction(_ before: [String]?, _ now: [String]?) -> SheetChange.Direction {
        if before != nil || now != nil { return guarding(before ?? [], now ?? []) }
        switch path {
        case "privacy/open-texts.csv": return came > 0 ? .worse : .better
        case "privacy/sensitive.csv": return gone > 0 ? .worse : .better
        default: break
        }
        if path.hasSuffix("privacy.csv") { return came > 0 ? .worse : .better }
        if path.hasPrefix("privacy/") { return .worse }
        // A code or a word more lets a value more be read, and so leave.
        return came > 0 ? .worse : .neither
    }

    /// A word that refuses and is gone, or one that excuses and came, lets more pass.
    private func guarding(_ before: [String], _ now: [String]) -> SheetChange.Direction {
        let refuses = { (line: String) in
            ["sex", "sexInText", "present"].contains(
                line.split(separator: ",").last.map(String.init))
        }
        let lost = GroundingDifference.gone(
            from: before.filter(refuses), in: now.filter(refuses))
        let excused = GroundingDifference.gone(
            from: now.filter { !refuses($0) }, in: before.filter { !refuses($0) })
        return lost > 0 || excused > 0 ? .worse : .better
    }
}

extension ReviewSheet.Statement {
    /// The field's name as its line writes it: without whose it is.
    fileprivate var bareName: String {
        guard sort == .field else { return name }
        return name.split(separator: ".", maxSplits: 1).last.map(String.init) ?? name
    }

    /// Whether a field of a sheet is said by this line.
    fileprivate func isLine(of field: ReviewSheet.Field) -> Bool {
        let wire = field.path.split(separator: "/").last.map(String.init) ?? field.path
        switch sort {
        case .column:
            if name.hasPrefix("person.") { return name == "person." + wire }
            return name == field.name
        case .field:
            guard bareName == wire else { return false }
            let who = name.prefix { $0 != "." }
            return who == "both" || who == "family" && !field.name.contains(".")
                || field.name.hasPrefix(who + ".")
        default: return false
        }
    }
}
