import COpenSSL

/// The name-and-value list with which OpenSSL 3 is told about digests, keys and salts.
///
/// Entries only point at their values: names are literals, and byte buffers must outlive the
/// call that is given the list.
struct ParameterList {
    private var entries: [OSSL_PARAM] = []

    /// Adds a text value, such as the name of a digest.
    mutating func add(_ name: StaticString, text value: StaticString) {
        // OpenSSL declares the value mutable for results; for a setting it only reads it.
        let characters = UnsafeMutablePointer(mutating: Self.characters(value))
        entries.append(
            OSSL_PARAM_construct_utf8_string(Self.characters(name), characters, 0))
    }

    /// Adds a byte value, such as a key or a salt.
    mutating func add(_ name: StaticString, bytes: UnsafeRawBufferPointer) {
        let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        entries.append(
            OSSL_PARAM_construct_octet_string(Self.characters(name), start, bytes.count))
    }

    /// The list with its end mark.
    var ended: [OSSL_PARAM] {
        entries + [OSSL_PARAM_construct_end()]
    }

    /// A literal ends with a zero and lasts as long as the process.
    private static func characters(_ text: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
    }
}
