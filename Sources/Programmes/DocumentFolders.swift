package import Definitions
import Foundation

extension DocumentFields {
    /// The files of this kind under `mappings/`: the envelope of an exchange (DOMAIN 5.2) and the
    /// evidence of a settlement (4.2).
    package static let files: [(path: String, prefix: String)] = [
        ("exchange/fields.csv", "EX"), ("funding/evidence-fields.csv", "SE"),
    ]

    /// Reads one of `files` below `mappings/`, with the lists beside it.
    package init(root: String, path: String, prefix: String) throws(DefinitionError) {
        let folder = String(path.prefix { $0 != "/" })
        try self.init(
            text: try Programme.text(at: root + "/" + path, shownAs: path), shownAs: path,
            prefix: prefix
        ) { (name) throws(DefinitionError) in
            let list = folder + "/codes/\(name).csv"
            return try CodeList(
                name: name, text: try Programme.text(at: root + "/" + list, shownAs: list),
                shownAs: list)
        }
    }

    /// Whether the folder that a file belongs to is there at all.
    package static func isExpected(_ path: String, in root: String) -> Bool {
        let folder = String(path.prefix { $0 != "/" })
        return FileManager.default.fileExists(atPath: root + "/" + folder)
    }
}
