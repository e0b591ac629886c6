/// A tree head in one line (锚点): for a letter to the finance bureau, and as a QR code on the paper.
/// `verify.py --anchor` takes it as it takes the tree head itself.
package struct PackAnchor {
    private static let names = ["origin", "period", "through", "size", "root-sha256", "time"]

    /// Names and values with blanks between; ASCII.
    package let line: String

    /// - Parameter head: the text of `ledger/tree-head.txt`.
    package init(head: String) {
        var values: [Substring: Substring] = [:]
        for line in head.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            if words.count == 2 { values[words[0]] = words[1] }
        }
        line = PackAnchor.names.compactMap { name in
            values[Substring(name)].map { "\(name) \($0)" }
        }.joined(separator: " ")
    }
}
