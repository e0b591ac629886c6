package import Mappings
import Validation

extension Preconception {
    /// Couples that passed every check: their batch, and their rows in it.
    package func accepted(_ couples: [CleanCouple]) throws -> (batch: RecordBatch, rows: [Int]) {
        let checked = try check(couples).checked
        return (checked.batch, checked.rows)
    }
}
