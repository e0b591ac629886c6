import Intake
import Mappings
import Programmes
import Records
import Storage

/// Opens the rows of one part that lie on the shelf (打开各部分的行).
struct PartReading: Sendable {
    let database: any Database
    let desk: PreparationDesk
    let file: MappingFile
    let part: CasePart

    /// The rows of some keys, in the order of their arrival.
    func rows(_ keys: [String]) async throws -> [String: [CaseParts.FoundRow]] {
        let mapping = file.partName
        let kept = try await database.read { transaction in
            try Register().parts(
                mapping, keys: keys, sampleWithin: part.items?.sampleWithin, in: transaction)
        }
        var files: [IntakeID: Int] = [:]
        var tables: [String: (table: PartTable, columns: Int)] = [:]
        var found: [String: [CaseParts.FoundRow]] = [:]
        for row in kept {
            let (table, columns): (PartTable, Int)
            if let known = tables[row.header] {
                (table, columns) = known
            } else {
                // A header that the mapping no longer fits: its rows wait for it.
                let header = try RowText.header(of: row.header)
                guard let made = try? PartTable(file.mapping, part, header: header) else {
                    continue
                }
                (table, columns) = (made, header.count)
                tables[row.header] = (made, columns)
            }
            let cells = RowText.cells(
                of: try await desk.open(row.sealed, intake: row.intake, number: row.row))
            // What these columns do not fit waits, too.
            guard cells.count == columns else { continue }
            found[row.key, default: []].append(
                CaseParts.FoundRow(
                    row: PartRow(
                        table: table, cells: cells,
                        file: files.number(of: row.intake)),
                    isDisputed: row.isDisputed))
        }
        return found
    }
}

extension [IntakeID: Int] {
    /// A number for each item, in the order in which they are asked for.
    fileprivate mutating func number(of intake: IntakeID) -> Int {
        let next = count
        if let known = self[intake] { return known }
        self[intake] = next
        return next
    }
}

extension MappingFile {
    /// The name by which cases look for this part.
    var partName: String { String(path.split(separator: "/").last ?? "") }
}
