import Definitions
import LibCrypto
package import Records

extension ReviewSheet {
    /// A number of the county's own that the sheet states (期限与门槛): days for which something is
    /// kept here, or what a table must keep to that leaves outside the reports.
    package struct Term: Hashable, Sendable, Codable {
        /// The key in its file, e.g. `ownCopy`.
        package let name: String
        /// As the file writes it, e.g. `1095`, `1/20`.
        package let text: String

        /// For comparing; `nil` where it is no number.
        var value: Double? {
            let parts = text.split(separator: "/").compactMap { Double($0) }
            return parts.count == 2 && parts[1] > 0 ? parts[0] / parts[1] : Double(text)
        }

        /// Whether more of it lets more be known: days that something is kept, a mean risk.
        var isWorseGreater: Bool { name != "smallest" && name != "diversity" }

        /// What it is, as people say it.
        package var title: Wording { Term.titles[name] ?? Wording(zh: name, en: name) }

        private static let titles = [
            "correctedRow": Wording(zh: "已更正的旧行保留（日）", en: "corrected rows kept, days"),
            "closedRow": Wording(zh: "不上报的行保留（日）", en: "closed rows kept, days"),
            "ownCopy": Wording(zh: "本地留的报文密钥保留（日）", en: "our copies of keys kept, days"),
            "waitingPart": Wording(zh: "等待合并的行保留（日）", en: "waiting parts kept, days"),
            "warnBefore": Wording(zh: "清除前提前告知（日）", en: "named before erasure, days"),
            "resultList": Wording(zh: "带回的结果清单保留（日）", en: "result lists kept, days"),
            "strangeAnswer": Wording(
                zh: "签名密钥不认识的应答保留（日）", en: "answers by unknown keys kept, days"),
            "mostPause": Wording(
                zh: "账本停顿多久就不清除（日）", en: "a pause after which nothing is erased, days"),
            "identifying": Wording(zh: "出县表格不得有的列", en: "columns that no release has"),
            "smallest": Wording(zh: "出县表格每组至少（人）", en: "people in a released group, at least"),
            "meanRisk": Wording(zh: "出县表格平均风险至多", en: "mean risk of a release, at most"),
            "diversity": Wording(zh: "出县表格敏感值至少（种）", en: "sensitive values a group, at least"),
            "suppressed": Wording(zh: "遮掉的格子写成", en: "a suppressed cell is written"),
        ]
    }

    /// A table that decides what is read, refused or let pass (表): codes, words, lists.
    package struct Table: Hashable, Sendable, Codable {
        /// Below `mappings/`.
        package let path: String
        /// A short digest of each line, in the order of the file.
        package let lines: [String]
        /// The lines themselves where a rule reads them to keep something at home.
        package let guarding: [String]?
    }

    /// One thing that a definition file says (定义文件的一项): a rule, a field's line, a setting.
    package struct Statement: Hashable, Sendable, Codable {
        package enum Sort: String, Sendable, Codable {
            /// An entry of `rules`.
            case rule
            /// A line of the programme's `fields`, or of the mapping's.
            case field, column
            /// Any other key.
            case setting
        }

        package let sort: Sort
        /// Below `mappings/`.
        package let file: String
        /// `L-098 fetalSexMasked`; a field's name; a key.
        package let name: String
        /// Of a field or column: what it says besides, by key. Of a setting its text, where short.
        package let words: [String: String]
        /// A short digest of all that it says.
        package let digest: String
    }

    /// What the files behind a sheet say beyond its fields, for telling what changed.
    package struct Grounding: Hashable, Sendable, Codable {
        package let statements: [Statement]
        package let tables: [Table]
        /// In the order of the files.
        package let terms: [Term]
    }
}

extension ReviewSheet.Grounding {
    /// Reads the files that a mapping is made of; `nil` where none are at hand.
    init?(_ files: [(path: String, bytes: [UInt8])], of dictionary: ElementDictionary) {
        guard !files.isEmpty else { return nil }
        var statements: [ReviewSheet.Statement] = []
        var terms: [ReviewSheet.Term] = []
        var guards: Set<String> = []
        for file in files where file.path.hasSuffix(".yaml") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            guard let section = try? Section(text: text, shownAs: file.path) else { continue }
            if file.path.hasPrefix("privacy/") {
                terms += section.keys.map { ReviewSheet.Term($0, section) }
                continue
            }
            let reading = StatementReading(file: file.path, dictionary: dictionary)
            statements += reading.statements(of: section)
            guards.formUnion(reading.guards(of: section))
        }
        tables = files.filter { $0.path.hasSuffix(".csv") }.map { file in
            let lines = ReviewSheet.Table.lines(of: file.bytes)
            let isGuard = guards.contains { "/\(file.path)".hasSuffix("/\($0).csv") }
            return ReviewSheet.Table(
                path: file.path, lines: lines.map(shortDigest), guarding: isGuard ? lines : nil)
        }
        self.statements = statements
        self.terms = terms
    }
}

