import COpenSSL

/// The libcrypto that is loaded, which need not be the one the program was built with.
package enum OpenSSLVersion {
    /// Its own words, such as `OpenSSL 3.0.22 25 Aug 2026`.
    package static var text: String {
        OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
    }

    /// Whether the loaded library is of this version or a later one.
    package static func isAtLeast(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) -> Bool {
        (OPENSSL_version_major(), OPENSSL_version_minor(), OPENSSL_version_patch())
            >= (major, minor, patch)
    }
}
