import Evidence
import LibXML
import Records

/// Reads receipts: the signature over the exact bytes first, the XML only then.
package struct ReceiptGrammar: Sendable {
    /// What became of the bytes.
    package enum Reading: Sendable {
        /// Came over a wire unsigned, wrongly signed, or by a key that is not known. Its content
        /// was not looked at.
        case forged
        /// Genuine, but no receipt of this profile.
        case malformed
        case receipt(Receipt)
    }

    private let endpoint: Endpoint
    private let names: AnswerTextNames?

    /// - Parameter names: what unknown texts are called; `nil` for a side that gives a code with
    ///   every refusal.
    package init(_ endpoint: Endpoint, _ names: AnswerTextNames? = nil) {
        self.endpoint = endpoint
        self.names = names
    }

    /// Never throws: whatever the bytes are, there is something to do with them.
    package func read(_ document: SignedDocument) -> Reading {
        guard endpoint.isCredible(document) else { return .forged }
        let root = document.bytes.withUnsafeBytes { try? XMLTree.parse($0) }
        guard let root, root.name == "Receipt", root.namespace == endpoint.namespace,
            let receipt = receipt(root, document.grade)
        else { return .malformed }
        return .receipt(receipt)
    }

    private func receipt(_ root: XMLTree.Element, _ grade: AnswerGrade?) -> Receipt? {
        guard let id = root.filled("id"), let submission = root.filled("submission"),
            let sender = root.filled("sender"), let digest = root.attribute("digest"),
            isDigest(digest),
            let status = root.attribute("status").flatMap(Receipt.Status.init(rawValue:))
        else { return nil }
        let code = root.filled("code") ?? (status == .refused ? meaning(of: root) : nil)
        var entries: [Receipt.Entry] = []
        entries.reserveCapacity(root.children.count)
        for child in root.children {
            guard child.name == "Entry", child.namespace == endpoint.namespace,
                let entry = entry(child)
            else { return nil }
            entries.append(entry)
        }
        // Only a processed document has entries, and only a refused one needs a code.
        guard status == .processed || entries.isEmpty, status != .refused || code != nil
        else { return nil }
        return Receipt(
            id: id, submission: SubmissionID(submission), sender: sender, digest: digest,
            status: status, code: code, entries: entries, grade: grade)
    }

    private func entry(_ element: XMLTree.Element) -> Receipt.Entry? {
        guard let record = element.filled("record"),
            let version = element.attribute("version").flatMap(number), version > 0,
            let status = element.attribute("status").flatMap(EntryStatus.init(rawValue:))
        else { return nil }
        let code = element.filled("code") ?? (status == .rejected ? meaning(of: element) : nil)
        guard status != .rejected || code != nil else { return nil }
        return Receipt.Entry(
            record: RecordID(record), version: version, status: status, code: code,
            serial: element.filled("serial"), field: element.filled("field"))
    }

    /// The code that a refusal's text stands for, where the profile says that texts do.
    private func meaning(of element: XMLTree.Element) -> String? {
        endpoint.texts?.code(of: element.text, named: names)
    }

    /// The texts of refusals in a genuine receipt by the names under which they are held.
    ///
    /// For a person at the terminal alone: a text may hold a name.
    package func refusalTexts(in document: SignedDocument) -> [String: String] {
        guard endpoint.hasSigned(document),
            let root = document.bytes.withUnsafeBytes({ try? XMLTree.parse($0) })
        else { return [:] }
        var texts: [String: String] = [:]
        for element in [root] + root.children where element.filled("code") == nil {
            let text = AnswerTexts.normal(element.text)
            guard !text.isEmpty else { continue }
            texts[AnswerTextNames.earlierName(of: text)] = text
            if let names { texts[names.name(of: text)] = text }
        }
        return texts
    }

    private func isDigest(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension XMLTree.Element {
    /// An attribute that is there and not empty.
    func filled(_ name: String) -> String? {
        guard let value = attribute(name), !value.isEmpty else { return nil }
        return value
    }
}

/// Digits only, at most nine: no sign, no blank.
func number(_ text: String) -> Int? {
    guard (1...9).contains(text.utf8.count),
        text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return Int(text)
}
