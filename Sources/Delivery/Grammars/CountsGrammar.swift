import LibXML
package import Records

/// The national side's own numbers for one institution and month: cases in force.
package struct NationalCount: Sendable, Hashable {
    package let institution: String
    package let month: CalendarMonth
    package let accepted: Int
    package let rejected: Int
    package let duplicate: Int
}

/// Reads the counts document: the signature first, as with receipts.
package struct CountsGrammar: Sendable {
    private let endpoint: Endpoint

    package init(_ endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    /// `nil` for what is not genuine, no counts document of this profile, or the answer to another
    /// question: counts of another county or year may fit by chance.
    package func read(
        _ document: SignedDocument, answering query: CountsQuery
    ) -> [NationalCount]? {
        guard endpoint.hasSigned(document) else { return nil }
        let root = document.bytes.withUnsafeBytes { try? XMLTree.parse($0) }
        guard let root, root.name == "Counts", root.namespace == endpoint.namespace,
            root.attribute("programme") == query.programme,
            root.attribute("region") == query.region,
            isMonth(root.attribute("from"), query.from, first: true),
            isMonth(root.attribute("to"), query.to, first: false),
            root.attribute("sender").map({ $0 == endpoint.sender }) ?? true
        else { return nil }
        var counts: [NationalCount] = []
        for child in root.children {
            guard child.name == "Count", child.namespace == endpoint.namespace,
                let institution = child.filled("institution"),
                let month = child.attribute("month").flatMap(CalendarMonth.init(iso:)),
                let accepted = child.attribute("accepted").flatMap(number),
                let rejected = child.attribute("rejected").flatMap(number),
                let duplicate = child.attribute("duplicate").flatMap(number)
            else { return nil }
            counts.append(
                NationalCount(
                    institution: institution, month: month, accepted: accepted,
                    rejected: rejected, duplicate: duplicate))
        }
        return counts
    }

    /// A bound as a month, or as the month's first or last day: `from` and `to` are inclusive.
    private func isMonth(_ text: String?, _ month: CalendarMonth, first: Bool) -> Bool {
        guard let text else { return false }
        if CalendarMonth(iso: text) == month { return true }
        guard let day = CalendarDate(iso: text), day.month == month else { return false }
        return first ? day.parts.day == 1 : day.adding(days: 1).month != month
    }
}
