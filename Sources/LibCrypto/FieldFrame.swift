import COpenSSL

/// The working memory of a `FieldSealer`, laid out as the tag covers it and kept between fields:
/// `iv(16) || BE32(count of additional data) || additional data || body`, then two tags.
final class FieldFrame {
    /// 2^16 cipher blocks: far more than a field, few enough for random starting counters.
    static let largestBodyByteCount = 1 << 20

    private static let headByteCount = CipherSuite.ivByteCount + 4
    private var memory: UnsafeMutableRawBufferPointer
    private var bodyStart = 0
    private var bodyCount = 0

    init() {
        memory = .allocate(byteCount: 1024, alignment: 16)
    }

    deinit {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    /// Makes room, writes the additional data and its count, and leaves the rest to be filled.
    func lay(additionalData: UnsafeRawBufferPointer, bodyCount: Int) {
        bodyStart = Self.headByteCount + additionalData.count
        self.bodyCount = bodyCount
        grow(to: bodyStart + bodyCount + 2 * CipherSuite.digestByteCount)
        memory.storeBytes(
            of: UInt32(additionalData.count).bigEndian, toByteOffset: CipherSuite.ivByteCount,
            as: UInt32.self)
        part(Self.headByteCount, additionalData.count).copyMemory(from: additionalData)
    }

    /// The starting counter, 16 bytes.
    var iv: UnsafeMutableRawBufferPointer { part(0, CipherSuite.ivByteCount) }
    /// The padded plaintext or the ciphertext.
    var body: UnsafeMutableRawBufferPointer { part(bodyStart, bodyCount) }
    /// The tag that goes out or came in, 32 bytes.
    var tag: UnsafeMutableRawBufferPointer {
        part(bodyStart + bodyCount, CipherSuite.digestByteCount)
    }
    /// The tag that a text should have, 32 bytes.
    var expectedTag: UnsafeMutableRawBufferPointer {
        part(bodyStart + bodyCount + CipherSuite.digestByteCount, CipherSuite.digestByteCount)
    }
    /// All that the tag covers.
    var authenticated: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(part(0, bodyStart + bodyCount))
    }

    /// Overwrites the body after it held a plaintext.
    func cleanseBody() {
        OPENSSL_cleanse(body.baseAddress, body.count)
    }

    private func part(_ offset: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[offset..<(offset + count)])
    }

    /// What lay in the old memory is never needed again when a new field is laid out.
    private func grow(to count: Int) {
        if count <= memory.count { return }
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
        memory = .allocate(byteCount: count * 2, alignment: 16)
    }
}
