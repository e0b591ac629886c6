internal import CLibCurl
internal import Glibc

/// A URL that may be asked for. libcurl itself takes it apart and then uses the very same parts, so
/// nothing can be read in two ways.
final class CheckedURL {
    let handle: OpaquePointer

    /// - Throws: `notSent(.urlRefused)` for another scheme than https, a user or password, an
    ///   address instead of a name, or a host that is not among `allowedHosts`.
    init(_ text: String, allowedHosts: Set<String>) throws(ExchangeFailure) {
        guard let handle = curl_url() else { throw .notSent(.other) }
        self.handle = handle
        guard curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            part(CURLUPART_SCHEME) == "https",
            let host = part(CURLUPART_HOST)?.lowercased(), !Self.isAddress(host),
            allowedHosts.contains(host)
        else { throw .notSent(.urlRefused) }
    }

    deinit {
        curl_url_cleanup(handle)
    }

    private func part(_ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// libcurl has already turned `127.1` and `0x7f000001` into four decimal numbers.
    private static func isAddress(_ host: String) -> Bool {
        var address = in_addr()
        return host.hasPrefix("[") || inet_pton(AF_INET, host, &address) == 1
    }
}
