import COpenSSL

/// The key under which data keys are wrapped for the national side, as it was given (收件证书): an
/// X.509 certificate (RFC 5280) of an SM2 or RSA key, or a bare public key, which has no end.
///
/// Reading it shows that it is whole. That it is theirs is for a person, who compares its
/// fingerprint, or for the authority that issued it.
package struct RecipientCertificate: Sendable {
    /// Why a file holds no such key.
    package enum Fault: Error, Sendable, Hashable {
        /// Neither a certificate (PEM, DER) nor a public key (PEM).
        case malformed
        /// Another kind of key than SM2, or RSA of 3072 bits and more: what it is, e.g. `RSA 2048`.
        case kind(String)
        /// A private key is in the file: it has leaked.
        case privateKey
        /// A bare public key beside a certificate of another key.
        case mixed
        /// An authority's certificate comes first, and the recipient's behind it.
        case order
        /// The certificate is for other work, such as signing.
        case usage
        /// It is signed by its own key, and the signature does not fit: it was changed or forged.
        case signature
        /// No authority that was named issued it: what OpenSSL says.
        case issuer(String)
    }

    /// The whole subject as RFC 2253 writes it, without marks that change how text is shown; `nil`
    /// for a bare key.
    package let subject: String?
    /// The days of its validity in Unix seconds; `nil` for a bare key.
    package let validity: ClosedRange<Int64>?
    /// `SM2`, or `RSA` with its bits.
    package let kind: String
    /// SHA-256 of the certificate's DER, or of the bare key's: 64 lower-case hex digits.
    package let fingerprint: String
    package let key: WrappingKey
    /// The certificate with those that came with it, or the bare key; PEM.
    package let pem: String

    /// Reads a file and looks at what can be told without anybody: that it is whole, of a key that
    /// wraps, and for no other work.
    package init(_ bytes: [UInt8]) throws(Fault) {
        defer { ERR_clear_error() }
        let text = String(validating: bytes, as: UTF8.self) ?? ""
        guard !text.contains("PRIVATE KEY-----") else { throw .privateKey }
        let chain = RecipientCertificate.certificates(in: bytes, text)
        let bare =
            text.contains("-----BEGIN PUBLIC KEY-----")
            ? try RecipientCertificate(bareKey: text) : nil
        if let bare, !text.contains("CERTIFICATE-----") {
            self = bare
            return
        }
        guard let certificate = chain.first,
            let read = try? Certificate(der: certificate.der())
        else { throw .malformed }
        guard read.notBefore <= read.notAfter else { throw .malformed }
        subject = RecipientCertificate.plain(read.subject)
        fingerprint = read.fingerprint
        validity = read.notBefore...read.notAfter
        guard !certificate.isAuthority || chain.allSatisfy(\.isAuthority) else { throw .order }
        (key, kind) = try RecipientCertificate.key(of: certificate)
        // `openssl x509 -pubkey` writes the key before the certificate: it must be the same.
        if let bare {
            guard (try? bare.key.fingerprint()) == (try? key.fingerprint()) else { throw .mixed }
        }
        let uses = UInt32(KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)
        // All bits where the certificate says nothing of it.
        guard X509_get_key_usage(certificate.pointer) & uses != 0 else { throw .usage }
        guard certificate.isSignedBySomebodyElse || certificate.holdsByItself else {
            throw .signature
        }
        do throws(CryptoFailure) {
            var all = ""
            for each in chain { all += try each.pem() }
            pem = all
        } catch { throw .malformed }
    }

    private init(bareKey text: String) throws(Fault) {
        do throws(CryptoFailure) {
            key = try WrappingKey(pem: text)
            fingerprint = try key.fingerprint()
            pem = try key.pem()
        } catch {
            throw error.reason == .badKey ? .kind("?") : .malformed
        }
        kind = key.suite == .gm ? "SM2" : "RSA"
        subject = nil
        validity = nil
    }

    /// Refuses a certificate that none of the authorities issued, by way of those that came with
    /// it. A bare key has no issuer. Throws `issuer`.
    ///
    /// - Parameters:
    ///   - authorities: certificates that are trusted, PEM, one after the other.
    ///   - seconds: when it must hold, in Unix seconds.
    package func demandIssuer(among authorities: String, at seconds: Int64) throws(Fault) {
        defer { ERR_clear_error() }
        let chain = RecipientCertificate.certificates(in: Array(pem.utf8), pem)
        let roots = RecipientCertificate.certificates(
            in: Array(authorities.utf8), authorities)
        guard let leaf = chain.first, !roots.isEmpty else { throw .issuer("no certificate") }
        var said = "internal"
        for isNamed in [true, false] {
            for each in chain + roots { each.setIdentity(isNamed) }
            let code = X509Handle.verification(
                of: leaf, by: Array(chain.dropFirst()), roots, at: seconds)
            if code == Int(X509_V_OK) { return }
            said = String(cString: X509_verify_cert_error_string(code))
        }
        throw .issuer(said)
    }

    /// The text with marks that steer how it is shown written out: a subject that turns its own
    /// letters round is not what a person compares.
    private static func plain(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                shown.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }

    /// The certificates of a file: of PEM all, of DER the one.
    private static func certificates(in bytes: [UInt8], _ text: String) -> [X509Handle] {
        guard text.contains("-----BEGIN") else {
            return X509Handle(der: bytes).map { [$0] } ?? []
        }
        let mark = "-----BEGIN CERTIFICATE-----"
        var found: [X509Handle] = []
        var rest = text[...]
        while let start = rest.firstRange(of: mark) {
            guard let read = try? X509Handle(pem: String(rest[start.lowerBound...])) else { break }
            found.append(read)
            rest = rest[start.upperBound...]
        }
        return found
    }

    private static func key(of certificate: X509Handle) throws(Fault) -> (WrappingKey, String) {
        guard let held = X509_get0_pubkey(certificate.pointer) else { throw .kind("?") }
        let name = EVP_PKEY_get0_type_name(held).map { String(cString: $0) } ?? "?"
        let kind = name == "SM2" ? name : "\(name) \(EVP_PKEY_get_bits(held))"
        do throws(CryptoFailure) {
            let pem = try MemoryFile.writing("public key") { PEM_write_bio_PUBKEY($0, held) }
            return (try WrappingKey(pem: String(decoding: pem, as: UTF8.self)), kind)
        } catch { throw .kind(kind) }
    }
}