extension ReviewSheet.Table {
    /// The lines that say something: no comments, no header.
    static func lines(of bytes: [UInt8]) -> [String] {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.filter { !$0.hasPrefix("#") }.dropFirst().map(String.init)
    }
}

extension ReviewSheet.Term {
    /// One key of a file under `privacy/`.
    fileprivate init(_ key: String, _ section: Section) {
        var section = section
        name = key
        var other = section
        text =
            (try? section.optionalText(key)).flatMap { $0 }
            ?? (try? other.texts(key))?.joined(separator: "、") ?? ""
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of a text.
private func shortDigest(_ text: String) -> String {
    String(Hex.encode(Hash.sha256.digest(Array(text.utf8))).prefix(16))
}

/// Takes a definition file apart into what it says.
private struct StatementReading {
    let file: String
    let dictionary: ElementDictionary

    /// What the sheet shows by itself, or only people read.
    private static let shown: Set = [
        "mapping", "programme", "title", "purpose", "legalBasis", "retention", "record", "list",
        "ignore", "examples", "fields", "rules", "followUps", "lists", "counts", "settles",
    ]
    private static let ofField: Set = [
        "field", "zh", "en", "standard", "source", "class", "keep", "drop", "encrypt", "required",
        "from", "value",
    ]
    /// Of a setting no more is kept than this.
    private static let longest = 120

    func statements(of section: Section) -> [ReviewSheet.Statement] {
        var reading = section
        let isProgramme = section.has("subjects")
        var found = section.keys.filter { !StatementReading.shown.contains($0) }.map { key in
            let text = section.canonical(key) ?? ""
            let isShort = text.count <= StatementReading.longest
            return statement(.setting, key, isShort ? ["": text] : [:], of: text)
        }
        for field in (try? reading.sections("fields")) ?? [] {
            let words = StatementReading.words(of: field)
            let name = field.canonicalText("field")
            let who = isProgramme ? field.canonicalText("who") + "." : ""
            found.append(
                statement(
                    isProgramme ? .field : .column, who + name, words,
                    of: words.sorted { $0.key < $1.key }.description))
        }
        return found
            + rules(of: section).map { rule in
                let text = rule.keys.sorted().filter { !["says", "next", "source"].contains($0) }
                    .map { "\($0): \(rule.canonical($0) ?? "")" }.joined(separator: ", ")
                return statement(
                    .rule, rule.canonicalText("code") + " " + rule.canonicalText("rule"), [:],
                    of: text)
            }
    }

    /// The tables that rules read, e.g. `words/fetal-sex`.
    func guards(of section: Section) -> [String] {
        rules(of: section).filter { $0.has("words") }.map { $0.canonicalText("words") }
    }

    /// The rules for records of this sort.
    private func rules(of section: Section) -> [Section] {
        var section = section
        let (key, one, name) =
            if let list = dictionary.list?.name {
                ("lists", "list", list)
            } else if let followUp = dictionary.followUp?.name {
                ("followUps", "record", followUp)
            } else {
                ("", "", "")
            }
        guard !key.isEmpty else { return (try? section.sections("rules")) ?? [] }
        var found = ((try? section.sections(key)) ?? []).first { $0.canonicalText(one) == name }
        return (try? found?.sections("rules")) ?? []
    }

    private static func words(of field: Section) -> [String: String] {
        var words: [String: String] = [:]
        for key in field.keys where !ofField.contains(key) { words[key] = field.canonicalText(key) }
        return words
    }

    private func statement(
        _ sort: ReviewSheet.Statement.Sort, _ name: String, _ words: [String: String],
        of text: String
    ) -> ReviewSheet.Statement {
        ReviewSheet.Statement(
            sort: sort, file: file, name: name, words: words, digest: shortDigest(text))
    }
}

extension Section {
    /// A single value as it stands there, anything else in its one form; empty where it is absent.
    fileprivate func canonicalText(_ key: String) -> String {
        var section = self
        return (try? section.optionalText(key)) ?? canonical(key) ?? ""
    }
}
