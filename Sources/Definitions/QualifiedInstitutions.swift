package import Records

/// The county's list of institutions with what each may do, and on which days (机构资格名单): a
/// designated or entrusted clinic of the preconception check, a laboratory for serum screening or
/// NIPT, a centre of prenatal diagnosis.
///
/// A CSV file in UTF-8 with the header `code,zh,en,service,valid_from,valid_to`; an institution
/// stands once for each service and span of days, both days inclusive, empty means without end.
///
/// A class, so that asking passes one reference.
package final class QualifiedInstitutions: Sendable {
    /// What an institution may do.
    package enum Service: String, Sendable, CaseIterable {
        /// Designated for the preconception check (定点).
        case designated
        /// Entrusted with checks by a station without a licence (受托).
        case entrusted
        /// Serum screening (血清学筛查).
        case serum
        /// Non-invasive screening (无创产前基因检测).
        case nipt
        /// Prenatal diagnosis (产前诊断).
        case diagnosis
    }

    private struct Span: Sendable {
        let service: Service
        let from: CalendarDate?
        let to: CalendarDate?

        func covers(_ day: CalendarDate) -> Bool {
            (from.map { $0 <= day } ?? true) && (to.map { day <= $0 } ?? true)
        }
    }

    /// Its rows, each as one text: what was judged by it.
    package let lines: [String]
    private let numbers: ByteTable
    private let spans: [[Span]]

    /// Parses the file's text; throws where a line is wrong, with its place.
    package init(text: String, shownAs file: String) throws(DefinitionError) {
        let table = try CodeTable(text: text, shownAs: file)
        try table.expect(header: ["code", "zh", "en", "service", "valid_from", "valid_to"])
        var numbers: [String: Int] = [:]
        var spans: [[Span]] = []
        for row in table.rows {
            guard let service = Service(rawValue: row.cells[3]) else {
                let known = Service.allCases.map(\.rawValue).joined(separator: ", ")
                throw table.error(
                    row, "service 只能是：\(known)。", "service must be one of: \(known).")
            }
            let from = try table.day(row, column: 4)
            let to = try table.day(row, column: 5)
            guard !row.cells[0].isEmpty else {
                throw table.error(row, "代码为空。", "The code is empty.")
            }
            if let from, let to, to < from {
                throw table.error(row, "失效日期早于生效日期。", "valid_to is before valid_from.")
            }
            let span = Span(service: service, from: from, to: to)
            if let number = numbers[row.cells[0]] {
                spans[number].append(span)
            } else {
                numbers[row.cells[0]] = spans.count
                spans.append([span])
            }
        }
        lines = table.rows.map { $0.cells.joined(separator: ",") }
        self.numbers = ByteTable(numbers.map { (key: Array($0.key.utf8), number: $0.value) })
        self.spans = spans
    }

    /// Whether an institution may do something on a day.
    ///
    /// - Parameter code: UTF-8, as the record has it.
    package func isQualified(
        _ code: UnsafeBufferPointer<UInt8>, for service: Service, on day: CalendarDate
    ) -> Bool {
        guard let number = numbers.number(of: code) else { return false }
        return spans[number].contains { $0.service == service && $0.covers(day) }
    }
}
