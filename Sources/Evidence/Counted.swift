package import Records

extension Fact {
    /// How many cases a clinic says that it did in a month (机构自报数): the left side of the tie-out. A
    /// later word about the same month takes the place of an earlier one.
    package struct Counted: Sendable, Codable, Hashable {
        package let programme: String
        package let institution: String
        package let month: CalendarMonth
        /// The service that is counted, where a programme has several; absent for all of them.
        package let service: String?
        package let count: Int
        /// SHA-256 of the list that said so, hex; absent where it was typed in.
        package let list: String?
        package let by: String

        package init(
            programme: String, institution: String, month: CalendarMonth, service: String?,
            count: Int, list: String?, by: String
        ) {
            self.programme = programme
            self.institution = institution
            self.month = month
            self.service = service
            self.count = count
            self.list = list
            self.by = by
        }
    }
}

extension Fact.Counted {
    var summary: Wording {
        Wording(
            zh: "\(institution) \(month) 自报 \(count) 例（\(by)）",
            en: "\(institution) \(month): it counts \(count) itself (by \(by))")
    }
}
