import DeviceKit
import Foundation
import LibCrypto
import LibTokens
import Synchronization
import Testing

/// Keys in tokens of a real SoftHSM 2. Its configuration is the process's, so all of them lie in
/// one folder.
@Suite(.serialized) struct TokenTests {
    private static let tokens: SoftToken? = {
        // Set as the bundle was loaded (`EarlyEnvironment`).
        guard let path = ProcessInfo.processInfo.environment["SOFTHSM2_CONF"] else { return nil }
        return try? SoftToken(label: "first", configuration: path)
    }()
    private let tokens: SoftToken
    /// A token of this test's own.
    private let label: String

    init() throws {
        tokens = try #require(Self.tokens, "softhsm2 is installed by scripts/setup --tests")
        label = String(UUID().uuidString.prefix(8))
        // The library in this process began before this token was there.
        try tokens.make(label)
    }

    private func device(_ name: String = "shangbao", pin: String = SoftToken.pin) -> PKCS11Token {
        PKCS11Token(
            name: "hsm", library: SoftToken.library, token: .label(label), label: name,
            pin: DevicePIN { try secret(pin) })
    }

    private func key(in device: PKCS11Token) throws -> SigningKey {
        let key = try device.nextKey(besides: [])
        return try SigningKey(
            in: device, at: key.place, publicPEM: VerifyingKey(.intl, point: key.point).pem())
    }

    @Test func `a key is made in the token, signs there, and openssl agrees`() throws {
        let key = try key(in: device())
        let bytes = Array("first\r\nsecond\u{0}\n".utf8)
        try expectGenuine(try key.sign(bytes), over: bytes, by: key)
        try key.prove()
        let pem = try key.selfSigned(
            commonName: "12990101MA0000T1XF", notBefore: 1_767_225_600, notAfter: 2_713_910_400)
        #expect(try key.isCertified(by: pem))
        #expect(try !key.cades(over: bytes, certificatePEM: pem).isEmpty)
        #expect(throws: CryptoFailure.self) { try key.pem() }
        #expect(try device().look().hasPrefix("SoftHSM project SoftHSM v2 "))
    }

    @Test func `one that waits is taken before another is made`() throws {
        let first = try device().nextKey(besides: [])
        #expect(try device().nextKey(besides: []) == first)
        let second = try device().nextKey(besides: [first.point])
        #expect(second.place != first.place && second.point != first.point)
        #expect(try device().point(of: first.place) == first.point)
    }

    @Test func `hundreds of signatures, whatever their numbers begin with, are good DER`() throws {
        let key = try key(in: device())
        let half = try key.verifyingKey()
        for number in 0..<600 {
            let bytes = Array("\(number)".utf8)
            #expect(half.verify(signature: try key.sign(bytes), over: bytes))
        }
    }

    @Test func `a token that is pulled out and put back signs again`() throws {
        let key = try key(in: device())
        _ = try key.sign([1])
        try tokens.take(away: true)
        do {
            defer { try? tokens.take(away: false) }
            // Whoever is logged in may not notice; a new log-in does.
            expect(.absent) { _ = try device().look() }
            expect(.absent) { _ = try key.sign([2]) }
        }
        #expect(try key.verifyingKey().verify(signature: key.sign([3]), over: [3]))
    }

    @Test func `a wrong PIN is tried once, and what the token says of its tries is said`() throws {
        // Nobody of this process is logged in any more, or the token would not look at the PIN.
        let key = try device().nextKey(besides: [])
        let wrong = device(pin: "wrong-pin")
        expect(.wrongPIN) { _ = try wrong.sign([UInt8](repeating: 7, count: 32), with: key.place) }
        do { _ = try wrong.look() } catch {
            #expect(error.reason == .wrongPIN)
            #expect(error.detail.contains("CKR_PIN_INCORRECT"))
            #expect(error.detail.contains("CKF_USER_PIN_COUNT_LOW"))
            #expect(!error.detail.contains("wrong-pin"))
        }
        // The right one goes on elsewhere.
        #expect(try device().point(of: key.place) == key.point)
    }

    @Test func `no token, no key, and one that could be taken out are told apart`() throws {
        let none = PKCS11Token(
            name: "hsm", library: SoftToken.library, token: .label("no such"), label: "x",
            pin: DevicePIN { try secret(SoftToken.pin) })
        expect(.absent) { _ = try none.look() }
        expect(.noKey) { _ = try device().point(of: "00ff") }
        expect(.noKey) { _ = try device().sign([UInt8](repeating: 0, count: 32), with: "nothex") }
        try tokens.importKey(label, label: "outside")
        let imported = device("outside")
        // What was imported has no public half in the token: it is not taken, one is made.
        let made = try imported.nextKey(besides: [])
        #expect(made.place != "0102")
        expect(.otherKind) { _ = try imported.point(of: "0102") }
        // One that would stay inside from now on was outside all the same.
        try tokens.importPair(label, label: "brought")
        expect(.imported) { _ = try device("brought").nextKey(besides: []) }
        expect(.imported) { _ = try device("brought").point(of: "0304") }
    }

    @Test func `of two tokens with one label none is chosen, and no PIN is sent`() throws {
        try tokens.make(label)
        let asked = Mutex(0)
        let device = PKCS11Token(
            name: "hsm", library: SoftToken.library, token: .label(label), label: "x",
            pin: DevicePIN {
                asked.withLock { $0 += 1 }
                return try secret(SoftToken.pin)
            })
        expect(.ambiguous) { _ = try device.look() }
        expect(.ambiguous) { _ = try device.nextKey(besides: []) }
        #expect(asked.withLock { $0 } == 0)
    }
}
