package import Definitions
import Foundation
import Mappings

/// The tables of one programme's folder and the shared ones (代码表、词表), each read once.
package final class ProgrammeTables {
    package let folder: String
    /// The folder's name, as people know it.
    let shown: String
    /// The registry of sets of codes.
    package let sets: CodeSets
    private var lists: [String: CodeList] = [:]
    private var tables: [String: WordTable] = [:]
    private var places: [String: TablePlace] = [:]
    private var contents: [String: [UInt8]] = [:]
    private var folders: [String: [String]] = [:]

    /// - Throws: `DefinitionError` where the registry of sets cannot be read.
    package init(folder: String, shownAs shown: String) throws(DefinitionError) {
        self.folder = folder
        self.shown = shown
        let root = (folder as NSString).deletingLastPathComponent
        sets = try CodeSets(path: root + "/code-sets.csv", shownAs: "code-sets.csv")
    }

    /// A list of codes, with the numbers that the sets of codes write for it where `crosswalks/`
    /// has them.
    package func codeList(_ name: String) throws(DefinitionError) -> CodeList {
        if let known = lists[name] { return known }
        let table = place("codes/\(name).csv")
        let numbers = place("crosswalks/\(name).csv")
        var crosswalk: Crosswalk.Source?
        if FileManager.default.fileExists(atPath: numbers.path) {
            crosswalk = Crosswalk.Source(
                text: try Programme.text(at: numbers.path, shownAs: numbers.shown),
                shownAs: numbers.shown, sets: sets)
        }
        let list = try CodeList(
            name: name, text: try Programme.text(at: table.path, shownAs: table.shown),
            shownAs: table.shown, crosswalk: crosswalk)
        lists[name] = list
        return list
    }

    /// A table of words, by its path without ending, e.g. `words/units`.
    func words(_ name: String) throws(DefinitionError) -> WordTable {
        if let known = tables[name] { return known }
        let place = place(name + ".csv")
        let table = try WordTable(
            name: name, text: try Programme.text(at: place.path, shownAs: place.shown),
            shownAs: place.shown)
        tables[name] = table
        return table
    }

    /// The names of all tables of a kind, the programme's own and the shared ones, in the order of
    /// the alphabet.
    func names(in kind: String) -> [String] {
        let root = (folder as NSString).deletingLastPathComponent
        return Set(own(in: kind) + Catalogue.folders(in: root + "/" + kind)).sorted()
            .filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(".csv".count)) }
    }

    /// The names of the programme's own files of a kind.
    func own(in kind: String) -> [String] {
        if let known = folders[kind] { return known }
        let found = Catalogue.folders(in: folder + "/" + kind)
        folders[kind] = found
        return found
    }

    /// Whether a table lies where all programmes share it.
    func isShared(_ name: String) -> Bool { place(name).isShared }

    /// A file as people know it, and its bytes; none where there is no such file.
    func content(_ name: String) -> (path: String, bytes: [UInt8]) {
        let place = place(name)
        if let known = contents[name] { return (place.shown, known) }
        let bytes = [UInt8](FileManager.default.contents(atPath: place.path) ?? Data())
        contents[name] = bytes
        return (place.shown, bytes)
    }

    private func place(_ name: String) -> TablePlace {
        if let known = places[name] { return known }
        let place = TablePlace(name, folder: folder, shownAs: shown)
        places[name] = place
        return place
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

extension PrivacyTables {
    /// The tables of a programme's folder and the shared ones; what is not there says nothing.
    init(of dictionaries: [ElementDictionary], in tables: ProgrammeTables) throws(DefinitionError) {
        func text(_ name: String) -> String {
            String(decoding: tables.content(name + ".csv").bytes, as: UTF8.self)
        }
        let names = Set(dictionaries.flatMap(\.elements).flatMap { [$0.name, $0.wireName] })
        try self.init(
            Texts(
                levels: text(PrivacyTables.shared[0]), grades: text(PrivacyTables.shared[1]),
                fields: text(PrivacyTables.own), sensitive: text(PrivacyTables.shared[2]),
                openTexts: text(PrivacyTables.shared[3]), signs: text(PrivacyTables.shared[4])),
            shownAs: tables.shown, programme: dictionaries[0].programme, knows: names.contains)
    }

    /// The files that are there, with the terms of what is kept and the rule of what is released:
    /// an approval is bound to them, too.
    static func names(in tables: ProgrammeTables) -> [String] {
        ((shared + [own]).map { $0 + ".csv" } + ["privacy/retention.yaml", "privacy/release.yaml"])
            .filter { !tables.content($0).bytes.isEmpty }
    }
}
