/// How much each sealed element is padded, by the dictionary: nobody guesses it from the bytes.
package struct PaddingTable: Sendable {
    private let pads: [String: Int]

    /// The multiples by element, bytes. An element is named as on the wire (`name`), or with its
    /// subject's role or form (`basic.fileOpenedBy`), which goes before. One that is not named has
    /// no padding.
    package init(_ pads: [String: Int]) {
        self.pads = pads
    }

    /// Reads lines `element,pad` after that header; empty lines and lines with `#` are passed over.
    ///
    /// Throws `RehearsalFailure` with `paddingTable` and the line, from 1.
    package init(csv text: String) throws(RehearsalFailure) {
        var pads: [String: Int] = [:]
        var hasHeader = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = line.filter { !$0.isWhitespace }
            if line.isEmpty || line.hasPrefix("#") { continue }
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            if !hasHeader, cells == ["element", "pad"] {
                hasHeader = true
                continue
            }
            guard hasHeader, cells.count == 2, !cells[0].isEmpty, let pad = Int(cells[1]),
                (0...4096).contains(pad), pads.updateValue(pad, forKey: String(cells[0])) == nil
            else { throw RehearsalFailure(.paddingTable, place: "\(index + 1)") }
        }
        self.pads = pads
    }

    /// The multiple for a field of a subject or form; 0 for none.
    package func pad(owner: String, field: String) -> Int {
        pads["\(owner).\(field)"] ?? pads[field] ?? 0
    }

    /// The kinds that `reference-1` pads, by their wire names: person names to 16 bytes, addresses
    /// to 64 (EXCHANGE 1).
    package static let reference1: PaddingTable = {
        let names = [
            "name", "fileOpenedBy", "historyDoctor", "examDoctor", "labDoctor", "ultrasoundDoctor",
            "adviceDoctor", "epfStaff", "pofStaff", "screeningDoctor", "niptTester",
            "niptReviewer", "reportIssuer", "pdDoctor",
        ]
        let addresses = ["hukou", "residence"].flatMap { place in
            ["Province", "City", "County", "Town", "Village"].map { place + $0 }
        }
        return PaddingTable(
            Dictionary(
                names.map { ($0, 16) } + addresses.map { ($0, 64) },
                uniquingKeysWith: { first, _ in first }))
    }()
}
