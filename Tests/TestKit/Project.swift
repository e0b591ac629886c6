import Foundation

/// Where this repository lies, found from the place of this file, past any link.
package enum Project {
    package static let root: String = {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    /// The folder of data files.
    package static var mappings: String { root + "/mappings" }

    /// The file of a table such as `codes/qual`: the programme's own, else the shared one.
    package static func table(_ name: String, of programme: String) -> String {
        let own = "\(mappings)/\(programme)/\(name).csv"
        return FileManager.default.fileExists(atPath: own) ? own : "\(mappings)/\(name).csv"
    }
}
