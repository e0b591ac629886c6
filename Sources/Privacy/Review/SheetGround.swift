package import Definitions
import Records

/// What is to be known of a mapping's surroundings to review it (审核所需的背景): the tables of
/// levels, who else uses the key domain, what else is made of the fields, and who may approve.
package struct SheetGround: Sendable {
    /// A programme that names people in a domain of pseudonyms, and to whom.
    package struct DomainUse: Hashable, Sendable {
        package let domain: String
        package let programme: String
        package let recipient: String

        package init(domain: String, programme: String, recipient: String) {
            self.domain = domain
            self.programme = programme
            self.recipient = recipient
        }
    }

    /// A field of something else that leaves the county: a statement, a table of indicators.
    package struct ProductField: Hashable, Sendable {
        /// e.g. `evidence-fields.csv SE-011`.
        package let name: String
        /// Whether it is a phone, an address, or names a person otherwise.
        package let isContact: Bool

        package init(name: String, isContact: Bool) {
            self.name = name
            self.isContact = isContact
        }
    }

    package var tables: PrivacyTables
    package var domains: [DomainUse]
    package var products: [ProductField]
    /// Whether a rule of the programme keeps at home what nobody consented to.
    package var asksConsent: Bool
    /// The highest level (GB/T 39725) for which somebody at this site may approve.
    package var approvableLevel: Int
    /// The columns that tell who somebody is in any mapping of the programme (标识列).
    package var identifyingColumns: Set<String>
    /// The files that the mapping is made of, by their paths below `mappings/`.
    package var files: [(path: String, bytes: [UInt8])]

    package init(
        tables: PrivacyTables, domains: [DomainUse] = [], products: [ProductField] = [],
        asksConsent: Bool, approvableLevel: Int = 5, identifyingColumns: Set<String> = [],
        files: [(path: String, bytes: [UInt8])] = []
    ) {
        self.identifyingColumns = identifyingColumns
        self.files = files
        self.tables = tables
        self.domains = domains
        self.products = products
        self.asksConsent = asksConsent
        self.approvableLevel = approvableLevel
    }
}
