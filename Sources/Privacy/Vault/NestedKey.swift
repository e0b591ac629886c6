package import LibCrypto

/// A data key under two people's keys, one inside the other (嵌套封装): SM2(outer, SM2(inner,
/// key)).
/// Neither opens it alone; `openssl pkeyutl -decrypt` twice does, with both.
package struct NestedKey: Sendable {
    /// Fingerprints of the two public keys.
    package let outer: String
    package let inner: String
    /// DER {x, y, C3, C2} (GM/T 0009).
    package let wrapped: [UInt8]

    package init(outer: String, inner: String, wrapped: [UInt8]) {
        self.outer = outer
        self.inner = inner
        self.wrapped = wrapped
    }

    /// `outer/inner`, as a pair stands in what is signed.
    package static func pairName(_ outer: String, _ inner: String) -> String {
        outer + "/" + inner
    }

    /// Wraps a key for every pair that opens together. Throws `internal`.
    package static func all(
        of key: SecretBytes, for custody: Custody
    ) throws(CryptoFailure) -> [NestedKey] {
        var layers: [String: SecretBytes] = [:]
        var nested: [NestedKey] = []
        for (outer, inner) in custody.pairs {
            let layer: SecretBytes
            if let made = layers[inner.fingerprint] {
                layer = made
            } else {
                var bytes = try inner.wrapping.wrap(key)
                layer = try SecretBytes(consuming: &bytes)
                layers[inner.fingerprint] = layer
            }
            nested.append(
                NestedKey(
                    outer: outer.fingerprint, inner: inner.fingerprint,
                    wrapped: try outer.wrapping.wrap(layer)))
        }
        return nested
    }

    /// The inner layer, still closed to all but its person. Throws `authenticationFailed` for
    /// another key than the outer person's.
    package func withoutOuter(_ key: UnwrappingKey) throws(CryptoFailure) -> [UInt8] {
        try key.unwrap(wrapped).withUnsafeBytes { Array($0) }
    }
}
