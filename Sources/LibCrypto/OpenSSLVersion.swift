import COpenSSL

/// The libcrypto that is loaded, which need not be the one the program was built with.
package enum OpenSSLVersion {
    /// Its own words, such as `OpenSSL 3.0.22 25 Aug 2026`.
    package static var text: String {
        OpenSSL_version(OPENSSL_VERSION).map { String(cString: $0) } ?? "OpenSSL"
    }

    /// The oldest whose SM2 signing keeps its key (CVE-2026-77696: its time tells of it).
    package static let oldestSound: (major: UInt32, minor: UInt32, patch: UInt32) = (3, 0, 22)

    /// Whether the loaded library may hold keys.
    package static var isSound: Bool {
        isAtLeast(oldestSound.major, oldestSound.minor, oldestSound.patch)
    }

    /// Whether the loaded library is of this version or a later one.
    package static func isAtLeast(_ major: UInt32, _ minor: UInt32, _ patch: UInt32) -> Bool {
        (OPENSSL_version_major(), OPENSSL_version_minor(), OPENSSL_version_patch())
            >= (major, minor, patch)
    }
}
