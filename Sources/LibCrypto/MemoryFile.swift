import COpenSSL

/// OpenSSL's file streams over memory.
enum MemoryFile {
    /// Lets `read` take an object from `bytes`; nil when it could not.
    static func reading(
        _ bytes: UnsafeRawBufferPointer, _ read: (OpaquePointer) -> OpaquePointer?
    ) -> OpaquePointer? {
        guard let length = Int32(exactly: bytes.count), length > 0,
            let file = BIO_new_mem_buf(bytes.baseAddress, length)
        else { return nil }
        defer { BIO_free(file) }
        return read(file)
    }

    /// What `write` wrote. `write` answers 1 for success. Throws `internal` otherwise.
    static func writing(
        _ step: String, _ write: (OpaquePointer) -> Int32
    ) throws(CryptoFailure) -> [UInt8] {
        try written(to: BIO_s_mem(), step, write) { (bytes) throws(CryptoFailure) in Array(bytes) }
    }

    /// As `writing`, in secure memory throughout.
    static func writingSecret(
        _ step: String, _ write: (OpaquePointer) -> Int32
    ) throws(CryptoFailure) -> SecretBytes {
        SecureHeap.prepare()
        return try written(to: BIO_s_secmem(), step, write) { (bytes) throws(CryptoFailure) in
            try SecretBytes(count: bytes.count) { $0.copyMemory(from: bytes) }
        }
    }

    private static func written<Result>(
        to method: OpaquePointer?, _ step: String, _ write: (OpaquePointer) -> Int32,
        _ take: (UnsafeRawBufferPointer) throws(CryptoFailure) -> Result
    ) throws(CryptoFailure) -> Result {
        guard let file = BIO_new(method) else { throw .openSSL(.internal, step) }
        defer { BIO_free(file) }
        var start: UnsafeMutablePointer<CChar>?
        guard write(file) == 1, case let count = shangbao_bio_bytes(file, &start), count > 0
        else { throw .openSSL(.internal, step) }
        return try take(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Given to OpenSSL's PEM readers in place of their default, which would ask for a passphrase on
/// the terminal: encrypted files are refused.
func refusePassphrase(
    _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 {
    -1
}
