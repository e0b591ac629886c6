/// Why bytes could not be packed or unpacked.
package enum GzipFailure: Error, Sendable, Equatable {
    /// More bytes come out than the caller's limit.
    case tooLarge
    /// The packed bytes end before they are whole.
    case truncated
    /// Not gzip (RFC 1952), or its checksum or length is wrong.
    case corrupt
    /// More bytes follow the end of the one gzip member.
    case trailingBytes
    /// The library could not start or go on: no memory, or no room for the result.
    case internalFault
}
