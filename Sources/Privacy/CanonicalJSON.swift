import Foundation

/// The one JSON text of a value: keys sorted, no white space, UTF-8 left as it is.
///
/// What is signed or carries a keyed digest is written once in this form. Keys are ASCII.
func canonicalJSON(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(value) else {
        preconditionFailure("a value of whole numbers and texts has no JSON form")
    }
    return Array(text)
}

/// The value, if `bytes` are exactly its one JSON text.
func value<Value: Codable>(ofCanonical bytes: [UInt8], as type: Value.Type) -> Value? {
    guard let value = try? JSONDecoder().decode(type, from: Data(bytes)),
        canonicalJSON(value) == bytes
    else { return nil }
    return value
}
