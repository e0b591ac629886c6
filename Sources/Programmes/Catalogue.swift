package import Definitions
import Foundation
package import Mappings
package import Records
package import Validation

/// Everything under `mappings/` (映射目录), read and compiled once.
package struct Catalogue: Sendable {
    package let root: String
    package let programmes: [Programme]

    /// Reads every folder of `root` that has a `programme.yaml`.
    ///
    /// - Parameter passesUnfinished: whether a clinic mapping that cannot be read is left out and
    ///   named by `fault(of:)`: one that is being written must not stop a site that does not use
    ///   it.
    package init(root: String, passesUnfinished: Bool = false) throws(DefinitionError) {
        self.root = root
        var programmes: [Programme] = []
        for name in Catalogue.folders(in: root) {
            let folder = root + "/" + name
            guard FileManager.default.fileExists(atPath: folder + "/programme.yaml") else {
                continue
            }
            programmes.append(
                try Programme(
                    folder: folder, shownAs: name, passesUnfinished: passesUnfinished))
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

    /// Why a mapping, or a part that its cases are made of, was left out; `nil` where it was not.
    package func fault(of name: String) -> DefinitionError? {
        for programme in programmes {
            if let fault = programme.unfinished[name] { return fault }
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
    /// Follow-ups, which are records of their own, each with its rules.
    package let followUps: [(dictionary: ElementDictionary, rules: RuleSet)]
    /// Lists of people who are counted and never reported, each with its rules.
    package let lists: [(dictionary: ElementDictionary, rules: RuleSet)]
    package let settles: SettlementFields
    package let mappings: [MappingFile]
    /// By path the clinic mappings that were left out, since they cannot be read.
    let unfinished: [String: DefinitionError]
    package let profiles: [NationalProfile]
    /// What clinics call the fields, for proposing a mapping.
    package let aliases: FieldAliases
    /// How sensitive its fields are, and on what ground they leave.
    package let privacy: PrivacyTables

    /// What settlement asks of a record.
    package struct SettlementFields: Sendable {
        /// The ordinal of the field whose number tells one entitlement of a person from the next:
        /// the planned child (孩次), or the pregnancy (孕次).
        package let childOrder: Int?
        /// The ordinal of the due date (预产期), where it too tells pregnancies apart.
        package let due: Int?
        /// The name of a file under `mappings/funding/`.
        package let funding: String
    }

    init(folder: String, shownAs shown: String, passesUnfinished: Bool = false)
        throws(DefinitionError)
    {
        folderName = shown
        self.folder = folder
        let file = shown + "/programme.yaml"
        var section = try Section(path: folder + "/programme.yaml", shownAs: file)
        let tables = try ProgrammeTables(folder: folder, shownAs: shown)
        var dictionary = try ElementDictionary(&section, codeList: tables.codeList)
        var followUps: [(dictionary: ElementDictionary, rules: RuleSet)] = []
        for var followUp in try section.sections("followUps") {
            let seen = try dictionary.followUp(&followUp)
            followUps.append((seen, try RuleSet(&followUp, dictionary: seen)))
            try followUp.finish()
        }
        self.followUps = followUps
        lists = try Programme.lists(&section, dictionary, codeList: tables.codeList)
        dictionary.stand(beside: followUps.map(\.dictionary))
        self.dictionary = dictionary
        rules = try RuleSet(&section, dictionary: dictionary)
        try Programme.checkEarlier(followUps, shownAs: file)
        settles = try Programme.settlementFields(&section, dictionary: dictionary)
        try section.finish()
        let names = Catalogue.folders(in: folder)
        let dictionaries = [dictionary] + (followUps + lists).map(\.dictionary)
        privacy = try PrivacyTables(of: dictionaries, in: tables)
        let clinics = try ClinicMappings(
            among: names, of: tables, dictionaries: dictionaries,
            beside: ([rules] + followUps.map(\.rules)).flatMap(\.tables).map { $0 + ".csv" }
                + PrivacyTables.names(in: tables),
            passesUnfinished: passesUnfinished)
        mappings = clinics.sound
        unfinished = clinics.unfinished
        var profiles: [NationalProfile] = []
        for name in names where name.hasPrefix("to-") {
            profiles.append(
                try NationalProfile(folder: folder + "/" + name, shownAs: shown + "/" + name))
        }
        self.profiles = profiles
        aliases = try Programme.aliases(of: dictionary, in: folder, shownAs: shown)
    }

    /// Lists of people who are counted.
    private static func lists(
        _ section: inout Section, _ dictionary: ElementDictionary,
        codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) -> [(dictionary: ElementDictionary, rules: RuleSet)] {
        var lists: [(dictionary: ElementDictionary, rules: RuleSet)] = []
        for var list in try section.sections("lists") {
            let read = try dictionary.list(&list, codeList: codeList)
            lists.append((read, try RuleSet(&list, dictionary: read)))
            try list.finish()
        }
        return lists
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

    private static func settlementFields(_ section: inout Section, dictionary: ElementDictionary)
        throws(DefinitionError) -> SettlementFields
    {
        var settles = try section.section("settles")
        _ = try settles.optionalText("payer")
        _ = try settles.optionalText("free")
        _ = try settles.date("starts")
        let claim = try settles.optionalText("claim")
        let due = try settles.optionalText("due")
        let fields = SettlementFields(
            childOrder: dictionary.ordinal(of: claim ?? "childOrder"),
            due: due.flatMap { dictionary.ordinal(of: $0) },
            funding: try settles.text("funding"))
        guard claim == nil || fields.childOrder != nil else {
            throw settles.error(
                at: "claim", "项目没有这个字段。", "The programme has no such field.")
        }
        guard due == nil || fields.due != nil else {
            throw settles.error(at: "due", "项目没有这个字段。", "The programme has no such field.")
        }
        try settles.finish()
        return fields
    }

    /// All lists of codes of the programme's folder and the shared ones, used by a field or not, by
    /// name.
    package func codeLists() throws(DefinitionError) -> [CodeList] {
        let tables = try ProgrammeTables(folder: folder, shownAs: folderName)
        return try tables.names(in: "codes").map { (name) throws(DefinitionError) in
            try tables.codeList(name)
        }
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
    /// For a part, the mapping as it is for each subject; empty for others.
    private let variants: [Mapping]
    /// The mapping, its words, and the programme with its code lists: path and bytes, sorted.
    package let content: [(path: String, bytes: [UInt8])]

    /// - Parameters:
    ///   - tables: of the programme's folder.
    ///   - dictionaries: the case's, then those of its follow-ups and lists.
    ///   - named: files that the programme's rules and the review read beside its file.
    ///   - elsewhere: where another version of the file lies.
    init(
        name: String, of tables: ProgrammeTables, dictionaries: [ElementDictionary],
        beside named: [String], from elsewhere: String? = nil
    ) throws(DefinitionError) {
        let file = tables.shown + "/" + name
        path = String(file.dropLast(".yaml".count))
        let section = try Section(
            path: elsewhere ?? tables.folder + "/" + name, shownAs: elsewhere ?? file)
        let dictionary = try MappingFile.dictionary(of: section, among: dictionaries)
        var used = Set([name, "programme.yaml"] + named)
        func open(_ table: String) throws(DefinitionError) -> WordTable {
            used.insert(table + ".csv")
            return try tables.words(table)
        }
        let persons = section.has("part") ? dictionary.subjects.map { Optional($0.role) } : [nil]
        var variants: [Mapping] = []
        for person in persons {
            var section = section
            variants.append(
                try Mapping(
                    &section, dictionary: dictionary, person: person, codeSets: tables.sets,
                    words: open))
        }
        mapping = variants[0]
        self.variants = persons == [nil] ? [] : variants
        for kind in ["codes", "crosswalks"] {
            used.formUnion(tables.own(in: kind).map { "\(kind)/\($0)" })
            used.formUnion(
                dictionary.codeListNames.map { "\(kind)/\($0).csv" }.filter(tables.isShared))
        }
        var content = used.map(tables.content).sorted { $0.path < $1.path }
        if let elsewhere, let own = content.firstIndex(where: { $0.path == file }) {
            content[own].bytes = [UInt8](FileManager.default.contents(atPath: elsewhere) ?? Data())
        }
        self.content = content
    }
}

extension MappingFile {
    /// The dictionary of what a mapping reads: `record:` names a follow-up, `list:` a list.
    private static func dictionary(of section: Section, among known: [ElementDictionary])
        throws(DefinitionError) -> ElementDictionary
    {
        var section = section
        if let list = try section.optionalText("list") {
            if let found = known.first(where: { $0.list?.name == list }) { return found }
            let names = known.compactMap { $0.list?.name }.joined(separator: ", ")
            throw section.error(
                at: "list", "没有这种名单；可用：\(names)。", "No such list; known: \(names).")
        }
        guard let record = try section.optionalText("record") else { return known[0] }
        guard let found = known.first(where: { $0.followUp?.name == record }) else {
            let names = known.compactMap { $0.followUp?.name }.joined(separator: ", ")
            throw section.error(
                at: "record", "没有这种记录；可用：\(names)。", "No such record; known: \(names).")
        }
        return found
    }

    /// A part's mapping as it is for one subject, by ordinal; the mapping itself for others.
    package func variant(for person: Int?) -> Mapping? {
        guard let person else { return mapping }
        return variants.indices.contains(person) ? variants[person] : nil
    }

    /// Whether the file holds only a part of each case.
    package var isPart: Bool { mapping.part != nil }

    /// Whether the file holds people who are counted and never reported.
    package var isList: Bool { mapping.dictionary.list != nil }
}

extension Programme {
    /// What the codes of all rules say, each code once.
    package var ruleCodes: [CodeEntry] {
        var codes = rules.codes
        for code in (followUps + lists).flatMap(\.rules.codes)
        where !codes.contains(where: { $0.code == code.code }) { codes.append(code) }
        return codes
    }

    /// What records of every kind are remembered by beyond their items.
    package var remembered: [RememberedKey] {
        rules.remembered + (followUps + lists).flatMap(\.rules.remembered)
    }

    /// The rules of a batch's records: the case's, a follow-up's, or those of a list's rows.
    package func rules(for dictionary: ElementDictionary) -> RuleSet {
        if let name = dictionary.list?.name {
            return lists.first { $0.dictionary.list?.name == name }?.rules ?? rules
        }
        guard let name = dictionary.followUp?.name else { return rules }
        return followUps.first { $0.dictionary.followUp?.name == name }?.rules ?? rules
    }

    /// A clinic mapping as sites name it, e.g. `preconception/from-county-csv`.
    package func mapping(at path: String) -> MappingFile? { mappings.first { $0.path == path } }

    /// Another version of a clinic mapping, from a file anywhere, read as if it lay in its place.
    ///
    /// - Throws: `DefinitionError`.
    package func version(
        of file: MappingFile, at path: String
    ) throws(DefinitionError) -> MappingFile {
        let tables = try ProgrammeTables(folder: folder, shownAs: folderName)
        return try MappingFile(
            name: String(file.path.dropFirst(folderName.count + 1)) + ".yaml", of: tables,
            dictionaries: [dictionary] + (followUps + lists).map(\.dictionary),
            beside: ([rules] + followUps.map(\.rules)).flatMap(\.tables).map { $0 + ".csv" }
                + PrivacyTables.names(in: tables), from: path)
    }

    /// A clinic mapping by its file's name without ending, e.g. `from-lis-csv`.
    package func mapping(named name: String) -> MappingFile? {
        mappings.first { $0.path == "\(folderName)/\(name)" }
    }
}

extension ElementDictionary {
    /// The names of all lists of codes that fields use, each once, in the order of the alphabet.
    var codeListNames: [String] {
        let names = elements.compactMap { element in
            switch element.kind {
            case .code(let list), .division(let list), .set(let list): list.name
            default: nil
            }
        }
        return Set(names).sorted()
    }
}
