internal import CLibCurl
internal import Foundation

/// The certificate that the other side showed in the last handshake of a handle.
enum PeerCertificate {
    /// - Returns: its DER, or nil if there was no handshake.
    static func read(from handle: UnsafeMutableRawPointer) -> [UInt8]? {
        var chain: UnsafeMutablePointer<curl_certinfo>?
        guard shangbao_curl_get_certificates(handle, &chain) == CURLE_OK,
            let chain, chain.pointee.num_of_certs > 0
        else { return nil }
        // The first of the chain; its fields are lines `Name:value`, the whole of it is `Cert`.
        var field = chain.pointee.certinfo[0]
        while let present = field {
            if let text = present.pointee.data.map({ String(cString: $0) }),
                text.hasPrefix("Cert:")
            {
                let base64 = text.dropFirst("Cert:".count).split(separator: "\n")
                    .filter { !$0.hasPrefix("-----") }.joined()
                return Data(base64Encoded: base64).map { [UInt8]($0) }
            }
            field = present.pointee.next
        }
        return nil
    }
}
