package import Definitions
import Foundation
import LibXML
import Mappings
import Records

/// Checks everything under `mappings/` and says all that is wrong, with file, line and column.
package struct CatalogueLint {
    package private(set) var problems: [DefinitionError] = []
    /// Files that were read without a problem, for the closing line.
    package private(set) var checked = 0

    /// Checks one folder.
    package static func run(root: String) -> CatalogueLint {
        var lint = CatalogueLint()
        var isEmpty = true
        lint.checkTables(in: root, shownAs: "")
        for name in Catalogue.folders(in: root) {
            let folder = root + "/" + name
            guard FileManager.default.fileExists(atPath: folder + "/programme.yaml") else {
                continue
            }
            isEmpty = false
            lint.checkTables(in: folder, shownAs: name)
            lint.checkCrosswalks(in: folder, shownAs: name)
            do {
                let programme = try Programme(folder: folder, shownAs: name)
                lint.checked += 1 + programme.mappings.count + programme.profiles.count
                lint.check(programme)
            } catch {
                lint.note(error)
            }
        }
        lint.checkDocumentFields(in: root)
        if isEmpty {
            lint.problems.append(
                DefinitionError(
                    file: root,
                    problem: Wording(
                        zh: "没有找到任何 programme.yaml。", en: "There is no programme.yaml in here.")))
        }
        return lint
    }

    private mutating func note(_ problem: DefinitionError) {
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// The small dictionaries beside the programmes, and the lists that they name.
    private mutating func checkDocumentFields(in root: String) {
        for (path, prefix) in DocumentFields.files
        where DocumentFields.isExpected(path, in: root) {
            do {
                _ = try DocumentFields(root: root, path: path, prefix: prefix)
                checked += 1
            } catch {
                note(error)
            }
        }
    }

    /// Every table by itself, so that one wrong line does not hide the next file's.
    private mutating func checkTables(in folder: String, shownAs shown: String) {
        for (kind, read) in CatalogueLint.tables {
            for name in Catalogue.folders(in: folder + "/" + kind) where name.hasSuffix(".csv") {
                let file = (shown.isEmpty ? "" : shown + "/") + "\(kind)/\(name)"
                do {
                    try read(
                        try Programme.text(at: "\(folder)/\(kind)/\(name)", shownAs: file), file)
                    checked += 1
                } catch {
                    note(error)
                }
            }
        }
    }

    /// Every table of numbers beside its list of codes.
    private mutating func checkCrosswalks(in folder: String, shownAs shown: String) {
        do {
            let tables = try ProgrammeTables(folder: folder, shownAs: shown)
            for name in tables.names(in: "crosswalks") {
                do {
                    _ = try tables.codeList(name)
                    checked += 1
                } catch {
                    note(error)
                }
            }
        } catch {
            note(error)
        }
    }

    private static let tables:
        [(kind: String, read: @Sendable (String, String) throws(DefinitionError) -> Void)] = [
            (
                "codes",
                { (text, file) throws(DefinitionError) in
                    _ = try CodeList(name: file, text: text, shownAs: file)
                }
            ),
            (
                "words",
                { (text, file) throws(DefinitionError) in
                    _ = try WordTable(name: file, text: text, shownAs: file)
                }
            ),
        ]

    private mutating func check(_ programme: Programme) {
        checkElementNames(programme)
        for problem in LayoutFields.problems(of: programme) { note(problem) }
        for file in programme.mappings {
            let shown = file.path + ".yaml"
            do {
                for miss in try MappingTrial.misses(of: file.mapping) {
                    note(
                        DefinitionError(
                            file: shown,
                            problem: Wording(
                                zh: "第 \(miss.example) 个样例的 \(miss.field) 应为 \(miss.expected)，"
                                    + "得到 \(miss.found)。",
                                en: "Example \(miss.example): \(miss.field) must be "
                                    + "\(miss.expected), came out as \(miss.found).")))
                }
            } catch {
                note(
                    DefinitionError(
                        file: shown,
                        problem: Wording(
                            zh: error.entry.what.zh + (error.detail ?? ""),
                            en: error.entry.what.en + " " + (error.detail ?? ""))))
            }
        }
        for profile in programme.profiles { check(profile, of: programme) }
        do {
            _ = try IndicatorFile.read(of: programme)
        } catch {
            note(error)
        }
    }

    /// A name on the wire means one thing: forms of different groups do not share one.
    private mutating func checkElementNames(_ programme: Programme) {
        let dictionary = programme.dictionary
        var owners: [String: String] = [:]
        for element in dictionary.elements {
            guard case .form(let form) = element.location else { continue }
            let group = dictionary.forms[form].group
            if let other = owners.updateValue(group, forKey: element.wireName), other != group {
                note(
                    DefinitionError(
                        file: programme.folderName + "/programme.yaml",
                        problem: Wording(
                            zh: "字段 \(element.wireName) 出现在两类表单：\(other)、\(group)。",
                            en: "\(element.wireName) stands in two groups: \(other), \(group).")))
            }
        }
    }

    private mutating func check(_ profile: NationalProfile, of programme: Programme) {
        let shown = "\(programme.folderName)/to-\(profile.name)"
        do throws(DefinitionError) {
            if try profile.soapSchema() != nil { checked += 1 }
        } catch {
            note(error)
        }
        for (path, text) in GeneratedFiles.all(of: programme, for: profile) {
            let found = FileManager.default.contents(atPath: profile.folder + "/" + path)
            if found != Data(text.utf8) {
                note(
                    DefinitionError(
                        file: "\(shown)/\(path)",
                        problem: Wording(
                            zh: "与数据元目录不一致，请运行 shangbao lint --write 重新生成。",
                            en: "Differs from the dictionary; run shangbao lint --write.")))
            } else {
                checked += 1
            }
            if path.hasSuffix(".xsd") {
                do {
                    _ = try CompiledSchema(main: Array(text.utf8))
                } catch {
                    note(
                        DefinitionError(
                            file: "\(shown)/\(path)",
                            problem: Wording(
                                zh: "生成的 XSD 无法编译。", en: "The generated XSD does not compile.")))
                }
            }
        }
    }
}
