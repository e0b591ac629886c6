import Foundation
package import Records
import Yams

/// One mapping of a YAML file, read strictly: what is not asked for by `finish()` is an error that
/// names the known keys.
package struct Section {
    package let file: String
    private let entries: [(key: Node, name: String?, value: Node)]
    private let mark: Mark?
    private var asked: [String] = []
    /// Where the file lies; `nil` for a text that is no file.
    private var folder: String?

    private init(file: String, mapping: Node.Mapping, mark: Mark?, folder: String? = nil) {
        self.file = file
        entries = mapping.map { ($0.key, $0.key.scalar?.string, $0.value) }
        self.mark = mark
        self.folder = folder
    }

    /// Reads a whole file whose top is a mapping.
    ///
    /// - Parameter shownAs: the path as people know it, for errors.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text, .basic)  // values are text
        } catch let error as YamlError {
            throw Section.syntaxError(error, file: file)
        } catch {
            throw DefinitionError(
                file: file, problem: Wording(zh: "不是 YAML 文件。", en: "This is not YAML."))
        }
        guard let node, case .mapping(let mapping) = node else {
            throw DefinitionError(
                file: file, line: 1, column: 1,
                problem: Wording(zh: "文件顶层应为 键: 值。", en: "The top must be key: value."))
        }
        self.init(file: file, mapping: mapping, mark: node.mark)
    }

    /// Reads the file at a path.
    package init(path: String, shownAs file: String? = nil) throws(DefinitionError) {
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(bytes: bytes, encoding: .utf8)
        else {
            throw DefinitionError(
                file: file ?? path,
                problem: Wording(zh: "文件不存在，或不是 UTF-8。", en: "No such file, or not UTF-8."))
        }
        try self.init(text: text, shownAs: file ?? path)
        folder = (path as NSString).deletingLastPathComponent
    }

    /// The keys in the order of the file.
    package var keys: [String] { entries.compactMap(\.name) }

    /// Whether the key is there with a value.
    package func has(_ key: String) -> Bool { node(key) != nil }

    /// Whether a key's value is a list.
    package func isList(_ key: String) -> Bool { node(key)?.sequence != nil }

    /// An error at a key's value, or at the section's head.
    package func error(at key: String? = nil, _ zh: String, _ en: String) -> DefinitionError {
        let place = key.flatMap { node($0)?.mark } ?? mark
        return DefinitionError(
            file: file, line: place?.line ?? 0, column: place?.column ?? 0,
            problem: Wording(zh: zh, en: en))
    }

    /// One value that must be there.
    package mutating func text(_ key: String) throws(DefinitionError) -> String {
        guard let text = try optionalText(key) else { throw missing(key) }
        return text
    }

    /// One value as text, `nil` where the key is absent or empty.
    package mutating func optionalText(_ key: String) throws(DefinitionError) -> String? {
        guard let node = take(key) else { return nil }
        guard let text = node.scalar?.string else {
            throw error(at: key, "“\(key)” 应为一个值。", "\(key) must be one value.")
        }
        return text
    }

    /// A whole number, `nil` where the key is absent.
    package mutating func integer(_ key: String) throws(DefinitionError) -> Int? {
        guard let text = try optionalText(key) else { return nil }
        guard let number = Int(text) else {
            throw error(at: key, "“\(key)” 应为整数。", "\(key) must be a whole number.")
        }
        return number
    }

    /// `true` or `false`, `nil` where the key is absent.
    package mutating func flag(_ key: String) throws(DefinitionError) -> Bool? {
        guard let text = try optionalText(key) else { return nil }
        guard text == "true" || text == "false" else {
            throw error(at: key, "“\(key)” 应为 true 或 false。", "\(key) must be true or false.")
        }
        return text == "true"
    }

    /// A day `yyyy-MM-dd`, `nil` where the key is absent.
    package mutating func date(_ key: String) throws(DefinitionError) -> CalendarDate? {
        guard let text = try optionalText(key) else { return nil }
        guard let date = CalendarDate(iso: text) else {
            throw error(at: key, "“\(key)” 应为日期 yyyy-MM-dd。", "\(key) must be a day yyyy-MM-dd.")
        }
        return date
    }

    /// One of the cases of an enumeration; the error names them all.
    package mutating func choice<Case: RawRepresentable & CaseIterable>(
        _ key: String, of type: Case.Type
    ) throws(DefinitionError) -> Case? where Case.RawValue == String {
        guard let text = try optionalText(key) else { return nil }
        guard let found = Case(rawValue: text) else {
            let known = Case.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(at: key, "“\(key)” 只能是：\(known)。", "\(key) must be one of: \(known).")
        }
        return found
    }

    /// `{zh: …, en: …}`.
    package mutating func wording(_ key: String) throws(DefinitionError) -> Wording {
        var section = try self.section(key)
        let wording = Wording(zh: try section.text("zh"), en: try section.text("en"))
        try section.finish()
        return wording
    }

    /// A list of values, or one value alone; empty where the key is absent.
    package mutating func texts(_ key: String) throws(DefinitionError) -> [String] {
        guard let node = take(key) else { return [] }
        if let single = node.scalar?.string { return [single] }
        guard let sequence = node.sequence else {
            throw error(at: key, "“\(key)” 应为列表。", "\(key) must be a list.")
        }
        var texts: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string else {
                throw error(at: key, "“\(key)” 应为值的列表。", "\(key) must be a list of values.")
            }
            texts.append(text)
        }
        return texts
    }

    /// A mapping that must be there.
    package mutating func section(_ key: String) throws(DefinitionError) -> Section {
        guard let section = try optionalSection(key) else { throw missing(key) }
        return section
    }

    /// A mapping, `nil` where the key is absent.
    package mutating func optionalSection(_ key: String) throws(DefinitionError) -> Section? {
        guard let node = take(key) else { return nil }
        guard case .mapping(let inner) = node else {
            throw error(at: key, "“\(key)” 应为 {键: 值}。", "\(key) must be {key: value}.")
        }
        return Section(file: file, mapping: inner, mark: node.mark, folder: folder)
    }

    /// A list of mappings.
    package mutating func sections(_ key: String) throws(DefinitionError) -> [Section] {
        guard let node = take(key) else { return [] }
        guard let sequence = node.sequence else {
            throw error(at: key, "“\(key)” 应为列表。", "\(key) must be a list.")
        }
        var sections: [Section] = []
        for item in sequence {
            guard case .mapping(let inner) = item else {
                throw error(at: key, "“\(key)” 应为 {键: 值} 的列表。", "\(key) must list {key: value}.")
            }
            sections.append(
                Section(file: file, mapping: inner, mark: item.mark, folder: folder))
        }
        return sections
    }

    /// The table that a key names, e.g. `words/fetal-sex`: beside the file, else in the folder
    /// above, where the tables stand that programmes share; `nil` where the key is absent.
    package mutating func table(_ key: String) throws(DefinitionError) -> NamedTable? {
        guard let name = try optionalText(key) else { return nil }
        let folders = folder.map { [$0, ($0 as NSString).deletingLastPathComponent] } ?? []
        for folder in folders {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name).csv"),
                let text = String(bytes: bytes, encoding: .utf8)
            else { continue }
            return NamedTable(name: name, text: text)
        }
        throw error(at: key, "没有表 “\(name).csv”，或不是 UTF-8。", "There is no \(name).csv in UTF-8.")
    }

    /// One text for what a key says, whatever its spelling, order and comments, without what only
    /// people read (`zh`, `en`, `says`, `next`, `source`); `nil` where the key is absent.
    package func canonical(_ key: String) -> String? { node(key).map(Section.canonical) }

    private static let forPeople: Set = ["zh", "en", "says", "next", "source"]

    private static func canonical(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): return scalar.string.debugDescription
        case .sequence(let items): return "[" + items.map(canonical).joined(separator: ", ") + "]"
        case .mapping(let pairs):
            let texts = pairs.compactMap { key, value -> String? in
                let name = key.scalar?.string ?? "?"
                return forPeople.contains(name) ? nil : "\(name): \(canonical(value))"
            }
            return "{" + texts.sorted().joined(separator: ", ") + "}"
        case .alias: return "*"
        }
    }

    /// Refuses keys that nobody asked for, with the known names.
    package func finish() throws(DefinitionError) {
        for (key, name, _) in entries {
            guard let name, asked.contains(name) else {
                let known = asked.joined(separator: ", ")
                let name = name ?? "?"
                throw DefinitionError(
                    file: file, line: key.mark?.line ?? 0, column: key.mark?.column ?? 0,
                    problem: Wording(
                        zh: "不认识的键 “\(name)”；可用：\(known)。",
                        en: "Unknown key \(name); known here: \(known)."))
            }
        }
    }

    private func missing(_ key: String) -> DefinitionError {
        error("缺少 “\(key)”。", "\(key) is missing.")
    }

    private func node(_ key: String) -> Node? {
        entries.first { $0.name == key }?.value
    }

    private mutating func take(_ key: String) -> Node? {
        if !asked.contains(key) { asked.append(key) }
        guard let found = node(key) else { return nil }
        if case .scalar(let scalar) = found, scalar.string.isEmpty, scalar.style == .plain {
            return nil
        }
        return found
    }

    private static func syntaxError(_ error: YamlError, file: String) -> DefinitionError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            DefinitionError(
                file: file, line: mark.line, column: mark.column,
                problem: Wording(zh: "YAML 语法错误：\(problem)", en: "YAML syntax: \(problem)"))
        case .duplicatedKeysInMapping(let duplicates, let context):
            DefinitionError(
                file: file, line: context.mark.line, column: context.mark.column,
                problem: Wording(
                    zh: "重复的键：\(duplicates.map(\.description).joined(separator: ", "))",
                    en: "Keys stand twice: \(duplicates.map(\.description).joined(separator: ", "))"
                ))
        default:
            DefinitionError(file: file, problem: Wording(zh: "YAML 语法错误。", en: "YAML syntax."))
        }
    }
}

/// The text of a table that a programme's file names.
package struct NamedTable: Sendable {
    /// As the file writes it, e.g. `words/fetal-sex`.
    package let name: String
    /// Its text, UTF-8.
    package let text: String
}
