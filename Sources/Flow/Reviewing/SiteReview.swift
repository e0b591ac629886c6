import Definitions
import Evidence
import Mappings
package import Privacy
package import Programmes
import Records
package import Storage
import Validation

/// The review of a mapping as it is at this site (审核).
extension Site {
    /// The sheet of a mapping as it is now.
    ///
    /// - Parameter recipient: whose key seals; the one of the site's file where it is `nil`.
    /// - Throws: `DefinitionError` where the lists of documents' fields or the recipient's key
    ///   cannot be read, `CryptoFailure` or `SiteFailure` where it is no key of the site's suite.
    package func sheet(
        of file: MappingFile, for recipient: ReviewSheet.Recipient? = nil
    ) throws -> ReviewSheet {
        ReviewSheet(
            mapping: file.mapping, on: try sheetGround(of: file),
            recipient: try recipient ?? namedRecipient(),
            content: MappingContent.digest(of: file.content))
    }

    private func sheetGround(of file: MappingFile) throws(DefinitionError) -> SheetGround {
        let part = programme(of: file)
        return SheetGround(
            tables: part.programme.privacy,
            domains: programmes.map {
                .init(
                    domain: $0.programme.dictionary.pseudonymDomain, programme: $0.name,
                    recipient: $0.profile.name)
            },
            products: try products(),
            asksConsent: part.programme.rules(for: file.mapping.dictionary).asksConsent,
            approvableLevel: configuration.privacy.approvableLevel,
            identifyingColumns: part.programme.mappings.reduce(into: []) { columns, other in
                columns.formUnion(SheetLint.identifyingColumns(of: other.mapping))
            }, files: file.content)
    }

    /// The fields of statements and evidence packs, which leave for finance and audit.
    private func products() throws(DefinitionError) -> [SheetGround.ProductField] {
        let name = "funding/evidence-fields.csv"
        guard DocumentFields.isExpected(name, in: catalogue.root) else { return [] }
        let fields = try DocumentFields(root: catalogue.root, path: name, prefix: "SE").fields
        return fields.filter { $0.protection != .drop }.map { field in
            let folded = field.name.lowercased()
            let isPlace = ["phone", "address", "mobile", "email"].contains { folded.contains($0) }
            return .init(
                name: "\(name) \(field.number)",
                isContact: field.privacyClass == .direct || isPlace)
        }
    }

    /// How many records of a programme left in the last twelve months by the ledger's word, and how
    /// many that were queued in that time wait; what only takes a record back holds no data and
    /// does not count.
    package func recordsOfYear(
        _ programme: String, in transaction: any Transaction
    ) throws -> SheetAnnex.Records {
        let from = clock().day.adding(days: -365)
        var queued: [SubmissionID: [RecordID]] = [:]
        var departures = Departures()
        var sent: Set<RecordID> = []
        var waiting: Set<RecordID> = []
        try Ledger().facts(in: transaction) { entry in
            departures.add(entry)
            switch entry.fact {
            case .enqueued(let fact) where fact.programme == programme:
                queued[fact.submission] = fact.records.filter { $0.action != .withdraw }
                    .map(\.record)
                if entry.at.day >= from { waiting.formUnion(queued[fact.submission] ?? []) }
            case .intervened(let fact) where ["cancelled", "recalled"].contains(fact.step):
                waiting.subtract(fact.records ?? queued[fact.submission] ?? [])
            default: break
            }
        }
        for (submission, records) in queued {
            guard let day = departures.way(of: submission)?.day else { continue }
            waiting.subtract(records)
            if day >= from { sent.formUnion(records) }
        }
        return SheetAnnex.Records(sent: sent.count, waiting: waiting.count)
    }
}
