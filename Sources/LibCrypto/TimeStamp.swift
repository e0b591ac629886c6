import COpenSSL
import Glibc

/// A question to a time-stamping authority (时间戳, RFC 3161): the SHA-256 of some bytes and a random
/// number, and nothing else of them.
package final class TimeStampQuery {
    private let pointer: OpaquePointer
    /// What is posted as `application/timestamp-query`, DER.
    package let bytes: [UInt8]

    /// Asks for a stamp over `document`, with the authority's certificate in it. Throws `internal`.
    package init(over document: [UInt8]) throws(CryptoFailure) {
        guard let pointer = TS_REQ_new() else { throw .openSSL(.internal, "time stamp") }
        self.pointer = pointer
        var digest = Hash.sha256.digest(document)
        var random = [UInt8](repeating: 0, count: 8)
        let isDrawn = RAND_bytes(&random, Int32(random.count)) == 1
        random[0] = random[0] & 0x3F | 0x40
        let number = BN_bin2bn(random, Int32(random.count), nil)
        defer { BN_free(number) }
        let nonce = BN_to_ASN1_INTEGER(number, nil)
        defer { ASN1_INTEGER_free(nonce) }
        let imprint = TS_MSG_IMPRINT_new()
        defer { TS_MSG_IMPRINT_free(imprint) }
        let algorithm = X509_ALGOR_new()
        defer { X509_ALGOR_free(algorithm) }
        guard isDrawn, let nonce, let imprint, let algorithm,
            X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
            TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1,
            TS_MSG_IMPRINT_set_msg(imprint, &digest, Int32(digest.count)) == 1,
            TS_REQ_set_version(pointer, 1) == 1,
            TS_REQ_set_msg_imprint(pointer, imprint) == 1,
            TS_REQ_set_nonce(pointer, nonce) == 1, TS_REQ_set_cert_req(pointer, 1) == 1
        else {
            TS_REQ_free(pointer)
            throw .openSSL(.internal, "time stamp")
        }
        bytes = try MemoryFile.writing("time stamp") { i2d_TS_REQ_bio($0, pointer) }
    }

    deinit {
        TS_REQ_free(pointer)
    }

    /// The time that an answer states, once it is shown to be one to this question: granted,
    /// signed by an authority under one of the roots, over the same digest and number.
    ///
    /// - Parameters:
    ///   - reply: DER, as the authority sent it.
    ///   - roots: certificates that are trusted, PEM.
    /// - Returns: Unix seconds. Throws `malformed` for what is no answer, `badSignature` where it
    ///   does not hold.
    package func time(in reply: [UInt8], roots: [String]) throws(CryptoFailure) -> Int64 {
        var next: UnsafePointer<UInt8>?
        let response = reply.withUnsafeBufferPointer { bytes in
            next = bytes.baseAddress
            return d2i_TS_RESP(nil, &next, bytes.count)
        }
        guard let response else { throw .openSSL(.malformed, "time stamp") }
        defer { TS_RESP_free(response) }
        guard let store = X509_STORE_new() else { throw .openSSL(.internal, "time stamp") }
        var isOwned = true
        defer { if isOwned { X509_STORE_free(store) } }
        for root in roots {
            let certificate = try X509Handle(pem: root)
            guard X509_STORE_add_cert(store, certificate.pointer) == 1 else {
                throw .openSSL(.internal, "time stamp")
            }
        }
        guard let context = TS_REQ_to_TS_VERIFY_CTX(pointer, nil) else {
            throw .openSSL(.internal, "time stamp")
        }
        // The context owns the store from here on.
        TS_VERIFY_CTX_set_store(context, store)
        isOwned = false
        TS_VERIFY_CTX_add_flags(context, Int32(TS_VFY_SIGNATURE))
        defer { TS_VERIFY_CTX_free(context) }
        guard TS_RESP_verify_response(context, response) == 1 else {
            throw .openSSL(.badSignature, "time stamp")
        }
        var parts = tm()
        guard
            ASN1_TIME_to_tm(
                TS_TST_INFO_get_time(TS_RESP_get_tst_info(response)), &parts) == 1
        else { throw .openSSL(.malformed, "time stamp") }
        return Int64(timegm(&parts))
    }
}
