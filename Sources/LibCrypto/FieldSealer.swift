import COpenSSL

/// Seals and opens protected fields: `GWF1.<suite>.<key id>.<iv>.<ciphertext>.<tag>`.
///
/// Counter mode with a keyed digest over it, encrypt then authenticate. Both keys come from the
/// data key by HKDF with salt `GWF1|suite|key id` and info `enc` or `mac`; the tag covers
/// `iv || BE32(count of additional data) || additional data || ciphertext`. The last three parts
/// are base64url without padding. Nothing about algorithms or sizes is read from the text: a
/// sealer opens only what bears its own suite and key id.
///
/// Callers give the additional data whole. For fields it is
/// `GWF1|suite|key id|batch|record|field`, so that a value moved to another place does not open.
/// One sealer belongs to one thread and one data key.
package final class FieldSealer {
    /// The suite of the data key.
    package let suite: CipherSuite
    /// The id under which the receiver finds the data key.
    package let keyID: String

    /// `GWF1.suite.keyID.`
    private let prefix: [UInt8]
    private let cipher: CounterCipher
    private let digest: KeyedDigest
    private let random = RandomBlock()
    private let frame = FieldFrame()

    /// Derives the keys of `keyID` from `dataKey` (32 bytes).
    ///
    /// `keyID` is 1 to 64 characters of `A-Z a-z 0-9 _ -`; else `malformed`. Throws `badKey` for
    /// a data key of another size.
    package init(suite: CipherSuite, keyID: String, dataKey: SecretBytes) throws(CryptoFailure) {
        guard (1...64).contains(keyID.utf8.count), keyID.utf8.allSatisfy(Self.isAllowedInKeyID)
        else { throw CryptoFailure(.malformed, "key id") }
        guard dataKey.count == CipherSuite.dataKeyByteCount else {
            throw CryptoFailure(.badKey, "data key of \(dataKey.count) bytes")
        }
        self.suite = suite
        self.keyID = keyID
        prefix = Array("GWF1.\(suite.rawValue).\(keyID).".utf8)
        let salt = Array("GWF1|\(suite.rawValue)|\(keyID)".utf8)
        cipher = try CounterCipher(
            suite: suite,
            key: KeyDerivation.hkdf(
                suite: suite, key: dataKey, salt: salt, info: Array("enc".utf8),
                count: suite.cipherKeyByteCount))
        digest = try KeyedDigest(
            suite: suite,
            key: KeyDerivation.hkdf(
                suite: suite, key: dataKey, salt: salt, info: Array("mac".utf8),
                count: CipherSuite.digestByteCount))
    }

    /// Seals `plaintext` and appends the ASCII text to `text`, which is unchanged on failure.
    ///
    /// `pad` hides the length: 0 for none, else 0x80 and zeros are added up to a multiple of it
    /// (a full block when it already fits). `iv` is random unless a test gives 16 bytes; the same
    /// one twice under one key would show both plaintexts. Throws `malformed` for a plaintext
    /// over 1 MiB, a wrong `pad` or `iv`; `randomUnavailable`; `internal`.
    package func seal(
        _ plaintext: UnsafeRawBufferPointer, additionalData: UnsafeRawBufferPointer, pad: Int = 0,
        iv: [UInt8]? = nil, appendingTo text: inout [UInt8]
    ) throws(CryptoFailure) {
        let bodyCount = try FieldPadding.paddedCount(plaintext.count, pad: pad)
        guard bodyCount <= FieldFrame.largestBodyByteCount else {
            throw CryptoFailure(.malformed, "plaintext of \(plaintext.count) bytes")
        }
        frame.lay(additionalData: additionalData, bodyCount: bodyCount)
        if let iv {
            guard iv.count == CipherSuite.ivByteCount else { throw CryptoFailure(.malformed, "iv") }
            frame.iv.copyBytes(from: iv)
        } else {
            try random.fill(frame.iv)
        }
        FieldPadding.write(plaintext, to: frame.body)
        do {
            try cipher.apply(iv: UnsafeRawBufferPointer(frame.iv), to: frame.body)
        } catch {
            frame.cleanseBody()
            throw error
        }
        try digest.digest(frame.authenticated, into: frame.tag)
        append(to: &text)
    }

    /// Opens a sealed text and returns its plaintext; see `seal` for the parameters.
    ///
    /// Throws `badKey` for a text of another suite or key id, `unsupportedVersion` for another
    /// version, `malformed` for another shape or padding, and `authenticationFailed` when the
    /// value was changed or its additional data is not this. Nothing is decrypted before the tag
    /// is found right.
    package func open(
        _ text: UnsafeRawBufferPointer, additionalData: UnsafeRawBufferPointer, pad: Int = 0
    ) throws(CryptoFailure) -> [UInt8] {
        defer { frame.cleanseBody() }
        return Array(try decrypt(text, additionalData: additionalData, pad: pad))
    }

    /// As `open`, for a sealed key: the plaintext goes straight into secure memory.
    package func openSecret(
        _ text: UnsafeRawBufferPointer, additionalData: UnsafeRawBufferPointer, pad: Int = 0
    ) throws(CryptoFailure) -> SecretBytes {
        defer { frame.cleanseBody() }
        let plaintext = try decrypt(text, additionalData: additionalData, pad: pad)
        return try SecretBytes(count: plaintext.count) { $0.copyMemory(from: plaintext) }
    }

    /// The plaintext, in the frame's body.
    private func decrypt(
        _ text: UnsafeRawBufferPointer, additionalData: UnsafeRawBufferPointer, pad: Int
    ) throws(CryptoFailure) -> UnsafeRawBufferPointer {
        try read(text, additionalData: additionalData)
        try digest.digest(frame.authenticated, into: frame.expectedTag)
        guard
            constantTimeEquals(
                UnsafeRawBufferPointer(frame.tag), UnsafeRawBufferPointer(frame.expectedTag))
        else {
            throw CryptoFailure(.authenticationFailed, "sealed field")
        }
        try cipher.apply(iv: UnsafeRawBufferPointer(frame.iv), to: frame.body)
        return try FieldPadding.stripped(UnsafeRawBufferPointer(frame.body), pad: pad)
    }

    /// Reads the four fixed things off the text, then lays its three variable parts in the frame.
    private func read(
        _ text: UnsafeRawBufferPointer, additionalData: UnsafeRawBufferPointer
    ) throws(CryptoFailure) {
        guard text.starts(with: prefix) else { throw Self.foreign(text) }
        let parts = UnsafeRawBufferPointer(rebasing: text[prefix.count...])
        let ivEnd = Base64.url.encodedCount(CipherSuite.ivByteCount)
        let tagStart = parts.count - Base64.url.encodedCount(CipherSuite.digestByteCount)
        guard tagStart > ivEnd + 1, parts[ivEnd] == Self.dot, parts[tagStart - 1] == Self.dot,
            tagStart <= 2 * FieldFrame.largestBodyByteCount
        else { throw CryptoFailure(.malformed, "sealed field") }
        let iv = UnsafeRawBufferPointer(rebasing: parts[..<ivEnd])
        let body = UnsafeRawBufferPointer(rebasing: parts[(ivEnd + 1)..<(tagStart - 1)])
        let tag = UnsafeRawBufferPointer(rebasing: parts[tagStart...])
        frame.lay(additionalData: additionalData, bodyCount: body.count * 3 / 4)
        guard Base64.url.decode(iv, into: frame.iv) != nil,
            Base64.url.decode(body, into: frame.body) != nil,
            Base64.url.decode(tag, into: frame.tag) != nil
        else { throw CryptoFailure(.malformed, "sealed field") }
    }

    /// Writes the frame as text.
    private func append(to text: inout [UInt8]) {
        let count =
            prefix.count + 2 + Base64.url.encodedCount(CipherSuite.ivByteCount)
            + Base64.url.encodedCount(frame.body.count)
            + Base64.url.encodedCount(CipherSuite.digestByteCount)
        withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { written in
            var room = written
            room.copyBytes(from: prefix)
            room = UnsafeMutableRawBufferPointer(rebasing: room[prefix.count...])
            Self.encode(frame.iv, into: &room)
            Self.encode(frame.body, into: &room)
            Base64.url.encode(UnsafeRawBufferPointer(frame.tag), into: room)
            text.append(contentsOf: UnsafeRawBufferPointer(written))
        }
    }

    /// Encodes `part` and a dot at the front of `room` and moves past them.
    private static func encode(
        _ part: UnsafeMutableRawBufferPointer, into room: inout UnsafeMutableRawBufferPointer
    ) {
        let written = Base64.url.encode(UnsafeRawBufferPointer(part), into: room)
        room[written] = dot
        room = UnsafeMutableRawBufferPointer(rebasing: room[(written + 1)...])
    }

    private static let dot = UInt8(ascii: ".")

    private static func isAllowedInKeyID(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Why a text without our prefix is refused.
    private static func foreign(_ text: UnsafeRawBufferPointer) -> CryptoFailure {
        guard text.starts(with: "GWF".utf8), text.count > 4, text[4] == dot else {
            return CryptoFailure(.malformed, "sealed field")
        }
        return text[3] == UInt8(ascii: "1")
            ? CryptoFailure(.badKey, "sealed under another key or suite")
            : CryptoFailure(.unsupportedVersion, "sealed field")
    }
}

extension FieldSealer {
    /// As `seal` over raw buffers, for callers that keep their bytes in arrays.
    package func seal(
        _ plaintext: [UInt8], boundTo additionalData: [UInt8], pad: Int,
        appendingTo text: inout [UInt8]
    ) throws(CryptoFailure) {
        try plaintext.withRawBytes { (plaintext) throws(CryptoFailure) in
            try additionalData.withRawBytes { (additionalData) throws(CryptoFailure) in
                try seal(
                    plaintext, additionalData: additionalData, pad: pad, appendingTo: &text)
            }
        }
    }

    /// Seals bytes and returns the text; the form for callers that seal now and then.
    package func seal(
        _ plaintext: [UInt8], additionalData: String, pad: Int = 0, iv: [UInt8]? = nil
    ) throws(CryptoFailure) -> String {
        var text: [UInt8] = []
        try plaintext.withRawBytes { (plaintext) throws(CryptoFailure) in
            try Array(additionalData.utf8).withRawBytes { (additionalData) throws(CryptoFailure) in
                try seal(
                    plaintext, additionalData: additionalData, pad: pad, iv: iv,
                    appendingTo: &text)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Opens a text; the form for callers that open now and then.
    package func open(
        _ text: String, additionalData: String, pad: Int = 0
    ) throws(CryptoFailure) -> [UInt8] {
        try Array(text.utf8).withRawBytes { (text) throws(CryptoFailure) in
            try Array(additionalData.utf8).withRawBytes { (additionalData) throws(CryptoFailure) in
                try open(text, additionalData: additionalData, pad: pad)
            }
        }
    }
}
