internal import CLibCurl
internal import Glibc

/// What kind of address a name has led to.
package enum PeerAddress {
    /// Whether it is this machine, its link, a group of machines, or no address at all: where no
    /// other authority can be (RFC 6890).
    static func isLocal(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        // libcurl reserves the room for the longest kind of address behind the field's own type.
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return true }
        let raw = UnsafeRawPointer(address) + offset
        switch address.pointee.family {
        case AF_INET:
            let number = raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr
            return isLocal(version4: withUnsafeBytes(of: number) { Array($0) })
        case AF_INET6:
            let number = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return isLocal(version6: withUnsafeBytes(of: number) { Array($0) })
        default:
            return true
        }
    }

    /// The same of the four bytes of an IPv4 address in network order.
    package static func isLocal(version4 bytes: [UInt8]) -> Bool {
        bytes[0] == 0 || bytes[0] == 127 || bytes[0] >= 224 || (bytes[0] == 169 && bytes[1] == 254)
    }

    /// The same of the sixteen bytes of an IPv6 address in network order.
    package static func isLocal(version6 bytes: [UInt8]) -> Bool {
        if bytes.prefix(10).allSatisfy({ $0 == 0 }) {
            let isMapped = bytes[10] == 0xFF && bytes[11] == 0xFF
            return !isMapped || isLocal(version4: Array(bytes.suffix(4)))
        }
        return bytes[0] == 0xFF || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80)
    }
}
