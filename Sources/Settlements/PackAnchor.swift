/// A tree head in one line (锚点): for a letter to the finance bureau, and as a QR code on the paper.
/// `verify.py --anchor` takes it as it takes the tree head itself.
package struct PackAnchor {
    private static let names = ["origin", "period", "through", "size", "root-sha256", "time"]

    /// Names and values with blanks between; ASCII.
    package let line: String

    /// - Parameter head: the text of `ledger/tree-head.txt`.
    package init(head: String) {
        let head = TreeHead(head)
        line = PackAnchor.names.compactMap { name in head[name].map { "\(name) \($0)" } }
            .joined(separator: " ")
    }
}

/// `ledger/tree-head.txt` of a pack: a name and its value on each line.
package struct TreeHead {
    private var values: [Substring: Substring] = [:]

    package init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            if words.count == 2 { values[words[0]] = words[1] }
        }
    }

    package subscript(name: String) -> String? { values[Substring(name)].map(String.init) }
}
