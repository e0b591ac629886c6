internal import CLibCurl

extension HTTPSExchange {
    /// The libcurl that is loaded, with its TLS library, in its own words.
    package static var libraryVersion: String { String(cString: curl_version()) }
}
