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
}
