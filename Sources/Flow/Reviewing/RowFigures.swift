import Intake
import Mappings
package import Privacy
package import Programmes

extension Site {
    /// Counts how many people share what leaves of them, over a file of real rows (M12, M18).
    ///
    /// Nothing is written; what comes out are numbers and names of fields. Throws `ReadFailure`,
    /// `HeaderFailure`.
    package func rarity(of path: String, by file: MappingFile) throws -> RarityFigures {
        let cursor = TableCursor(try file.mapping.reader.open(path: path))
        let bound = try file.mapping.bound(
            to: cursor.header, acceptsInvented: configuration.environment == .rehearsal)
        var reading = RarityReading(file.mapping.dictionary)
        while let batch = try cursor.next(upTo: profile.batch) {
            let records = bound.finish(bound.read(batch))
            reading.add(records, rows: 0..<records.count)
        }
        return reading.figures
    }
}
