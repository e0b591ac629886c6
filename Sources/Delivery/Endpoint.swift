import Evidence
package import LibCrypto

/// The national side of one profile, as far as delivery must know it.
package struct Endpoint: Sendable {
    /// The profile's name: the key of its lane, its feed and its submissions.
    package let name: String
    /// Our social credit code, as receipts address us.
    package let sender: String
    /// The XML namespace of receipts, feeds and counts.
    package let namespace: String
    /// The other side's public keys by their ids. The suite is the key's own.
    package let keys: [String: VerifyingKey]
    package let codes: AcknowledgementCodes
    /// What its free texts mean; `nil` for a side that gives a code with every refusal.
    package let texts: AnswerTexts?

    package init(
        name: String, sender: String, namespace: String, keys: [String: VerifyingKey],
        codes: AcknowledgementCodes, texts: AnswerTexts? = nil
    ) {
        self.name = name
        self.sender = sender
        self.namespace = namespace
        self.keys = keys
        self.codes = codes
        self.texts = texts
    }

    /// Whether the document bears a signature over exactly its bytes by a key that we know.
    package func hasSigned(_ document: SignedDocument) -> Bool {
        guard let signature = document.signature, let key = document.key,
            let verifying = keys[key]
        else { return false }
        return verifying.verify(signature: signature, over: document.bytes)
    }

    /// Whether what a document says counts: one that a person's list was made into, or one with a
    /// good signature.
    func isCredible(_ document: SignedDocument) -> Bool {
        document.grade == .unsigned || hasSigned(document)
    }

    /// Whether a document counts, or may once a key is known: one that bears no signature, or a bad
    /// one by a key that we know, will not, with this signature.
    func mayBelieve(_ document: SignedDocument) -> Bool {
        if isCredible(document) { return true }
        guard document.signature != nil, let key = document.key else { return false }
        return keys[key] == nil
    }
}
