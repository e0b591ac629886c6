import COpenSSL

/// Bytes that must not be copied about: keys, passphrases, private keys.
///
/// They live in OpenSSL's secure heap, are overwritten when the last owner lets go, can be read
/// only inside `withUnsafeBytes`, and print as `<secret>`. There is deliberately no way to make
/// an array, a string or a coded value of them. Immutable, hence safe to share between threads.
package final class SecretBytes: @unchecked Sendable, Equatable, CustomStringConvertible,
    CustomDebugStringConvertible
{
    /// How many bytes.
    package let count: Int
    private let memory: UnsafeMutableRawPointer

    /// Makes room for `count` bytes and lets `fill` write them.
    ///
    /// Throws `internal` when the secure heap is full, and whatever `fill` throws.
    package init(
        count: Int,
        filling fill: (UnsafeMutableRawBufferPointer) throws(CryptoFailure) -> Void
    ) throws(CryptoFailure) {
        SecureHeap.prepare()
        // One byte more than asked, so that no bytes at all still have an address.
        guard count >= 0, let memory = CRYPTO_secure_zalloc(count + 1, #fileID, #line) else {
            throw .openSSL(.internal, "secure memory")
        }
        self.count = count
        self.memory = memory
        try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    }

    /// Copies `buffer` and overwrites it with zeros.
    package convenience init(
        consuming buffer: UnsafeMutableRawBufferPointer
    ) throws(CryptoFailure) {
        defer { OPENSSL_cleanse(buffer.baseAddress, buffer.count) }
        try self.init(count: buffer.count) { $0.copyMemory(from: UnsafeRawBufferPointer(buffer)) }
    }

    /// Copies `bytes` and leaves the array empty. The array's memory is overwritten when the
    /// caller is its only owner.
    package convenience init(consuming bytes: inout [UInt8]) throws(CryptoFailure) {
        defer {
            bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
            bytes = []
        }
        // No second reference to the array here: it would make the overwriting hit a copy.
        try self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
    }

    deinit {
        CRYPTO_secure_clear_free(memory, count + 1, #fileID, #line)
    }

    /// Fresh random bytes from OpenSSL's generator for private values.
    ///
    /// Throws `randomUnavailable`.
    package static func random(count: Int) throws(CryptoFailure) -> SecretBytes {
        try SecretBytes(count: count) { (room) throws(CryptoFailure) in
            guard
                RAND_priv_bytes(
                    room.baseAddress?.assumingMemoryBound(to: UInt8.self),
                    Int32(count)) == 1
            else { throw .openSSL(.randomUnavailable, "RAND_priv_bytes") }
        }
    }

    /// Lends the bytes to `body`; they must not be kept beyond it.
    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(UnsafeRawBufferPointer(start: memory, count: count))
    }

    /// Compares in a time that depends on the lengths only.
    package static func == (left: SecretBytes, right: SecretBytes) -> Bool {
        left.withUnsafeBytes { a in right.withUnsafeBytes { b in constantTimeEquals(a, b) } }
    }

    /// Always `<secret>`.
    package var description: String { "<secret>" }
    /// Always `<secret>`.
    package var debugDescription: String { "<secret>" }
}
