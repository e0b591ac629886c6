/// Why a document or a schema was not taken.
///
/// It never holds text or attribute values of the document: names of elements and attributes, and
/// line numbers, are all that it says.
package struct XMLFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds of refusal.
    package enum Reason: Sendable, Equatable {
        /// More bytes than the limit allows, or more than libxml2 can count.
        case tooLarge
        /// A document type declaration, or any other `<!…>` that is no comment and no CDATA
        /// section.
        case doctypeRefused
        /// Not UTF-8 without a mark (or GB18030, where that is allowed), or not what it says it is.
        case wrongEncoding
        /// Elements nested deeper than the limit.
        case tooDeep
        /// A tag with more attributes or more bytes than the limits.
        case attributeBomb
        /// Not well-formed XML 1.0 with namespaces; the line counts from 1.
        case malformed(line: Int)
        /// Well-formed, but not what the schema says: the first violations, in order.
        case schemaInvalid([SchemaViolation])
        /// The schema itself cannot be compiled, or asks for a file it was not given.
        case schemaBroken
        /// Text to be written holds a character that XML 1.0 does not allow, or is not UTF-8.
        case forbiddenCharacter
        /// libxml2 gave up (memory, or a pattern that it could not decide): never taken as valid.
        case internalFault
    }

    /// What kind of refusal it is.
    package let reason: Reason

    init(_ reason: Reason) {
        self.reason = reason
    }

    /// One line for a log or a person, without any value of the document.
    package var description: String {
        switch reason {
        case .tooLarge: "the document is too large"
        case .doctypeRefused: "the document has a document type declaration"
        case .wrongEncoding: "the document's encoding is not accepted"
        case .tooDeep: "the document's elements are nested too deep"
        case .attributeBomb: "a tag of the document is too large"
        case .malformed(let line): "the document is not well-formed at line \(line)"
        case .schemaInvalid(let violations):
            "the document breaks its schema: "
                + violations.map(\.description).joined(separator: "; ")
        case .schemaBroken: "the schema cannot be used"
        case .forbiddenCharacter: "the text has a character that XML does not allow"
        case .internalFault: "the XML library could not decide"
        }
    }
}
