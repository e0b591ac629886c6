import LibCrypto
import LibZlib

/// A submission as it was posted: its exact bytes, unpacked, and what the headers say of them.
struct PostedDocument: Sendable {
    /// `Idempotency-Key`, which must be `Submission@id`.
    let id: String
    let xml: [UInt8]
    /// SHA-256 of `xml`, 64 lower-case hex digits.
    let digest: String
    /// DER.
    let signature: [UInt8]
    let signatureKey: String

    /// EXCHANGE 1: at most 20 MB before compression.
    static let largestByteCount = 20_000_000

    /// Checks the headers and the digest over the bytes on the wire, and unpacks.
    ///
    /// Throws `NotTaken`: 400 for a header or digest that is wrong, 413 for too many bytes.
    init(_ request: ExchangeRequest) throws(NotTaken) {
        guard request.body.count <= Self.largestByteCount else { throw Self.tooLarge }
        let type = request.header("Content-Type")?.split(separator: ";").first
        guard type?.trimmed.lowercased() == "application/xml" else {
            throw Self.wrong("Content-Type")
        }
        guard let id = request.header("Idempotency-Key"), Self.isIdentifier(id) else {
            throw Self.wrong("Idempotency-Key")
        }
        guard let signature = request.header("Signature"),
            let signature = try? Base64.standard.decode(signature), !signature.isEmpty
        else { throw Self.wrong("Signature") }
        guard let key = request.header("Signature-Key"), !key.isEmpty else {
            throw Self.wrong("Signature-Key")
        }
        guard Self.stated(request.header("Content-Digest")) == Hash.sha256.digest(request.body)
        else { throw Self.wrong("Content-Digest") }
        self.id = id
        self.signature = signature
        signatureKey = key
        xml = try Self.unpacked(request)
        digest = Hex.encode(Hash.sha256.digest(xml))
    }

    private static func unpacked(_ request: ExchangeRequest) throws(NotTaken) -> [UInt8] {
        guard request.hasHeader("Content-Encoding") else { return request.body }
        guard request.header("Content-Encoding")?.lowercased() == "gzip" else {
            throw wrong("Content-Encoding")
        }
        do throws(GzipFailure) {
            return try Gzip.decompress(request.body, limit: largestByteCount)
        } catch {
            throw error == .tooLarge ? tooLarge : wrong("Content-Encoding")
        }
    }

    /// The SHA-256 in a `Content-Digest` field (RFC 9530), among others perhaps.
    private static func stated(_ field: String?) -> [UInt8]? {
        let prefix = "sha-256=:"
        for member in field?.split(separator: ",") ?? [] {
            let member = member.trimmed
            guard member.hasPrefix(prefix), member.hasSuffix(":"), member.count > prefix.count
            else { continue }
            return try? Base64.standard.decode(String(member.dropFirst(prefix.count).dropLast()))
        }
        return nil
    }

    /// A UUID in lower case.
    static func isIdentifier(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.joined().utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }

    private static func wrong(_ header: String) -> NotTaken {
        NotTaken(400, "请求头 \(header) 缺失或有误", "the header \(header) is missing or wrong")
    }

    static let tooLarge = NotTaken(
        413, "报文过大或记录过多，请拆分", "too many bytes or records: split into new submissions")
}

extension Substring {
    /// Without blanks at either end.
    fileprivate var trimmed: Substring {
        var rest = drop { $0 == " " }
        while rest.last == " " { rest.removeLast() }
        return rest
    }
}
