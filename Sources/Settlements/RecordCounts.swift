import Evidence
import Records

/// How many records of a year stand so (例数), in all and by institution: a function of the books.
package struct RecordCounts: Sendable, Hashable {
    package private(set) var total = 0
    package private(set) var byInstitution: [String: Int] = [:]

    /// Which of them count.
    package struct Question: Sendable, Hashable {
        package let year: Int
        /// Whether the national side must have taken it; else it is enough that it came.
        package let isAccepted: Bool
        package let isComplete: Bool
        /// Of these services alone, where any are named.
        package let services: Set<String>?
        /// Of none of these, where none are named.
        package let except: Set<String>
        /// Each pregnancy or child of a person once.
        package let isOnce: Bool
        /// Those alone that are registered in the place that subsidises.
        package let isLocal: Bool

        package init(
            year: Int, isAccepted: Bool = true, isComplete: Bool = false,
            services: Set<String>? = nil, except: Set<String> = [], isOnce: Bool = false,
            isLocal: Bool = false
        ) {
            self.year = year
            self.isAccepted = isAccepted
            self.isComplete = isComplete
            self.services = services
            self.except = except
            self.isOnce = isOnce
            self.isLocal = isLocal
        }
    }

    private struct Claim: Hashable {
        let person: String
        let order: Int?
        let institution: String?
    }

    package init(_ question: Question, in book: CaseBook) {
        var seen: Set<Claim> = []
        for versions in book.cases.values {
            guard let (version, institution) = question.counted(versions, in: book) else {
                continue
            }
            if question.isOnce, let person = version.sent?.claimant {
                let order = version.sent?.childOrder
                func isNew(_ place: String?) -> Bool {
                    seen.insert(Claim(person: person, order: order, institution: place)).inserted
                }
                if isNew(institution) { byInstitution[institution, default: 0] += 1 }
                if isNew(nil) { total += 1 }
            } else {
                byInstitution[institution, default: 0] += 1
                total += 1
            }
        }
    }
}

extension RecordCounts.Question {
    /// The version of a case that counts, and where; `nil` where none does.
    fileprivate func counted(
        _ versions: [CaseVersion], in book: CaseBook
    ) -> (CaseVersion, String)? {
        let standings = book.standings(of: versions)
        let found =
            isAccepted
            ? standings.lastIndex(of: .accepted).map { versions[$0] }
            : standings.last == .withdrawn ? nil : versions.last { $0.cell.month != nil }
        guard let found, let institution = found.cell.institution,
            found.cell.month?.year == year
        else { return nil }
        let traits = found.sent?.traits ?? found.kept?.traits
        let service = traits?.service
        guard
            services.map({ named in service.map(named.contains) ?? false })
                ?? !(service.map(except.contains) ?? false),
            !isComplete || traits?.isComplete == true, !isLocal || traits?.isLocal == true
        else { return nil }
        return (found, institution)
    }
}
