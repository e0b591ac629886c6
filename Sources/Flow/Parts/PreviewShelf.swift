import Intake
import Mappings
import Programmes
import Records

/// The parts that a preview is shown beside the cases: read whole, kept in memory, written nowhere.
struct PreviewShelf: Sendable {
    private var found: [String: [CaseParts.FoundRow]] = [:]

    /// Reads the files of the parts. Throws `ReadFailure` and `HeaderFailure`.
    init(_ parts: [(mapping: MappingFile, path: String)], _ desk: PreparationDesk) async throws {
        var samples: [String: Set<String>] = [:]
        var rows: [(key: String, sample: String, row: PartRow)] = []
        for (file, path) in parts {
            guard let part = file.mapping.part else { continue }
            let name = String(file.path.split(separator: "/").last ?? "")
            let cursor = try file.mapping.reader.open(path: path)
            let table = try PartTable(file.mapping, part, header: cursor.header)
            while let batch = try cursor.next(upTo: 500) {
                for row in 0..<batch.rowCount {
                    guard let named = try await desk.partNames(row, of: batch, table, name) else {
                        continue
                    }
                    samples[named.sample, default: []].insert(named.key)
                    rows.append(
                        (
                            name + "/" + named.key, named.sample,
                            PartRow(
                                table: table,
                                cells: RowText.cells(of: RowText.bytes(of: batch, row: row)))
                        ))
                }
            }
        }
        for row in rows {
            let isDisputed = !row.sample.isEmpty && samples[row.sample]?.count ?? 0 > 1
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
            }, claimants: { _, _ in [:] })
    }
}
