import Definitions
import Flow
import Foundation
import Intake
import Mappings
import Programmes
import Records
import Synchronization
import Validation

/// The list that goes back to the clinic (待更正清单): row, field and what to do, no value.
///
/// It is written in one go once the last row of the item is on disk, under a name of its own, and
/// gets its real name when it is whole; the item closes only then.
final class FindingsFile: Sendable {
    private struct State {
        var handle: FileHandle?
        var isWhole = false
    }

    let path: String
    private let columns: [String: String]
    private let sentences: @Sendable (String) -> CodeEntry?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - digest: of the file, hex: next month's file of the same name has a list of its own.
    ///   - codes: what each code says.
    init(
        for file: String, digest: String, in folder: String, mapping: Mapping,
        codes: @escaping @Sendable (String) -> CodeEntry?
    ) {
        let name = (file as NSString).lastPathComponent as NSString
        let isKnown = mapping.readerType.fileEndings.contains(name.pathExtension.lowercased())
        let stem = isKnown ? name.deletingPathExtension : name as String
        path = "\(folder)/findings-\(stem)-\(digest.prefix(8)).csv"
        var columns: [String: String] = [:]
        for rule in mapping.rules {
            let name = mapping.dictionary.elements[rule.ordinal].name
            switch rule.origin {
            case .column(let column): columns[name] = column
            case .boxes(let boxes): columns[name] = boxes.joined(separator: "、")
            case .constant: break
            }
        }
        self.columns = columns
        sentences = codes
    }

    /// Adds rows.
    func add(_ notes: [RowNote]) throws {
        guard !notes.isEmpty else { return }
        var text = ""
        for note in notes {
            for finding in note.findings {
                let entry = sentences(finding.code)
                let cells = [
                    "\(note.row)", note.fate.rawValue, finding.field ?? "",
                    finding.field.flatMap { columns[$0] } ?? "", finding.code,
                    entry.map { $0.what.zh + $0.next.zh } ?? "",
                    entry.map { $0.what.en + " " + $0.next.en } ?? "",
                ]
                text += SheetCell.row(cells)
            }
        }
        try state.withLock { state in
            if state.handle == nil { state.handle = try open() }
            try state.handle?.write(contentsOf: Data(text.utf8))
        }
    }

    /// Gives the list its name, where anything was to be said.
    func finish() throws {
        try state.withLock { state in
            guard let handle = state.handle else { return }
            try handle.synchronize()
            try handle.close()
            state.handle = nil
            guard rename(path + ".part", path) == 0 else {
                throw CommandFailure(.unwritable, place: path)
            }
            state.isWhole = true
        }
    }

    /// Where the list lies; `nil` where nothing was to be said.
    var whole: String? { state.withLock { $0.isWhole ? path : nil } }

    private static let head = "\u{FEFF}row,fate,field,column,code,zh,en\r\n"

    /// Opens the list that grows; what a run that was cut short left of it is written anew.
    private func open() throws -> FileHandle {
        let part = path + ".part"
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        guard FileManager.default.createFile(atPath: part, contents: Data(FindingsFile.head.utf8)),
            let handle = FileHandle(forWritingAtPath: part)
        else { throw CommandFailure(.unwritable, place: path) }
        try handle.seekToEnd()
        return handle
    }
}
