internal import LibXML

/// The parts of a workbook that its cells need (ECMA-376, part 1, clause 18).
final class Workbook {
    /// One worksheet, in the order of the tabs.
    struct Sheet {
        let name: String
        let isHidden: Bool
        let part: ZipEntry
    }

    let archive: ZipArchive
    /// Day 0 is 1904-01-01, as old Macintosh programs count.
    let countsFrom1904: Bool
    let styles: CellStyles
    let strings: SharedStrings
    private let sheets: [Sheet]

    private static let treeLimits = DocumentLimits(documentBytes: 16 << 20)
    private static let linkBytes = 1 << 20

    /// - Throws: `E-WORKBOOK`, `E-EXPANDS`, `E-IO`, `E-CHANGED`.
    init(_ archive: ZipArchive) throws(ReadFailure) {
        self.archive = archive
        let roots = try Workbook.links(of: "", in: archive)
        guard let path = roots.values.first(where: { $0.kind == "officeDocument" })?.target,
            let part = archive.entry(path)
        else { throw .workbook(place: archive.file.name, detail: "no workbook in the archive") }
        let root = try Workbook.tree(part, in: archive)
        guard root.name == "workbook" else {
            throw .workbook(place: archive.file.name, detail: "no workbook of cells")
        }
        let date1904 = root.child("workbookPr")?.attribute("date1904") ?? "0"
        countsFrom1904 = ["1", "true"].contains(date1904)
        let links = try Workbook.links(of: path, in: archive)
        var sheets: [Sheet] = []
        for sheet in root.child("sheets")?.children(named: "sheet") ?? [] {
            let id = sheet.attributes.first { $0.name == "id" && !$0.namespace.isEmpty }?.value
            guard let name = sheet.attribute("name"), let id, let link = links[id] else {
                throw .workbook(place: archive.file.name, detail: "a sheet without its part")
            }
            // A sheet with nothing but a chart has no rows.
            guard link.kind == "worksheet" else { continue }
            guard let part = archive.entry(link.target) else {
                throw .workbook(place: archive.file.name, detail: "a sheet without its part")
            }
            let state = sheet.attribute("state") ?? "visible"
            sheets.append(Sheet(name: name, isHidden: state != "visible", part: part))
        }
        self.sheets = sheets
        func linked(_ kind: String) throws(ReadFailure) -> ZipEntry? {
            guard let link = links.values.first(where: { $0.kind == kind }) else { return nil }
            guard let entry = archive.entry(link.target) else {
                throw .workbook(place: archive.file.name, detail: "\(kind) is missing")
            }
            return entry
        }
        if let entry = try linked("styles") {
            styles = CellStyles(try Workbook.tree(entry, in: archive))
        } else {
            styles = CellStyles()
        }
        strings = SharedStrings()
        if let entry = try linked("sharedStrings") {
            try strings.read(XMLPart(entry, of: archive.file))
        }
    }

    /// The sheet that options name: by its name, else by its number from 1, else the first.
    ///
    /// - Throws: `E-SHEET` with how many there are.
    func sheet(_ asked: String?) throws(ReadFailure) -> Sheet {
        let found: Sheet?
        if let asked {
            let number = Int(asked).flatMap { sheets.indices.contains($0 - 1) ? $0 - 1 : nil }
            found = sheets.first { $0.name == asked } ?? number.map { sheets[$0] }
        } else {
            found = sheets.first
        }
        guard let found else {
            throw .sheet(place: archive.file.name, detail: "\(asked ?? "1") (\(sheets.count))")
        }
        return found
    }

    /// Whether people see other sheets than this one.
    func hasSheetsBeside(_ sheet: Sheet) -> Bool {
        sheets.contains { !$0.isHidden && $0.name != sheet.name }
    }

    // MARK: Parts

    private struct Link {
        /// The last word of the relationship's type, the same in both editions of the standard.
        let kind: String
        let target: String
    }

    /// The relationships of a part (part 2, clause 9.3), by id. What lies outside of the archive is
    /// left out.
    private static func links(
        of path: String, in archive: ZipArchive
    ) throws(ReadFailure) -> [String: Link] {
        let cut = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let (folder, name) = (path[..<cut], path[cut...])
        guard let part = archive.entry("\(folder)_rels/\(name).rels") else { return [:] }
        var links: [String: Link] = [:]
        for link in try tree(part, in: archive).children where link.name == "Relationship" {
            guard let id = link.attribute("Id"), let type = link.attribute("Type"),
                let target = link.attribute("Target"), link.attribute("TargetMode") != "External"
            else { continue }
            let kind = type.split(separator: "/").last.map(String.init) ?? ""
            links[id] = Link(kind: kind, target: resolved(target, from: folder))
        }
        return links
    }

    /// A target as a name in the archive.
    private static func resolved(_ target: String, from folder: Substring) -> String {
        if target.hasPrefix("/") { return String(target.dropFirst()) }
        var parts = folder.split(separator: "/")
        for part in target.split(separator: "/") where part != "." {
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }

    private static func tree(
        _ part: ZipEntry, in archive: ZipArchive
    ) throws(ReadFailure) -> XMLTree.Element {
        let bytes = try ZipPart(part, of: archive.file).whole(limit: treeLimits.documentBytes)
        do {
            return try bytes.span.withUnsafeBytes { (raw) throws(XMLFailure) in
                try XMLTree.parse(raw, limits: treeLimits)
            }
        } catch {
            throw .workbook(place: archive.file.name, detail: "\(part.name): \(error)")
        }
    }
}

/// A part of a workbook as XML events.
struct XMLPart: ~Copyable {
    var pull: XMLPull
    let part: ZipPart
    let place: String

    /// - Throws: `E-WORKBOOK`, `E-IO`, `E-CHANGED`.
    init(_ entry: ZipEntry, of file: SourceFile) throws(ReadFailure) {
        pull = XMLPull(
            limits: DocumentLimits(
                documentBytes: ZipArchive.Limits().byteCount, depth: 32))
        part = try ZipPart(entry, of: file)
        place = file.name
    }

    /// The next event; never `hungry`.
    ///
    /// - Throws: `E-WORKBOOK`, `E-EXPANDS`, `E-IO`, `E-CHANGED`.
    mutating func next() throws(ReadFailure) -> XMLPull.Event {
        while true {
            let event: XMLPull.Event
            do {
                event = try pull.next()
            } catch {
                throw .workbook(place: place, detail: "\(part.entry.name): \(error)")
            }
            guard case .hungry = event else { return event }
            try pull.fill { (room) throws(ReadFailure) in try part.read(into: room) }
        }
    }

    /// - Parameter detail: what is wrong, without any value.
    func broken(_ detail: String) -> ReadFailure {
        .workbook(place: place, detail: "\(part.entry.name): \(detail)")
    }
}
