import Definitions
import Mappings
import Records
import Validation

/// The clinic mappings of one programme's folder (映射文件), and those that cannot be read.
struct ClinicMappings {
    let sound: [MappingFile]
    /// By path those that were left out, each with the reason.
    let unfinished: [String: DefinitionError]

    /// - Parameters:
    ///   - names: of the files in the folder.
    ///   - tables: of the same folder.
    ///   - dictionaries: the case's, then those of its follow-ups and lists.
    ///   - passesUnfinished: whether one that cannot be read is left out, not refused.
    /// - Throws: `DefinitionError`.
    init(
        among names: [String], of tables: ProgrammeTables, dictionaries: [ElementDictionary],
        beside named: [String], passesUnfinished: Bool
    ) throws(DefinitionError) {
        let shown = tables.shown
        var mappings: [MappingFile] = []
        var unfinished: [String: DefinitionError] = [:]
        for name in names where name.hasPrefix("from-") && name.hasSuffix(".yaml") {
            do throws(DefinitionError) {
                mappings.append(
                    try MappingFile(
                        name: name, of: tables, dictionaries: dictionaries, beside: named))
            } catch {
                guard passesUnfinished else { throw error }
                unfinished["\(shown)/\(name.dropLast(".yaml".count))"] = error
            }
        }
        for file in mappings {
            let missing = ClinicMappings.missingPart(of: file, among: mappings, shownAs: shown)
            guard let (part, error) = missing else { continue }
            guard passesUnfinished else { throw error }
            unfinished[file.path] = unfinished[part] ?? error
        }
        sound = mappings.filter { unfinished[$0.path] == nil }
        self.unfinished = unfinished
    }

    /// A case's parts are mappings of parts in the same folder; the first that is none, by path.
    private static func missingPart(
        of file: MappingFile, among mappings: [MappingFile], shownAs shown: String
    ) -> (part: String, error: DefinitionError)? {
        for name in file.mapping.parts.flatMap(\.mappings) {
            let path = "\(shown)/\(name)"
            if mappings.contains(where: { $0.path == path && $0.isPart }) { continue }
            let problem = Wording(
                zh: "parts 中的 \(name) 不存在，或其中没有 part。",
                en: "\(name) in parts is no mapping with part.")
            return (path, DefinitionError(file: file.path + ".yaml", problem: problem))
        }
        return nil
    }
}
