package import Records

/// The national side's own count of one institution and month (EXCHANGE 4, `Count`).
package struct NationalCounts: Sendable, Codable, Hashable {
    package let institution: String
    package let month: CalendarMonth
    /// Cases in force, by the month of the service day.
    package let accepted: Int
    package let rejected: Int
    package let duplicate: Int

    package init(
        institution: String, month: CalendarMonth, accepted: Int, rejected: Int, duplicate: Int
    ) {
        self.institution = institution
        self.month = month
        self.accepted = accepted
        self.rejected = rejected
        self.duplicate = duplicate
    }
}

/// Compares our cases in force with the national counts (对账).
package enum Reconciliation {
    /// What differs, by institution and month. Equal counts give nothing.
    ///
    /// - Parameters:
    ///   - lines: our balance; accepted are the cases in force. The unknown cell holds none.
    ///   - national: the national counts of the same months; a cell that is absent counts 0.
    package static func discrepancies(
        _ lines: [Balance.Line], national: [NationalCounts]
    ) -> [Discrepancy] {
        var counts: [PeriodCell: (local: Int, national: Int)] = [:]
        for line in lines where line.accepted > 0 {
            let cell = PeriodCell(institution: line.institution, month: line.month)
            counts[cell, default: (0, 0)].local += line.accepted
        }
        for count in national where count.accepted > 0 {
            let cell = PeriodCell(institution: count.institution, month: count.month)
            counts[cell, default: (0, 0)].national += count.accepted
        }
        return counts.sorted { $0.key < $1.key }.compactMap { cell, count in
            guard count.local != count.national, let institution = cell.institution,
                let month = cell.month
            else { return nil }
            return Discrepancy(
                institution: institution, month: month, local: count.local,
                national: count.national)
        }
    }
}
