internal import CLibCurl
internal import Glibc

/// Asks one national side over HTTPS, one request after the other over a connection that is kept.
///
/// Every call blocks until the answer is whole or the time is up: its owner runs it on a thread of
/// its own, and never on two at once. Contents are never logged and never in a failure.
///
/// There is no separate warming up: the first request makes the connection, and the ones after it
/// find it open (for up to two minutes of silence).
package final class HTTPSExchange {
    private let handle: UnsafeMutableRawPointer
    private let settings: HTTPSSettings
    private let transfer: Transfer
    /// The certificate that the present connection's handshake showed.
    private var peerCertificate: [UInt8]?

    private static let libraryIsReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Throws: `notSent(.configuration)` if libcurl does not take one of the settings.
    package init(_ settings: HTTPSSettings) throws(ExchangeFailure) {
        let isPlainProxy = settings.proxy?.lowercased().hasPrefix("http://") ?? true
        guard Self.libraryIsReady, isPlainProxy, let handle = curl_easy_init() else {
            throw .notSent(.configuration)
        }
        self.handle = handle
        self.settings = settings
        // The address check is about the host; a proxy may well be on this machine.
        transfer = Transfer(
            bodyLimit: settings.answerByteLimit,
            allowsLocalAddresses: settings.allowsLocalAddresses || settings.proxy != nil)
        var options = CurlOptions(handle: handle)
        options.apply(settings)
        guard options.allTaken, transfer.listen(to: handle) else {
            throw .notSent(.configuration)
        }
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    /// Sends one request and waits for its whole answer.
    ///
    /// On a kept connection that turns out to be dead libcurl would send the same bytes again by
    /// itself, and nobody would have asked first: a POST is written once, and then stopped.
    /// - Returns: the answer, whatever its status.
    /// - Throws: `ExchangeFailure`.
    package func perform(_ request: HTTPSRequest) throws(ExchangeFailure) -> HTTPSResponse {
        let url = try CheckedURL(request.url, allowedHosts: settings.allowedHosts)
        let headers = try HeaderList(request)
        transfer.begin(isWrittenOnce: request.method == .post)
        var options = CurlOptions(handle: handle)
        switch request.method {
        case .get: options.set(CURLOPT_HTTPGET, 1)
        case .post: options.set(CURLOPT_POST, 1)
        }
        let code = request.body.withUnsafeBytes { body in
            defer { releaseRequest() }
            guard options.allTaken, hand(over: request.method == .post ? body : nil),
                shangbao_curl_set_headers(handle, headers.list) == CURLE_OK,
                shangbao_curl_set_url(handle, url.handle) == CURLE_OK
            else { return CURLE_UNKNOWN_OPTION }
            return curl_easy_perform(handle)
        }
        rememberCertificate(of: handle)
        guard code == CURLE_OK else {
            let failure = transfer.failure(code)
            guard failure == .uncertain(.connectionLost), transfer.headerBytes.isEmpty,
                case .refused = probed(url).failure
            else { throw failure }
            throw .uncertain(.certificateRefused)
        }
        var status = 0
        shangbao_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        let response = HTTPSResponse(
            status: status, headerBytes: transfer.headerBytes, headers: transfer.headers(),
            body: transfer.body, peerCertificate: peerCertificate)
        guard response.saysWhereItEnds else { throw .uncertain(.truncated) }
        return response
    }

    /// Makes a connection with its handshake, sends no request, and closes it again.
    ///
    /// With TLS 1.3 the other side looks at our certificate only after that, and tells a refusal as
    /// the first thing it says: a moment is waited for it.
    /// - Returns: the other side's certificate in DER.
    /// - Throws: `ExchangeFailure.notSent`, or `refused`.
    package func probe(_ url: String) throws(ExchangeFailure) -> [UInt8] {
        let probed = probed(try CheckedURL(url, allowedHosts: settings.allowedHosts))
        if let failure = probed.failure { throw failure }
        return probed.certificate
    }

    /// A connection of its own on which nothing is sent, so that nothing hides what they say.
    private func probed(_ url: CheckedURL) -> (certificate: [UInt8], failure: ExchangeFailure?) {
        transfer.begin()
        // A connection that was made for its own sake is not used again: a handle of its own.
        guard let probe = curl_easy_duphandle(handle) else { return ([], .notSent(.other)) }
        defer { curl_easy_cleanup(probe) }
        var options = CurlOptions(handle: probe)
        options.set(CURLOPT_CONNECT_ONLY, 1)
        guard options.allTaken, shangbao_curl_set_url(probe, url.handle) == CURLE_OK else {
            return ([], .notSent(.configuration))
        }
        let code = curl_easy_perform(probe)
        guard code == CURLE_OK else { return ([], transfer.failure(code)) }
        guard let certificate = PeerCertificate.read(from: probe) else {
            return ([], .notSent(.tls))
        }
        return (certificate, firstWords(on: probe).map { .refused($0) })
    }

    private static let firstWordsMilliseconds: Int32 = 1_000

    /// What the other side says unasked after the handshake, if it is that alert. Session tickets
    /// show that it was content with our certificate.
    private func firstWords(on probe: UnsafeMutableRawPointer) -> CertificateAlert? {
        var number: Int32 = -1
        guard shangbao_curl_get_socket(probe, &number) == CURLE_OK, number >= 0 else { return nil }
        var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Self.firstWordsMilliseconds) > 0 else { return nil }
        var (byte, count) = (UInt8(0), 0)
        _ = curl_easy_recv(probe, &byte, 1, &count)
        return transfer.certificateAlert
    }

    /// Lends the body to libcurl, which does not copy it.
    private func hand(over body: UnsafeRawBufferPointer?) -> Bool {
        guard let body else { return true }
        return shangbao_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            == CURLE_OK
            && (body.isEmpty
                ? shangbao_curl_set_string(handle, CURLOPT_COPYPOSTFIELDS, "")
                : shangbao_curl_set_pointer(handle, CURLOPT_POSTFIELDS, body.baseAddress))
                == CURLE_OK
    }

    /// Takes back everything that belongs to one request, before its memory goes.
    private func releaseRequest() {
        shangbao_curl_set_pointer(handle, CURLOPT_POSTFIELDS, nil)
        shangbao_curl_set_headers(handle, nil)
        shangbao_curl_set_url(handle, nil)
    }

    /// libcurl tells the certificates only after a handshake; a kept connection keeps its own.
    private func rememberCertificate(of handle: UnsafeMutableRawPointer) {
        var newConnections = 0
        shangbao_curl_get_long(handle, CURLINFO_NUM_CONNECTS, &newConnections)
        if newConnections > 0 { peerCertificate = PeerCertificate.read(from: handle) }
    }
}
