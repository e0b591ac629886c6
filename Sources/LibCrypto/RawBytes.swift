extension [UInt8] {
    /// `withUnsafeBytes` with a typed error, which the standard one does not have.
    func withRawBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (bytes) throws(Failure) in
            try body(UnsafeRawBufferPointer(bytes))
        }
    }
}

extension UnsafeRawBufferPointer {
    /// The first byte as C's `const unsigned char *`; nil when there are no bytes.
    var octets: UnsafePointer<UInt8>? {
        baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}

extension UnsafeMutableRawBufferPointer {
    /// The first byte as C's `unsigned char *`; nil when there are no bytes.
    var octets: UnsafeMutablePointer<UInt8>? {
        baseAddress?.assumingMemoryBound(to: UInt8.self)
    }
}
