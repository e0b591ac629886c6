internal import CLibCurl

/// Sets options on a handle and remembers whether each of them was taken: one that is not, for
/// example because libcurl is too old, must not be passed over in silence.
struct CurlOptions {
    let handle: UnsafeMutableRawPointer
    private(set) var allTaken = true

    init(handle: UnsafeMutableRawPointer) {
        self.handle = handle
    }

    mutating func set(_ option: CURLoption, _ number: Int) {
        note(shangbao_curl_set_long(handle, option, number))
    }

    /// libcurl keeps a copy of the text; nil takes a default away.
    mutating func set(_ option: CURLoption, _ text: String?) {
        note(shangbao_curl_set_string(handle, option, text))
    }

    /// What never changes between requests.
    mutating func apply(_ settings: HTTPSSettings) {
        set(CURLOPT_PROTOCOLS_STR, "https")
        set(CURLOPT_REDIR_PROTOCOLS_STR, "https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        set(CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_PROXY, settings.proxy ?? "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // One connection: what the last handshake showed holds for every request until the next.
        set(CURLOPT_MAXCONNECTS, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeoutMilliseconds)
        set(CURLOPT_TIMEOUT_MS, settings.totalTimeoutMilliseconds)
        set(CURLOPT_LOW_SPEED_LIMIT, 1_000)
        set(CURLOPT_LOW_SPEED_TIME, 30)
        apply(settings.identity)
    }

    private mutating func apply(_ identity: TLSIdentity) {
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_CAINFO, identity.authorityFile)
        // Debian's libcurl looks into /etc/ssl/certs as well if it is not told not to.
        set(CURLOPT_CAPATH, nil as String?)
        set(CURLOPT_SSLCERTTYPE, "PEM")
        set(CURLOPT_SSLCERT, identity.certificateFile)
        set(CURLOPT_SSLKEYTYPE, "PEM")
        set(CURLOPT_SSLKEY, identity.keyFile)
        setPassphrase(identity.keyPassphrase?() ?? [])
        // Every handshake is a whole one: a resumed session does not show the certificate again.
        set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        set(CURLOPT_CERTINFO, 1)
        if !identity.pinnedPublicKeys.isEmpty {
            set(
                CURLOPT_PINNEDPUBLICKEY,
                identity.pinnedPublicKeys.map { "sha256//\($0)" }.joined(separator: ";"))
        }
    }

    /// An empty passphrase is set too: without one OpenSSL would ask for it at the terminal.
    private mutating func setPassphrase(_ passphrase: [UInt8]) {
        var text = passphrase + [0]
        let result = text.withUnsafeBytes {
            shangbao_curl_set_string(
                handle, CURLOPT_KEYPASSWD, $0.bindMemory(to: CChar.self).baseAddress)
        }
        for index in text.indices { text[index] = 0 }
        note(result)
    }

    private mutating func note(_ result: CURLcode) {
        if result != CURLE_OK { allTaken = false }
    }
}
