import LibXML
import Testing

/// Runs a throwing use of bytes and gives the reason of its refusal, or nil.
func refusal(
    of document: [UInt8], _ use: (UnsafeRawBufferPointer) throws(XMLFailure) -> Void
) -> XMLFailure.Reason? {
    do throws(XMLFailure) {
        try document.span.withUnsafeBytes(use)
        return nil
    } catch {
        return error.reason
    }
}

/// The reason why a document is not parsed, or nil.
func parsingRefusal(
    _ document: [UInt8], limits: DocumentLimits = DocumentLimits()
) -> XMLFailure.Reason? {
    refusal(of: document) { (bytes) throws(XMLFailure) in
        _ = try XMLTree.parse(bytes, limits: limits)
    }
}

func parsingRefusal(_ text: String) -> XMLFailure.Reason? {
    parsingRefusal(Array(text.utf8))
}

/// A parsed document's root.
func parsed(
    _ document: [UInt8], limits: DocumentLimits = DocumentLimits()
) throws -> XMLTree.Element {
    try document.withUnsafeBytes { try XMLTree.parse($0, limits: limits) }
}

/// The reason why a document is not valid, or nil.
func validationRefusal(_ text: String, _ validator: SchemaValidator) -> XMLFailure.Reason? {
    refusal(of: Array(text.utf8)) { (bytes) throws(XMLFailure) in try validator.validate(bytes) }
}

/// The violations of a document, empty if it is refused for another reason or not at all.
func violations(_ text: String, _ validator: SchemaValidator) -> [SchemaViolation] {
    if case .schemaInvalid(let violations)? = validationRefusal(text, validator) {
        return violations
    }
    return []
}
