package import Records

/// Where a case is counted: its institution and the month of its service day.
///
/// Rows whose institution or day could not be read are all counted in one unknown cell.
package struct PeriodCell: Hashable, Comparable, Sendable {
    /// The institution's code; `nil` in the unknown cell.
    package let institution: String?
    /// The month of the service day; `nil` in the unknown cell.
    package let month: CalendarMonth?

    /// The cell of a row, or the unknown one where either part is missing.
    package init(institution: String?, month: CalendarMonth?) {
        let isKnown = institution != nil && month != nil
        self.institution = isKnown ? institution : nil
        self.month = isKnown ? month : nil
    }

    /// The cell of what could not be read.
    package static let unknown = PeriodCell(institution: nil, month: nil)

    /// By institution, then month; the unknown cell last.
    package static func < (left: PeriodCell, right: PeriodCell) -> Bool {
        guard let leftInstitution = left.institution, let leftMonth = left.month else {
            return false
        }
        guard let rightInstitution = right.institution, let rightMonth = right.month else {
            return true
        }
        return (leftInstitution, leftMonth) < (rightInstitution, rightMonth)
    }
}
