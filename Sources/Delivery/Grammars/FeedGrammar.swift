import LibCrypto
import LibXML

/// Reads a page of the feed. The page itself is unsigned; what is in it is signed one by one.
package struct FeedGrammar: Sendable {
    private let namespace: String

    package init(namespace: String) {
        self.namespace = namespace
    }

    /// `nil` for what is no page of this profile. An item whose signature cannot be read is still
    /// handed over, since its bytes are evidence.
    package func read(_ bytes: [UInt8]) -> FeedPage? {
        let root = bytes.withUnsafeBytes { try? XMLTree.parse($0) }
        guard let root, root.name == "Receipts", root.namespace == namespace,
            let next = root.filled("next")
        else { return nil }
        var items: [SignedDocument] = []
        for child in root.children {
            guard child.name == "Item", child.namespace == namespace,
                let document = try? Base64.standard.decode(
                    child.text.utf8.filter { !FeedGrammar.isBlank($0) })
            else { return nil }
            let signature = child.attribute("signature").flatMap {
                try? Base64.standard.decode($0)
            }
            items.append(
                SignedDocument(bytes: document, signature: signature, key: child.filled("key")))
        }
        return FeedPage(next: next, items: items)
    }

    /// What may stand between the characters of an `xs:base64Binary`: line ends, say.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
