internal import CLibCurl
internal import Glibc

/// What libcurl tells while one request runs.
final class Transfer {
    /// Whether libcurl was about to write the request. Before that, nothing of it has left; after
    /// it, something may have, even if libcurl then tries a second connection in vain.
    private(set) var hasBegun = false
    private var isWrittenOnce = false
    /// Whether a connection was refused because of its address.
    var refusedAddress = false
    /// Whether the answer was cut off because of its size.
    var isTooLarge = false
    /// What the other side's TLS said against our certificate.
    private(set) var certificateAlert: CertificateAlert?
    private(set) var headerBytes: [UInt8] = []
    private(set) var body: [UInt8] = []
    private var headIsWhole = false
    let bodyLimit: Int
    let allowsLocalAddresses: Bool

    /// Much more than any answer of the exchange has.
    static let headLimit = 65_536

    init(bodyLimit: Int, allowsLocalAddresses: Bool) {
        self.bodyLimit = bodyLimit
        self.allowsLocalAddresses = allowsLocalAddresses
    }

    /// - Parameter isWrittenOnce: whether libcurl may not write the request a second time.
    func begin(isWrittenOnce: Bool = false) {
        self.isWrittenOnce = isWrittenOnce
        hasBegun = false
        refusedAddress = false
        isTooLarge = false
        certificateAlert = nil
        headIsWhole = false
        headerBytes = []
        body = []
    }

    /// libcurl is about to write the request; whether it may.
    private func mayWrite() -> Bool {
        guard !(hasBegun && isWrittenOnce) else { return false }
        hasBegun = true
        return true
    }

    /// Takes a TLS message, without its record's head.
    func take(tlsMessage bytes: UnsafeRawBufferPointer) {
        certificateAlert = CertificateAlert(message: bytes) ?? certificateAlert
    }

    /// Takes a piece of the body.
    func take(body bytes: UnsafeRawBufferPointer) -> Int {
        guard body.count + bytes.count <= bodyLimit else {
            isTooLarge = true
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// Takes one line of the head. The heads of interim answers (1xx) are dropped, and so are lines
    /// behind the body.
    func take(headerLine bytes: UnsafeRawBufferPointer) -> Int {
        if headIsWhole {
            guard body.isEmpty, bytes.starts(with: "HTTP/".utf8) else { return bytes.count }
            headerBytes = []
            headIsWhole = false
        }
        guard headerBytes.count + bytes.count <= Self.headLimit else {
            isTooLarge = true
            return 0
        }
        headerBytes.append(contentsOf: bytes)
        headIsWhole = bytes.allSatisfy { $0 == 0x0D || $0 == 0x0A }
        return bytes.count
    }

    /// The fields of the head, without the status line.
    func headers() -> [HTTPSHeader] {
        headerBytes.split(separator: 0x0A).dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            return HTTPSHeader(
                Self.trimmed(line[..<colon]), Self.trimmed(line[line.index(after: colon)...]))
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        let rest = bytes.drop(while: isBlank)
        let end = rest.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? rest.startIndex
        return String(decoding: rest[..<end], as: UTF8.self)
    }

    // MARK: What libcurl calls

    /// Makes the handle tell this object. It must live as long as the handle.
    func listen(to handle: UnsafeMutableRawPointer) -> Bool {
        let me = Unmanaged.passUnretained(self).toOpaque()
        let results = [
            // Of all that libcurl traces, the TLS messages that come in are looked at, no other.
            shangbao_curl_on_trace(
                handle,
                { _, kind, bytes, count, me in
                    if kind == CURLINFO_SSL_DATA_IN {
                        Transfer.of(me)?.take(
                            tlsMessage: UnsafeRawBufferPointer(start: bytes, count: count))
                    }
                    return 0
                }, me),
            shangbao_curl_on_body(
                handle,
                { bytes, size, count, me in
                    Transfer.of(me)?.take(
                        body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
                }, me),
            shangbao_curl_on_header(
                handle,
                { bytes, size, count, me in
                    Transfer.of(me)?.take(
                        headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
                }, me),
            shangbao_curl_on_request(
                handle,
                { me, _, _, _, _ in
                    Transfer.of(me)?.mayWrite() == true
                        ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
                }, me),
            shangbao_curl_on_socket(
                handle,
                { me, _, address in
                    guard let transfer = Transfer.of(me), let address else {
                        return shangbao_curl_no_socket()
                    }
                    if !transfer.allowsLocalAddresses, PeerAddress.isLocal(address) {
                        transfer.refusedAddress = true
                        return shangbao_curl_no_socket()
                    }
                    return socket(
                        address.pointee.family, address.pointee.socktype, address.pointee.protocol)
                }, me),
        ]
        return results.allSatisfy { $0 == CURLE_OK }
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }
}
