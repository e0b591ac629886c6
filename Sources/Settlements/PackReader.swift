import Foundation
import LibZip

/// A pack as it is read here: the container, or the folder into which somebody unpacked it.
package struct PackReader {
    private enum Form {
        case container(ZipReader)
        case folder
    }

    private let form: Form
    package let path: String

    /// The largest pack that is opened, unpacked, bytes (PRIVACY 5.3).
    package static let byteLimit = 1 << 30

    /// Throws `unreadable` for what is neither.
    package init(_ path: String) throws(PackFailure) {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw PackFailure(.unreadable, path)
        }
        do {
            form = isFolder.boolValue ? .folder : .container(try ZipReader(path: path))
        } catch {
            throw PackFailure(.unreadable, path)
        }
    }

    /// The bytes of one file. Throws `unreadable` where there is none.
    package func file(_ name: String) throws(PackFailure) -> [UInt8] {
        switch form {
        case .container(let archive):
            do {
                if let bytes = try archive.bytes(of: name, limit: PackReader.byteLimit) {
                    return bytes
                }
            } catch { throw PackFailure(.unreadable, path, detail: name) }
        case .folder:
            if let bytes = FileManager.default.contents(atPath: path + "/" + name) {
                return [UInt8](bytes)
            }
        }
        throw PackFailure(.unreadable, path, detail: name)
    }

    /// Lets `body` look at the pack's files in a folder, which is removed afterwards if it was made
    /// for this. Throws `unreadable`, and what `body` throws.
    package func unpacked<Outcome>(_ body: (_ folder: String) throws -> Outcome) throws -> Outcome {
        guard case .container(let archive) = form else { return try body(path) }
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("shangbao-pack-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            try archive.extract(to: folder, limit: PackReader.byteLimit)
        } catch {
            throw PackFailure(.unreadable, path)
        }
        return try body(folder)
    }
}
