import LibCrypto
import Testing

@Suite struct WrappingTests {
    @Test func `the ciphertext of GB T 32918_5 opens`() throws {
        let key = try UnwrappingKey(pkcs8: SM2Vector.pkcs8())
        #expect(key.suite == .gm)
        let opened = try key.unwrap(SM2Vector.ciphertext())
        #expect(revealed(opened) == Array(SM2Vector.encrypted.utf8))
    }

    @Test(arguments: CipherSuite.allCases)
    func `a data key is wrapped for its recipient only`(_ suite: CipherSuite) throws {
        let recipient = try UnwrappingKey(generating: suite)
        let publicHalf = try recipient.wrappingKey()
        #expect(recipient.suite == suite)
        #expect(publicHalf.suite == suite)
        let dataKey = try SecretBytes.random(count: 32)
        let wrapped = try publicHalf.wrap(dataKey)
        #expect(try recipient.unwrap(wrapped) == dataKey)
        #expect(try publicHalf.wrap(dataKey) != wrapped)

        let stranger = try UnwrappingKey(generating: suite)
        #expect(fails(.authenticationFailed) { _ = try stranger.unwrap(wrapped) })
    }

    @Test(arguments: CipherSuite.allCases)
    func `a wrapped key that was changed or cut does not open`(_ suite: CipherSuite) throws {
        let recipient = try UnwrappingKey(generating: suite)
        let wrapped = try recipient.wrappingKey().wrap(.random(count: 32))
        for index in stride(from: 0, to: wrapped.count, by: suite == .gm ? 1 : 24) {
            var changed = wrapped
            changed[index] ^= 0x01
            #expect(fails(.authenticationFailed) { _ = try recipient.unwrap(changed) })
            let cut = Array(wrapped[..<index])
            #expect(fails(.authenticationFailed) { _ = try recipient.unwrap(cut) })
        }
    }

    @Test(arguments: CipherSuite.allCases)
    func `recipients' keys come back from their files`(_ suite: CipherSuite) throws {
        let key = try UnwrappingKey(generating: suite)
        let wrappingKey = try key.wrappingKey()
        let dataKey = try SecretBytes.random(count: 32)
        let wrapped = try WrappingKey(pem: wrappingKey.pem()).wrap(dataKey)
        #expect(try UnwrappingKey(pem: key.pem()).unwrap(wrapped) == dataKey)
        #expect(try UnwrappingKey(pkcs8: key.pkcs8()).unwrap(wrapped) == dataKey)
        #expect(
            try WrappingKey(pem: wrappingKey.pem()).fingerprint() == wrappingKey.fingerprint())
    }

    @Test func `a key that only signs does not wrap`() throws {
        let signing = try SigningKey(generating: .intl)
        #expect(fails(.badKey) { _ = try UnwrappingKey(pem: signing.pem()) })
        #expect(fails(.badKey) { _ = try WrappingKey(pem: signing.verifyingKey().pem()) })
    }
}
