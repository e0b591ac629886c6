package import LibCrypto

/// Makes the pseudonyms (假名) of one domain: keyed, 160 bits, 32 characters of base32 in lower case.
///
/// PRIVACY 3.3: `HMAC(K, "GWP1" 00 suite 00 domain 00 idtype 00 id)` with `K = HKDF(root, salt
/// "GWP1|suite", info "pid|domain|epoch")`. One a thread; there is no call that gives a person the
/// pseudonym of a number.
package final class PseudonymDomain {
    /// The characters of a pseudonym.
    package static let characterCount = 32
    private let key: KeyedDigest
    /// The fixed part of what is digested, then the identifier in hand.
    private var message: [UInt8]
    private let prefixCount: Int

    /// What kind of text a pseudonym is made of.
    package enum Source: Hashable, Sendable {
        /// A citizen ID number in its normal form of 18 characters.
        case residentID
        /// The number of another document, by its code in CV02.01.101: documents of two kinds may
        /// bear the same number and are two persons.
        case document(code: String)
        /// A link pseudonym: what leaves is made of it, never of the number itself.
        case linkPseudonym

        /// `idtype` of PRIVACY 3.3.
        var idType: String {
            switch self {
            case .residentID: "RID18"
            case .document(code: "06"): "HKMP"
            case .document(code: "07"): "TWP"
            case .document(code: "03"): "PASSPORT-XXX"
            case .document(let code): "DOC-" + code
            case .linkPseudonym: "LPID"
            }
        }
    }

    package init(
        suite: CipherSuite, root: SecretBytes, domain: String, epoch: Int, source: Source
    ) throws(CryptoFailure) {
        key = try KeyedDigest(
            suite: suite,
            key: KeyDerivation.hkdf(
                suite: suite, key: root, salt: Array("GWP1|\(suite.rawValue)".utf8),
                info: Array("pid|\(domain)|\(epoch)".utf8), count: 32))
        message = Array("GWP1\0\(suite.rawValue)\0\(domain)\0\(source.idType)\0".utf8)
        prefixCount = message.count
    }

    /// The pseudonym of an identifier in its normal form: 32 ASCII bytes.
    package func pseudonym(of identifier: some Collection<UInt8>) throws(CryptoFailure) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(PseudonymDomain.characterCount)
        message.removeSubrange(prefixCount...)
        message.append(contentsOf: identifier)
        PseudonymDomain.appendBase32(try key.digest(message)[0..<20], to: &text)
        return text
    }

    /// RFC 4648 base32 in lower case; the count of bytes is a multiple of five, so none is padded.
    private static func appendBase32(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        let alphabet: StaticString = "abcdefghijklmnopqrstuvwxyz234567"
        var pending: UInt32 = 0
        var bits = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet.utf8Start[Int(pending >> UInt32(bits) & 31)])
            }
        }
    }
}
