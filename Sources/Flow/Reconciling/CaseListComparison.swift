package import Evidence
import Programmes
package import Settlements
import Storage

extension Closing {
    /// What was compared: the books, and all that differs in them.
    package struct CaseComparison: Sendable {
        package let balances: Bool
        package let chain: ChainReport
        package let list: ListReconciliation
        /// SHA-256 of the list, hex.
        package let digest: String
    }

    /// Our cases beside the national side's own list of them, with the clinics' counts beside
    /// both. Nothing is asked of anybody, and nothing is changed.
    ///
    /// Throws `ReadFailure`, `CaseListFailure`, `StorageFailure`.
    ///
    /// - Parameter counts: the national side's own counts, where somebody brought them.
    package func compare(
        listAt path: String, scope: ListReconciliation.Scope, counts: [NationalCounts]? = nil
    ) async throws -> CaseComparison {
        guard let form = part.profile.caseList else {
            throw CaseListFailure.noForm(part.programme.folderName)
        }
        let list = try CaseList(path: path, by: form)
        let book = try await book()
        var compared = ListReconciliation(
            list.rows, list.shape, book, scope: scope)
        if let counts { compared.compare(with: counts) }
        return CaseComparison(
            balances: Balance(book).balances,
            chain: try await database.read { try Ledger().verify(in: $0) }, list: compared,
            digest: list.digest)
    }
}

extension Closing.Comparison {
    /// What differs, as it may be written down for people.
    package var differences: [Difference] {
        sourceDifferences + discrepancies.compactMap { Difference($0) }
    }
}
