import LibCrypto
import Testing

@Suite struct KeyDerivationTests {
    @Test(arguments: DerivationVector.all)
    func `HKDF gives the published key`(_ vector: DerivationVector) throws {
        let expected = try Hex.decode(vector.output)
        let key = try KeyDerivation.hkdf(
            suite: vector.suite, key: secret(vector.key), salt: vector.salt, info: vector.info,
            count: expected.count)
        #expect(revealed(key) == expected)
    }

    @Test(arguments: ScryptVector.all)
    func `scrypt gives the published key`(_ vector: ScryptVector) throws {
        let key = try KeyDerivation.scrypt(
            passphrase: secret(Array(vector.passphrase.utf8)), salt: Array(vector.salt.utf8),
            n: vector.n, r: vector.r, p: vector.p, count: 64)
        #expect(Hex.encode(revealed(key)) == vector.output)
    }

    @Test func `scrypt is given the memory that 2^17, 8, 1 needs`() throws {
        let key = try KeyDerivation.scrypt(
            passphrase: secret(Array("invented".utf8)), salt: [1, 2, 3], n: 1 << 17, r: 8, p: 1,
            count: 32)
        #expect(key.count == 32)
    }

    @Test func `an empty key and scrypt parameters outside the rules are refused`() throws {
        #expect(
            fails(.badKey) {
                _ = try KeyDerivation.hkdf(
                    suite: .gm, key: secret([]), salt: [], info: [], count: 32)
            })
        let parameters: [(UInt64, UInt64, UInt64)] = [
            (0, 8, 1), (1, 8, 1), (1000, 8, 1), (1 << 40, 8, 1), (1 << 10, 0, 1), (1 << 10, 8, 0),
            (1 << 24, 8, 1), (.max, .max, .max),
        ]
        for (n, r, p) in parameters {
            #expect(
                fails(.malformed) {
                    _ = try KeyDerivation.scrypt(
                        passphrase: secret([1]), salt: [], n: n, r: r, p: p, count: 32)
                })
        }
    }
}
