import DeviceKit
import Foundation
import LibCrypto
import LibTokens
import Testing

/// Keys in a cipher machine, by its SDF interface.
@Suite struct MachineTests {
    private let machine: SoftMachine

    init() throws {
        machine = try SoftMachine(indexes: [1, 2])
    }

    private func device(index: UInt32 = 1, pin: String = SoftMachine.pin) -> SDFMachine {
        SDFMachine(
            name: "mima", library: machine.library, index: index, pin: DevicePIN { try secret(pin) }
        )
    }

    private func key(in device: SDFMachine) throws -> SigningKey {
        let key = try device.nextKey(besides: [])
        return try SigningKey(
            in: device, at: key.place, publicPEM: VerifyingKey(.gm, point: key.point).pem())
    }

    @Test func `a machine's key signs as SM2 wants it, and openssl agrees`() throws {
        let key = try key(in: device())
        let bytes = Array("上报 reports\n".utf8)
        try expectGenuine(try key.sign(bytes), over: bytes, by: key)
        // A certificate of its own, too.
        let pem = try key.selfSigned(
            commonName: "12990101MA0000T1XF", notBefore: 1_767_225_600, notAfter: 2_713_910_400)
        #expect(try key.isCertified(by: pem))
        #expect(throws: CryptoFailure.self) { try key.pkcs8() }
        #expect(try device().look() == "Shangbao tests SoftSDF 2026010100100001")
        #expect(machine.tries == 1, "looking at a key takes no PIN")
    }

    @Test func `hundreds of signatures, whatever their numbers begin with, are good DER`() throws {
        let key = try key(in: device())
        let half = try key.verifyingKey()
        for number in 0..<600 {
            let bytes = Array("\(number)".utf8)
            #expect(half.verify(signature: try key.sign(bytes), over: bytes))
        }
        #expect(machine.tries == 1, "one session serves them all")
    }

    @Test func `from several threads it signs one after another`() async throws {
        let key = try key(in: device())
        let half = try key.verifyingKey()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let bytes = Array("\(number)".utf8)
                    return half.verify(signature: try key.sign(bytes), over: bytes)
                }
            }
            for try await isGenuine in group { #expect(isGenuine) }
        }
    }

    @Test func `a session that is lost is opened anew once, and nobody notices`() throws {
        let key = try key(in: device())
        _ = try key.sign([1])
        try machine.loseSessions()
        let bytes: [UInt8] = [2]
        #expect(try key.verifyingKey().verify(signature: key.sign(bytes), over: bytes))
        #expect(machine.tries == 2)
    }

    @Test func `while the machine is away nothing is signed, and afterwards it is`() throws {
        let key = try key(in: device())
        _ = try key.sign([1])
        try machine.set(fault: "away")
        for _ in 0..<2 { expect(.absent) { _ = try key.sign([2]) } }
        try machine.set(fault: nil)
        #expect(try key.verifyingKey().verify(signature: key.sign([3]), over: [3]))
    }

    @Test func `a wrong PIN is tried once, whoever asks again`() throws {
        let device = device(pin: "wrong")
        let key = try key(in: device)
        for _ in 0..<5 { expect(.wrongPIN) { _ = try key.sign([1]) } }
        #expect(machine.tries == 1)
        expect(.wrongPIN) { _ = try device.look() }
        #expect(machine.tries == 1)
    }

    @Test func `without a PIN nothing is tried`() throws {
        struct None: Error {}
        let device = SDFMachine(
            name: "mima", library: machine.library, index: 1, pin: DevicePIN { throw None() })
        let key = try key(in: device)
        expect(.noPIN) { _ = try key.sign([1]) }
        #expect(machine.tries == 0)
    }

    @Test func `a signature that does not fit is not given out`() throws {
        let key = try key(in: device())
        try machine.set(fault: "wrong-signature")
        expect(.wrongSignature) { _ = try key.sign([1]) }
        expect(.wrongSignature) { try key.prove() }
    }

    @Test func `a key that was put in another's place is found out`() throws {
        let key = try key(in: device())
        try key.prove()
        try machine.makeKey(1)
        expect(.changed) { try key.prove() }
        expect(.wrongSignature) { _ = try key.sign([1]) }
    }

    @Test func `no key, another kind, one that is used and a right that is denied are told apart`()
        throws
    {
        expect(.noKey) { _ = try device(index: 7).nextKey(besides: []) }
        let first = try device().nextKey(besides: [])
        expect(.used) { _ = try device().nextKey(besides: [first.point]) }
        #expect(try device(index: 2).nextKey(besides: [first.point]).place == "2")
        let key = try key(in: device())
        try machine.set(fault: "denied")
        expect(.refused) { _ = try key.sign([1]) }
        try machine.set(fault: "other-curve")
        expect(.otherKind) { _ = try device().point(of: "1") }
    }

    @Test func `a library that is not there, or is of something else, is said`() throws {
        func device(_ library: String) -> SDFMachine {
            SDFMachine(
                name: "mima", library: library, index: 1,
                pin: DevicePIN { try secret("none") })
        }
        expect(.noLibrary) { _ = try device("/nowhere/libsdf.so").look() }
        expect(.notOurs) { _ = try device(SoftToken.library).look() }
        let own = machine.library
        for mode in [0o757, 0o775] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: own)
            expect(.exposed) { _ = try device(own).look() }
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: own)
        // Whoever may write the folder puts another file there.
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o777], ofItemAtPath: machine.folder)
        expect(.exposed) { _ = try device(own).look() }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: machine.folder)
        #expect(try !device(own).look().isEmpty)
        let token = PKCS11Token(
            name: "hsm", library: machine.library, token: .slot(0), label: "x",
            pin: DevicePIN { try secret("none") })
        expect(.notOurs) { _ = try token.look() }
    }
}
