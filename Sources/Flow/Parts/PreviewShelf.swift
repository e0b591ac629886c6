import Intake
import Mappings
import Programmes
import Records

/// The parts that a preview is shown beside the cases: read whole, kept in memory, written nowhere.
struct PreviewShelf: Sendable {
    private var found: [String: [CaseParts.FoundRow]] = [:]

    /// Reads the files of the parts. Throws `ReadFailure` and `HeaderFailure`.
    init(_ parts: [(mapping: MappingFile, path: String)], _ desk: PreparationDesk) async throws {
        var samples: [String: [(key: String, day: Int?)]] = [:]
        var rows: [(key: String, sample: String, day: Int?, row: PartRow)] = []
        for (place, (file, path)) in parts.enumerated() {
            guard let part = file.mapping.part else { continue }
            let name = String(file.path.split(separator: "/").last ?? "")
            let cursor = TableCursor(try file.mapping.reader.open(path: path))
            let table = try PartTable(file.mapping, part, header: cursor.header)
            while let batch = try cursor.next(upTo: 500) {
                for row in 0..<batch.rowCount {
                    guard table.fault(row, of: batch) == nil,
                        let named = try await desk.partNames(row, of: batch, table, name)
                    else { continue }
                    let day = table.day(row, of: batch)
                    let key = name + "/" + named.key
                    if !table.isDeletion(row, of: batch) {
                        samples[named.sample, default: []].append((key, day))
                    }
                    let cells = RowText.cells(of: RowText.bytes(of: batch, row: row))
                    rows.append(
                        (key, named.sample, day, PartRow(table: table, cells: cells, file: place)))
                }
            }
        }
        for row in rows {
            let within = row.row.table.part.items?.sampleWithin
            let isDisputed =
                !row.sample.isEmpty
                && samples[row.sample, default: []].contains { other in
                    other.key != row.key && PartLink.areNear(other.day, row.day, within: within)
                }
            found[row.key, default: []].append(
                CaseParts.FoundRow(row: row.row, isDisputed: isDisputed))
        }
    }

    /// The rows of a part by key; of other files' cases a preview knows nothing.
    var rows: CaseParts.Shelf {
        let found = found
        return CaseParts.Shelf(
            rows: { mapping, keys in
                Dictionary(
                    uniqueKeysWithValues: keys.map { ($0, found[mapping + "/" + $0] ?? []) })
            }, erased: { _, _ in [] }, claimants: { _, _ in [:] })
    }
}
