package import Records

extension Fact {
    /// A table of indicators was written for outside the county (指标公布): the counts of a period
    /// that is over, as they were the first time; whatever becomes known later is not published.
    package struct Published: Sendable, Codable, Hashable {
        /// One institution, or one township of a list.
        package struct Place: Sendable, Codable, Hashable {
            package let name: String
            package let part: Int
            package let whole: Int

            package init(name: String, part: Int, whole: Int) {
                self.name = name
                self.part = part
                self.whole = whole
            }
        }

        package struct Line: Sendable, Codable, Hashable {
            package let name: String
            package let title: Wording
            package let unit: Wording
            /// `nil` where somebody must state it and did not yet.
            package let part: Int?
            package let whole: Int?
            /// Per cent; `nil` where none was set.
            package let goal: Int?
            package let places: [Place]

            package init(
                name: String, title: Wording, unit: Wording, part: Int?, whole: Int?, goal: Int?,
                places: [Place]
            ) {
                self.name = name
                self.title = title
                self.unit = unit
                self.part = part
                self.whole = whole
                self.goal = goal
                self.places = places
            }
        }

        package let programme: String
        package let year: Int
        /// Cells from 1 to below it are not shown.
        package let smallest: Int
        /// In the order of the programme's file.
        package let lines: [Line]
        package let by: String

        package init(programme: String, year: Int, smallest: Int, lines: [Line], by: String) {
            self.programme = programme
            self.year = year
            self.smallest = smallest
            self.lines = lines
            self.by = by
        }

        var summary: Wording {
            Wording(
                zh: "\(by) 公布 \(programme) \(year) 年指标",
                en: "\(by) published the indicators of \(programme), \(year)")
        }
    }
}
