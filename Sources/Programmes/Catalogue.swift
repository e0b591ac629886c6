package import Definitions
import Foundation
package import Mappings
import Records
package import Validation

/// Everything under `mappings/` (映射目录), read and compiled once.
package struct Catalogue: Sendable {
    package let root: String
    package let programmes: [Programme]

    /// Reads every folder of `root` that has a `programme.yaml`.
    package init(root: String) throws(DefinitionError) {
        self.root = root
        var programmes: [Programme] = []
        for name in Catalogue.folders(in: root) {
            let folder = root + "/" + name
            guard FileManager.default.fileExists(atPath: folder + "/programme.yaml") else {
                continue
            }
            programmes.append(try Programme(folder: folder, shownAs: name))
        }
        guard !programmes.isEmpty else {
            throw DefinitionError(
                file: root,
                problem: .init(
                    zh: "没有找到任何 programme.yaml。", en: "There is no programme.yaml in here."))
        }
        self.programmes = programmes
    }

    /// The mapping that a site names as `folder/file`, e.g. `preconception/from-county-csv`.
    package func mapping(named name: String) -> (programme: Programme, mapping: MappingFile)? {
        for programme in programmes {
            if let mapping = programme.mappings.first(where: { $0.path == name }) {
                return (programme, mapping)
            }
        }
        return nil
    }

    static func folders(in root: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted()
    }
}

/// One programme: its dictionary, rules, clinic mappings and national profiles.
package struct Programme: Sendable {
    /// The folder's name, e.g. `preconception`.
    package let folderName: String
    package let folder: String
    package let dictionary: ElementDictionary
    package let rules: RuleSet
    package let settles: SettlementFields
    package let mappings: [MappingFile]
    package let profiles: [NationalProfile]
    /// What clinics call the fields, for proposing a mapping.
    package let aliases: FieldAliases

    /// What settlement asks of a record.
    package struct SettlementFields: Sendable {
        /// The ordinal of the field that counts the planned child.
        package let childOrder: Int?
        /// The name of a file under `mappings/funding/`.
        package let funding: String
    }

    init(folder: String, shownAs shown: String) throws(DefinitionError) {
        folderName = shown
        self.folder = folder
        let file = shown + "/programme.yaml"
        var section = try Section(path: folder + "/programme.yaml", shownAs: file)
        let dictionary = try ElementDictionary(&section) { (name) throws(DefinitionError) in
            try Programme.codeList(name, folder: folder, shownAs: shown)
        }
        self.dictionary = dictionary
        rules = try RuleSet(&section, dictionary: dictionary)
        var settles = try section.section("settles")
        _ = try settles.text("payer")
        _ = try settles.text("free")
        _ = try settles.date("starts")
        self.settles = SettlementFields(
            childOrder: dictionary.ordinal(of: "childOrder"),
            funding: try settles.text("funding"))
        try settles.finish()
        try section.finish()
        var mappings: [MappingFile] = []
        var profiles: [NationalProfile] = []
        for name in Catalogue.folders(in: folder) {
            if name.hasPrefix("from-"), name.hasSuffix(".yaml") {
                mappings.append(
                    try MappingFile(
                        name: name, folder: folder, shownAs: shown, dictionary: dictionary))
            } else if name.hasPrefix("to-") {
                profiles.append(
                    try NationalProfile(folder: folder + "/" + name, shownAs: shown + "/" + name))
            }
        }
        self.mappings = mappings
        self.profiles = profiles
        aliases = try Programme.aliases(of: dictionary, in: folder, shownAs: shown)
    }

    private static func aliases(
        of dictionary: ElementDictionary, in folder: String, shownAs shown: String
    ) throws(DefinitionError) -> FieldAliases {
        let path = folder + "/aliases.csv"
        guard FileManager.default.fileExists(atPath: path) else {
            return FieldAliases(of: dictionary)
        }
        let file = shown + "/aliases.csv"
        return try FieldAliases(
            text: try text(at: path, shownAs: file), shownAs: file, dictionary: dictionary)
    }

    private static func codeList(_ name: String, folder: String, shownAs shown: String)
        throws(DefinitionError) -> CodeList
    {
        let path = "codes/\(name).csv"
        return try CodeList(
            name: name,
            text: try Programme.text(at: folder + "/" + path, shownAs: shown + "/" + path),
            shownAs: shown + "/" + path)
    }

    static func text(at path: String, shownAs shown: String) throws(DefinitionError) -> String {
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(bytes: bytes, encoding: .utf8)
        else {
            throw DefinitionError(
                file: shown,
                problem: .init(zh: "文件不存在，或不是 UTF-8。", en: "No such file, or not UTF-8."))
        }
        return text
    }
}

/// A clinic mapping and all files that decide what leaves through it: what an approval is bound to.
package struct MappingFile: Sendable {
    /// As sites name it, e.g. `preconception/from-county-csv`.
    package let path: String
    package let mapping: Mapping
    /// The mapping, its words, and the programme with its code lists: path and bytes, sorted.
    package let content: [(path: String, bytes: [UInt8])]

    init(name: String, folder: String, shownAs shown: String, dictionary: ElementDictionary)
        throws(DefinitionError)
    {
        let file = shown + "/" + name
        path = String(file.dropLast(".yaml".count))
        var section = try Section(path: folder + "/" + name, shownAs: file)
        var used: [String] = [name, "programme.yaml"]
        var tables: [String: WordTable] = [:]
        mapping = try Mapping(&section, dictionary: dictionary) { (table) throws(DefinitionError) in
            if let known = tables[table] { return known }
            let words = try WordTable(
                name: table,
                text: try Programme.text(
                    at: folder + "/\(table).csv", shownAs: shown + "/\(table).csv"),
                shownAs: shown + "/\(table).csv")
            tables[table] = words
            used.append(table + ".csv")
            return words
        }
        for code in Catalogue.folders(in: folder + "/codes") { used.append("codes/" + code) }
        content = used.sorted().map { name in
            (
                shown + "/" + name,
                [UInt8](FileManager.default.contents(atPath: folder + "/" + name) ?? Data())
            )
        }
    }
}
