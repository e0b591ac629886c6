import Definitions
import Intake
import Mappings
import Privacy
import Programmes
import Records
import Storage

/// Words on the shelf of parts that no list knows (各部分里待定的写法): asked of what each key's rows say
/// together, so that a result that was corrected since holds nobody up.
extension Register {
    /// The next keys of a part that are on the shelf, in their order.
    func partKeys(
        _ mapping: String, after last: String, limit: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [String] {
        try transaction.run(
            """
            SELECT DISTINCT key FROM part_row WHERE mapping = \(mapping) AND key > \(last)
            ORDER BY key LIMIT \(limit)
            """
        ).map { (row) throws(StorageFailure) in try row.text(0) }
    }
}

extension UnmappedWords {
    /// Adds what the rows of one part say, key by key.
    mutating func add(
        partsOf file: MappingFile, _ part: CasePart, in database: any Database,
        _ desk: PreparationDesk
    ) async throws {
        let rows = PartRows(file.mapping, part)
        let bound = try file.mapping.bound(to: rows.header, acceptsInvented: true)
        let shelf = PartReading(database: database, desk: desk, file: file, part: part)
        var last = ""
        while true {
            let keys = try await database.read { [last] transaction in
                try Register().partKeys(
                    file.partName, after: last, limit: 500, in: transaction)
            }
            guard let end = keys.last else { return }
            last = end
            let found = try await shelf.rows(keys)
            for key in keys {
                guard let merged = rows.merge((found[key] ?? []).map(\.row), near: nil) else {
                    continue
                }
                add(SourceBatch(oneRow: merged.cells), header: rows.header, bound)
            }
        }
    }
}
