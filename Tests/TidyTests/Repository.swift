import Foundation

/// The files of this repository, as a person who reads the code finds them.
struct Repository {
    /// One file, with what a test asks of it.
    struct File {
        /// Below the root, e.g. `Sources/Records/Value.swift`.
        let path: String
        let bytes: [UInt8]
        let lines: [Substring]
        /// Of a Swift file; empty for others.
        let code: SwiftCode

        init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
            // Bytes that are no UTF-8 (a sample in GB18030) show as replacement characters.
            let text = String(decoding: bytes, as: UTF8.self)
            lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            code = SwiftCode(path.hasSuffix(".swift") ? bytes : [])
        }

        var text: String { String(decoding: bytes, as: UTF8.self) }

        /// `Records` of `Sources/Records/Value.swift`; empty for files elsewhere.
        var module: String {
            let parts = path.split(separator: "/")
            return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : ""
        }

        func isIn(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }
    }

    let root: URL
    let files: [File]

    /// Read once for all tests.
    static let shared = Repository()

    private static let leftOut: Set<String> = ["demo-site", "Package.resolved", "__pycache__"]
    private static let binary: Set<String> = ["png", "jpg", "gz", "pdf", "db"]

    private init() {
        root = Repository.findRoot()
        var files: [File] = []
        Repository.walk(root, "", into: &files)
        self.files = files.sorted { $0.path < $1.path }
    }

    /// Upward from this file, past any link, to the manifest that names the product.
    private static func findRoot() -> URL {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let manifest = try? String(
                contentsOf: folder.appendingPathComponent("Package.swift"), encoding: .utf8)
            if manifest?.contains("name: \"shangbao\"") == true { return folder }
        }
        preconditionFailure("these tests lie outside of the repository")
    }

    private static func walk(_ folder: URL, _ path: String, into files: inout [File]) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names where !leftOut.contains(name) {
            // Builds and version control; our own hidden files have names of their own.
            if name == ".git" || name.hasPrefix(".build") || name == ".swiftpm" { continue }
            let place = folder.appendingPathComponent(name)
            let below = path.isEmpty ? name : path + "/" + name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
                continue
            }
            if isFolder.boolValue {
                walk(place, below, into: &files)
            } else if !binary.contains(place.pathExtension),
                let content = FileManager.default.contents(atPath: place.path)
            {
                files.append(File(path: below, bytes: Array(content)))
            }
        }
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    func file(_ path: String) -> File? { files.first { $0.path == path } }

    func folders(in path: String) -> [String] {
        let names = files.compactMap { file -> String? in
            guard file.isIn(path) else { return nil }
            let parts = file.path.dropFirst(path.count + 1).split(separator: "/")
            return parts.count > 1 ? String(parts[0]) : nil
        }
        return Set(names).sorted()
    }

    /// Swift files below `Sources` and `Tests`.
    var swift: [File] {
        files.filter { $0.path.hasSuffix(".swift") && ($0.isIn("Sources") || $0.isIn("Tests")) }
    }

    /// Swift files below `Sources`.
    var sources: [File] { swift.filter { $0.isIn("Sources") } }

    var documents: [File] { files.filter { $0.path.hasSuffix(".md") } }
}
