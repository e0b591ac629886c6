internal import CLibCurl

/// Hands one short message to a server of the county's own choice (通知投递): a mail server, or a robot
/// that takes HTTP.
///
/// Nothing of the exchange with the national side: no client certificate, and the system's own
/// authorities unless the site names one. Every call blocks for half a minute at most: its owner
/// runs it on a thread of its own. Addresses and contents are never in a failure: a robot's address
/// holds its key.
package struct NoticePost {
    /// Why it did not arrive, in a stable short text.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// What the server answered to an HTTP message.
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]
    }

    /// A letter for a mail server.
    package struct Letter: Sendable {
        package let from: String
        package let to: [String]
        /// The whole message (RFC 5322), lines ended by CR LF.
        package let message: [UInt8]

        package init(from: String, to: [String], message: [UInt8]) {
            self.from = from
            self.to = to
            self.message = message
        }
    }

    /// A file of authorities in place of the system's.
    private let authority: String?
    private let proxy: String?
    /// Whether it may go without TLS: in a rehearsal, to this machine.
    private let allowsPlain: Bool

    private static let connectMilliseconds = 10_000
    private static let totalMilliseconds = 30_000
    private static let answerLimit = 65_536

    package init(authority: String?, proxy: String?, allowsPlain: Bool) {
        self.authority = authority
        self.proxy = proxy
        self.allowsPlain = allowsPlain
    }

    /// Posts a body. Throws `Failure` where no whole answer came.
    package func post(
        _ body: [UInt8], to url: String, headers: [String]
    ) throws(Failure) -> Answer {
        let (handle, answer) = try begun(url, protocols: allowsPlain ? "https,http" : "https")
        defer { curl_easy_cleanup(handle) }
        var options = CurlOptions(handle: handle)
        options.set(CURLOPT_POST, 1)
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for header in ["Expect:"] + headers { list = curl_slist_append(list, header) ?? list }
        guard options.allTaken, shangbao_curl_set_headers(handle, list) == CURLE_OK else {
            throw Failure(description: "configuration")
        }
        let code = body.withUnsafeBytes { bytes in
            shangbao_curl_set_offset(
                handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            shangbao_curl_set_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress)
            return curl_easy_perform(handle)
        }
        try check(code)
        var status = 0
        shangbao_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return Answer(status: status, body: answer.bytes)
    }

    /// Hands a letter to a mail server (`smtps://host` or `smtp://host` with STARTTLS).
    ///
    /// - Parameter login: the user's name, and the password with a 0 at its end.
    /// Throws `Failure` where the server did not take it for every recipient.
    package func mail(
        _ letter: Letter, by server: String, login: (user: String, password: [UInt8])?
    ) throws(Failure) {
        let (handle, _) = try begun(server, protocols: "smtp,smtps")
        defer { curl_easy_cleanup(handle) }
        var options = CurlOptions(handle: handle)
        options.set(
            CURLOPT_USE_SSL,
            Int(allowsPlain ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        options.set(CURLOPT_UPLOAD, 1)
        options.set(CURLOPT_MAIL_FROM, "<\(letter.from)>")
        if let login {
            options.set(CURLOPT_USERNAME, login.user)
            let taken = login.password.withUnsafeBytes {
                shangbao_curl_set_string(
                    handle, CURLOPT_PASSWORD, $0.bindMemory(to: CChar.self).baseAddress)
            }
            guard taken == CURLE_OK else { throw Failure(description: "configuration") }
        }
        var list: UnsafeMutablePointer<curl_slist>?
        defer { curl_slist_free_all(list) }
        for recipient in letter.to { list = curl_slist_append(list, "<\(recipient)>") ?? list }
        let reader = Reader(letter.message)
        guard options.allTaken,
            shangbao_curl_set_list(handle, CURLOPT_MAIL_RCPT, list) == CURLE_OK,
            shangbao_curl_on_read(
                handle,
                { bytes, size, count, reader in
                    guard let bytes, let reader else { return 0 }
                    return Unmanaged<Reader>.fromOpaque(reader).takeUnretainedValue().give(
                        UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
                }, Unmanaged.passUnretained(reader).toOpaque()) == CURLE_OK
        else { throw Failure(description: "configuration") }
        let code = withExtendedLifetime(reader) { curl_easy_perform(handle) }
        try check(code)
    }

    /// What comes back, up to a limit.
    private final class Collector {
        var bytes: [UInt8] = []
    }

    /// What is given to libcurl piece by piece.
    private final class Reader {
        private let bytes: [UInt8]
        private var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func give(_ room: UnsafeMutableRawBufferPointer) -> Int {
            let count = min(room.count, bytes.count - place)
            room.copyBytes(from: bytes[place..<place + count])
            place += count
            return count
        }
    }

    private func begun(
        _ url: String, protocols: String
    ) throws(Failure) -> (UnsafeMutableRawPointer, Collector) {
        guard let handle = curl_easy_init() else { throw Failure(description: "other") }
        var options = CurlOptions(handle: handle)
        options.set(CURLOPT_PROTOCOLS_STR, protocols)
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        options.set(CURLOPT_NOSIGNAL, 1)
        options.set(CURLOPT_PROXY, proxy ?? "")
        options.set(CURLOPT_CONNECTTIMEOUT_MS, NoticePost.connectMilliseconds)
        options.set(CURLOPT_TIMEOUT_MS, NoticePost.totalMilliseconds)
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authority {
            options.set(CURLOPT_CAINFO, authority)
            options.set(CURLOPT_CAPATH, nil as String?)
        }
        options.set(CURLOPT_URL, url)
        let collector = Collector()
        let listens = shangbao_curl_on_body(
            handle,
            { bytes, size, count, collector in
                guard let bytes, let collector else { return 0 }
                let found = Unmanaged<Collector>.fromOpaque(collector).takeUnretainedValue()
                let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
                guard found.bytes.count + piece.count <= NoticePost.answerLimit else { return 0 }
                found.bytes.append(contentsOf: piece)
                return piece.count
            }, Unmanaged.passUnretained(collector).toOpaque())
        guard options.allTaken, listens == CURLE_OK else {
            curl_easy_cleanup(handle)
            throw Failure(description: "configuration")
        }
        return (handle, collector)
    }

    private func check(_ code: CURLcode) throws(Failure) {
        switch code {
        case CURLE_OK: return
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            throw Failure(description: "host-not-found")
        case CURLE_COULDNT_CONNECT: throw Failure(description: "connection-refused")
        case CURLE_OPERATION_TIMEDOUT: throw Failure(description: "timeout")
        case CURLE_PEER_FAILED_VERIFICATION: throw Failure(description: "certificate-refused")
        case CURLE_SSL_CONNECT_ERROR, CURLE_USE_SSL_FAILED: throw Failure(description: "tls")
        case CURLE_LOGIN_DENIED: throw Failure(description: "login-denied")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING:
            throw Failure(description: "broken")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            throw Failure(description: "url-refused")
        default: throw Failure(description: "curl-\(code.rawValue)")
        }
    }
}
