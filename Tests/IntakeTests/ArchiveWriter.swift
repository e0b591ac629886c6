import Foundation
import LibZlib

/// Writes ZIP archives byte by byte, good ones and such as nobody should read.
struct ArchiveWriter {
    struct Entry {
        var name: String
        var content: [UInt8]
        var isDeflated = true
        /// What the headers say, where that is not the truth.
        var saidBytes: Int?
        var flags = 0
        var method: Int?
        var saidChecksum: UInt32?
        var localName: String?

        init(_ name: String, _ text: String) {
            self.init(name, Array(text.utf8))
        }

        init(_ name: String, _ content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    var entries: [Entry] = []
    /// All entries point to the first one's bytes.
    var overlaps = false
    var comment: [UInt8] = []

    func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            // A gzip member is a header of ten bytes, the packed bytes, checksum and length.
            let member = try Gzip.compress(entry.content)
            let packed =
                entry.isDeflated ? Array(member.dropFirst(10).dropLast(8)) : entry.content
            let checksum =
                entry.saidChecksum.map { Self.number(Int($0), 4) }
                ?? Array(member.suffix(8).prefix(4))
            let offset = overlaps ? 0 : bytes.count
            let fields: [UInt8] =
                Self.number(20, 2) + Self.number(entry.flags, 2)
                + Self.number(entry.method ?? (entry.isDeflated ? 8 : 0), 2) + Self.number(0, 4)
                + checksum + Self.number(packed.count, 4)
                + Self.number(entry.saidBytes ?? entry.content.count, 4)
            let local = Array((entry.localName ?? entry.name).utf8)
            bytes += Self.number(0x0403_4B50, 4) + fields + Self.number(local.count, 2)
            bytes += Self.number(0, 2) + local + packed
            let name = Array(entry.name.utf8)
            directory += Self.number(0x0201_4B50, 4) + Self.number(20, 2) + fields
            directory += Self.number(name.count, 2) + Self.number(0, 12)
            directory += Self.number(offset, 4) + name
        }
        let end =
            Self.number(0x0605_4B50, 4) + Self.number(0, 4) + Self.number(entries.count, 2)
            + Self.number(entries.count, 2) + Self.number(directory.count, 4)
            + Self.number(bytes.count, 4) + Self.number(comment.count, 2) + comment
        return bytes + directory + end
    }

    private static func number(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// A workbook of one sheet, from the XML of its rows.
struct WorkbookWriter {
    var rows: String
    /// What stands behind the rows.
    var behind = ""
    var before = ""
    /// Elements `xf` and `numFmt`.
    var formats = "<xf numFmtId=\"0\"/>"
    var formatCodes = ""
    var strings: String?
    var workbookProperties = ""
    var sheets = "<sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/>"

    init(_ rows: String) {
        self.rows = rows
    }

    static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    static let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    static let package = "http://schemas.openxmlformats.org/package/2006/relationships"

    var sheet: String {
        "<worksheet xmlns=\"\(Self.main)\">\(before)<sheetData>\(rows)</sheetData>\(behind)"
            + "</worksheet>"
    }

    /// The archive, to be spoiled or written.
    var archive: ArchiveWriter {
        var archive = ArchiveWriter()
        archive.entries = [
            .init(
                "_rels/.rels",
                "<Relationships xmlns=\"\(Self.package)\"><Relationship Id=\"a\" Type=\""
                    + "\(Self.links)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
            .init(
                "xl/workbook.xml",
                "<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.links)\">\(workbookProperties)"
                    + "<sheets>\(sheets)</sheets></workbook>"),
            .init(
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"\(Self.package)\">"
                    + link("r1", "worksheet", "worksheets/s.xml")
                    + link("r2", "styles", "styles.xml")
                    + (strings == nil ? "" : link("r3", "sharedStrings", "strings.xml"))
                    + "</Relationships>"),
            .init(
                "xl/styles.xml",
                "<styleSheet xmlns=\"\(Self.main)\"><numFmts>\(formatCodes)</numFmts><cellXfs>"
                    + "\(formats)</cellXfs></styleSheet>"),
            .init("xl/worksheets/s.xml", sheet),
        ]
        if let strings {
            archive.entries.append(
                .init("xl/strings.xml", "<sst xmlns=\"\(Self.main)\">\(strings)</sst>"))
        }
        return archive
    }

    private func link(_ id: String, _ kind: String, _ target: String) -> String {
        "<Relationship Id=\"\(id)\" Type=\"\(Self.links)/\(kind)\" Target=\"\(target)\"/>"
    }

    func bytes() throws -> [UInt8] { try archive.bytes() }
}
