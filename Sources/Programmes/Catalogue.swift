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
        let root = (folder as NSString).deletingLastPathComponent
        let sets = try CodeSets(path: root + "/code-sets.csv", shownAs: "code-sets.csv")
        var dictionary = try ElementDictionary(&section) { (name) throws(DefinitionError) in
            try Programme.codeList(name, folder: folder, shownAs: shown, sets: sets)
        }
        var followUps: [(dictionary: ElementDictionary, rules: RuleSet)] = []
        for var followUp in try section.sections("followUps") {
            let seen = try dictionary.followUp(&followUp)
            followUps.append((seen, try RuleSet(&followUp, dictionary: seen)))
            try followUp.finish()
        }
        self.followUps = followUps
        lists = try Programme.lists(&section, dictionary) { (name) throws(DefinitionError) in
            try Programme.codeList(name, folder: folder, shownAs: shown, sets: sets)
        }
        dictionary.stand(beside: followUps.map(\.dictionary))
        self.dictionary = dictionary
        rules = try RuleSet(&section, dictionary: dictionary)
        try Programme.checkEarlier(followUps, shownAs: file)
        settles = try Programme.settlementFields(&section, dictionary: dictionary)
        try section.finish()
        let names = Catalogue.folders(in: folder)
        let clinics = try ClinicMappings(
            among: names, in: folder, shownAs: shown, sets: sets,
            dictionaries: [dictionary] + (followUps + lists).map(\.dictionary),
            tables: ([rules] + followUps.map(\.rules)).flatMap(\.tables),
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

    /// A list of codes of a programme's folder or of the shared ones, with the numbers that the
    /// sets of codes write for it where `crosswalks/` has them.
    package static func codeList(
        _ name: String, folder: String, shownAs shown: String, sets: CodeSets
    ) throws(DefinitionError) -> CodeList {
        let table = TablePlace("codes/\(name).csv", folder: folder, shownAs: shown)
        let numbers = TablePlace("crosswalks/\(name).csv", folder: folder, shownAs: shown)
        var crosswalk: Crosswalk.Source?
        if FileManager.default.fileExists(atPath: numbers.path) {
            crosswalk = Crosswalk.Source(
                text: try Programme.text(at: numbers.path, shownAs: numbers.shown),
                shownAs: numbers.shown, sets: sets)
        }
        return try CodeList(
            name: name, text: try Programme.text(at: table.path, shownAs: table.shown),
            shownAs: table.shown, crosswalk: crosswalk)
    }

    /// All lists of codes of the programme's folder and the shared ones, used by a field or not, by
    /// name.
    package func codeLists() throws(DefinitionError) -> [CodeList] {
        let root = (folder as NSString).deletingLastPathComponent
        let sets = try CodeSets(path: root + "/code-sets.csv", shownAs: "code-sets.csv")
        let files = [folder, root].flatMap { Catalogue.folders(in: $0 + "/codes") }
        var lists: [CodeList] = []
        for file in Set(files).sorted() where file.hasSuffix(".csv") {
            lists.append(
                try Programme.codeList(
                    String(file.dropLast(".csv".count)), folder: folder, shownAs: folderName,
                    sets: sets))
        }
        return lists
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
    ///   - dictionaries: the case's, then those of its follow-ups and lists.
    ///   - sets: the registry of sets of codes.
    ///   - tables: what the programme's rules read beside its file.
    init(
        name: String, folder: String, shownAs shown: String, dictionaries: [ElementDictionary],
        sets: CodeSets, tables: [String]
    ) throws(DefinitionError) {
        let file = shown + "/" + name
        path = String(file.dropLast(".yaml".count))
        let section = try Section(path: folder + "/" + name, shownAs: file)
        let dictionary = try MappingFile.dictionary(of: section, among: dictionaries)
        let named = Set(tables).sorted().map { $0 + ".csv" }
        var used = ([name, "programme.yaml"] + named).map {
            TablePlace($0, folder: folder, shownAs: shown)
        }
        var tables: [String: WordTable] = [:]
        func open(_ table: String) throws(DefinitionError) -> WordTable {
            if let known = tables[table] { return known }
            let place = TablePlace("\(table).csv", folder: folder, shownAs: shown)
            let words = try WordTable(
                name: table, text: try Programme.text(at: place.path, shownAs: place.shown),
                shownAs: place.shown)
            tables[table] = words
            used.append(place)
            return words
        }
        let persons = section.has("part") ? dictionary.subjects.map { Optional($0.role) } : [nil]
        var variants: [Mapping] = []
        for person in persons {
            var section = section
            variants.append(
                try Mapping(
                    &section, dictionary: dictionary, person: person, codeSets: sets, words: open))
        }
        mapping = variants[0]
        self.variants = persons == [nil] ? [] : variants
        for kind in ["codes", "crosswalks"] {
            for file in Catalogue.folders(in: "\(folder)/\(kind)") {
                used.append(TablePlace("\(kind)/\(file)", folder: folder, shownAs: shown))
            }
            for list in dictionary.codeListNames {
                let place = TablePlace("\(kind)/\(list).csv", folder: folder, shownAs: shown)
                if place.isShared { used.append(place) }
            }
        }
        content = used.sorted { $0.shown < $1.shown }.map { place in
            (place.shown, [UInt8](FileManager.default.contents(atPath: place.path) ?? Data()))
        }
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

    /// A clinic mapping by its file's name without ending, e.g. `from-lis-csv`.
    package func mapping(named name: String) -> MappingFile? {
        mappings.first { $0.path == "\(folderName)/\(name)" }
    }
}

/// Where a table of codes or words lies: in the programme's folder, else in `mappings/` itself,
/// where the lists stand that all programmes share (divisions, identity documents).
struct TablePlace {
    let path: String
    /// The path as people know it, below `mappings/`.
    let shown: String
    let isShared: Bool

    /// - Parameters:
    ///   - name: below the folder, e.g. `codes/divisions.csv`.
    ///   - folder: the programme's folder.
    init(_ name: String, folder: String, shownAs folderName: String) {
        let root = (folder as NSString).deletingLastPathComponent
        isShared =
            !FileManager.default.fileExists(atPath: folder + "/" + name)
            && FileManager.default.fileExists(atPath: root + "/" + name)
        path = (isShared ? root : folder) + "/" + name
        shown = isShared ? name : folderName + "/" + name
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
