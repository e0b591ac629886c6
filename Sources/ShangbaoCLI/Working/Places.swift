import Foundation
import Records

/// Where things lie on this machine: what the person says, else where they usually are.
enum Places {
    /// A path from the root, without `.`, `..` and links of the working folder.
    static func absolute(_ path: String) -> String {
        let whole =
            path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return URL(fileURLWithPath: whole).standardizedFileURL.path
    }

    /// The folder `mappings`: as given, else here or above here, else above the program itself,
    /// else where a package puts it.
    static func mappings(_ given: String?) throws(CommandFailure) -> String {
        if let given {
            let path = absolute(given)
            guard isMappings(path) else { throw CommandFailure(.noMappings, place: path) }
            return path
        }
        let program = Bundle.main.executableURL?.resolvingSymlinksInPath().path ?? "/"
        for start in [FileManager.default.currentDirectoryPath, program] {
            var folder = URL(fileURLWithPath: start)
            while folder.path != "/" {
                let path = folder.appendingPathComponent("mappings").path
                if isMappings(path) { return path }
                folder.deleteLastPathComponent()
            }
        }
        let installed = "/usr/share/shangbao/mappings"
        guard isMappings(installed) else { throw CommandFailure(.noMappings) }
        return installed
    }

    private static func isMappings(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/preconception/programme.yaml")
    }

    /// The folder `samples`: as given, else beside `mappings`.
    static func samples(_ given: String?, besides mappings: String) throws(CommandFailure) -> String
    {
        let path =
            given.map(absolute)
            ?? URL(fileURLWithPath: mappings).deletingLastPathComponent()
            .appendingPathComponent("samples").path
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.noSamples, place: path)
        }
        return path
    }

    /// How a person in the working folder would write a path.
    static func shown(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    /// Writes a file as a whole, making its folder where it is missing.
    static func write(_ text: String, to path: String, mode: Int = 0o644) throws(CommandFailure) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    static func write(_ bytes: [UInt8], to path: String, mode: Int = 0o644) throws(CommandFailure) {
        let part = path + ".part"
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            guard
                FileManager.default.createFile(
                    atPath: part, contents: Data(bytes), attributes: [.posixPermissions: mode]),
                rename(part, path) == 0
            else { throw CommandFailure(.unwritable, place: path) }
        } catch {
            throw CommandFailure(.unwritable, place: path)
        }
    }
}