extension X509Handle {
    /// Whether its issuer bears another name than its subject.
    fileprivate var isSignedBySomebodyElse: Bool {
        X509_NAME_cmp(X509_get_subject_name(pointer), X509_get_issuer_name(pointer)) != 0
    }

    /// Whether it says that it issues others.
    fileprivate var isAuthority: Bool { X509_check_ca(pointer) == 1 }

    /// Whether it is signed by its own key.
    fileprivate var holdsByItself: Bool {
        for isNamed in [true, false] {
            setIdentity(isNamed)
            if X509_verify(pointer, X509_get0_pubkey(pointer)) == 1 { return true }
        }
        return false
    }

    /// Whether the signer of an SM2 signature had the name that is his where nothing else was
    /// agreed (GB/T 35276), or none: both are met with.
    fileprivate func setIdentity(_ isNamed: Bool) {
        let name = "1234567812345678"
        guard isNamed, let text = ASN1_OCTET_STRING_new() else {
            return X509_set0_distinguishing_id(pointer, nil)
        }
        ASN1_OCTET_STRING_set(text, name, Int32(name.utf8.count))
        // The certificate owns it from here on.
        X509_set0_distinguishing_id(pointer, text)
    }

    /// What OpenSSL says of a chain: `X509_V_OK`, or why not.
    fileprivate static func verification(
        of leaf: X509Handle, by between: [X509Handle], _ roots: [X509Handle], at seconds: Int64
    ) -> Int {
        guard let store = X509_STORE_new(), let context = X509_STORE_CTX_new(),
            let others = OPENSSL_sk_new_null()
        else { return Int(X509_V_ERR_OUT_OF_MEM) }
        defer {
            OPENSSL_sk_free(others)
            X509_STORE_CTX_free(context)
            X509_STORE_free(store)
        }
        for root in roots { X509_STORE_add_cert(store, root.pointer) }
        for each in between { OPENSSL_sk_push(others, UnsafeRawPointer(each.pointer)) }
        guard X509_STORE_CTX_init(context, store, leaf.pointer, others) == 1 else {
            return Int(X509_V_ERR_OUT_OF_MEM)
        }
        let parameters = X509_STORE_CTX_get0_param(context)
        X509_VERIFY_PARAM_set_time(parameters, Int(seconds))
        // An authority below a root may be the one that is named.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        // Nothing signed over SHA-1, no key below 112 bits.
        X509_VERIFY_PARAM_set_auth_level(parameters, 2)
        if X509_verify_cert(context) == 1 { return Int(X509_V_OK) }
        return Int(X509_STORE_CTX_get_error(context))
    }
}
