package import Records

extension Fact {
    /// A statement was issued (出结算表).
    package struct Settled: Sendable, Codable {
        package let programme: String
        package let year: Int
        /// SHA-256 of the statement's JSON bytes, hex.
        package let statement: String
        /// The tree head's root over the year's settled lines so far, SHA-256 hex.
        package let root: String
        /// How many lines those are; absent where an earlier program wrote it.
        package let size: Int?
        /// SHA-256 of the tree head's text, hex, which the next one names.
        package let head: String?
        /// The last month that was closed; absent for the whole year.
        package let through: CalendarMonth?
        /// Who made it (编制人): he does not sign it.
        package let by: String?

        package init(
            programme: String, year: Int, statement: String, root: String, size: Int? = nil,
            head: String? = nil, through: CalendarMonth? = nil, by: String? = nil
        ) {
            self.through = through
            self.by = by
            self.programme = programme
            self.year = year
            self.statement = statement
            self.root = root
            self.size = size
            self.head = head
        }
    }
}
