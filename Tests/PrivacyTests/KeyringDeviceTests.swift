import DeviceKit
import Foundation
import LibCrypto
import LibTokens
import Privacy
import Testing

/// What the ring holds of a signing key that a device holds.
struct KeyringDeviceTests {
    private let machine: SoftMachine
    private let folder: Folder

    init() throws {
        machine = try SoftMachine(indexes: [1, 2])
        folder = try Folder()
    }

    private func device(index: UInt32 = 1) -> SDFMachine {
        SDFMachine(
            name: "mima", library: machine.library, index: index,
            pin: DevicePIN { try secret(SoftMachine.pin) })
    }

    /// A ring whose SM2 key in force is in the machine, and that key's id.
    private func ring() throws -> (ring: Keyring, kid: String) {
        var ring = try makeRing(folder)
        let kid = try ring.add(signingKeyIn: device(), on: moment)
        #expect(ring.list().first { $0.kid == kid }?.state == .pending)
        try ring.mark(kid, as: .active, on: moment)
        return (ring, kid)
    }

    @Test func `it opens again and signs, and the one before still verifies`() throws {
        let (made, kid) = try ring()
        let opened = try openRing(folder, devices: [device()])
        #expect(opened.list() == made.list())
        let entry = try #require(opened.list().first { $0.kid == kid })
        #expect(entry.device == "mima" && entry.state == .active && entry.epoch == 2)
        let held = try opened.signingKey(.gm)
        #expect(held.kid == kid)
        let half = try #require(try opened.verifyingKeys()[kid])
        #expect(half.verify(signature: try held.key.sign([1, 2, 3]), over: [1, 2, 3]))
        #expect(try half.fingerprint() == entry.fingerprint)
        let before = try #require(opened.list().first { $0.use == .sign && $0.epoch == 1 })
        #expect(before.device == nil && before.state == .verifyOnly)
        #expect(try opened.verifyingKeys().count == 3)
    }

    @Test func `a ring whose device is not named opens, and does not sign`() throws {
        let (_, kid) = try ring()
        let opened = try openRing(folder)
        #expect(opened.list().first { $0.kid == kid }?.device == "mima")
        let key = try opened.signingKey(.gm).key
        #expect { try key.sign([1]) } throws: {
            ($0 as? CryptoFailure)?.device?.reason == .unknown
        }
    }

    @Test func `nothing in the row can be changed unseen`() throws {
        _ = try ring()
        let text = String(decoding: try folder.bytes("keyring.json"), as: UTF8.self)
        for (part, other) in [
            ("\"device\":\"mima\"", "\"device\":\"mine\""), ("\"place\":\"1\"", "\"place\":\"2\""),
            ("-----BEGIN PUBLIC KEY-----\\nM", "-----BEGIN PUBLIC KEY-----\\nN"),
        ] {
            #expect(text.contains(part), "\(part)")
            try folder.write(Array(text.replacing(part, with: other).utf8), to: "keyring.json")
            #expect(try keyFailure { _ = try openRing(folder) } == .changed, "\(part)")
        }
    }

    @Test func `its backup says where the key is, and is restored with it`() throws {
        let (made, kid) = try ring()
        let passphrase = try BackupPassphrase()
        let cheap = PassphraseCost(n: 16)
        try made.backUp(to: folder.file("safe.json"), under: passphrase, cost: cheap)
        let restored = try Keyring.restore(
            folder.file("safe.json"), openedBy: passphrase, to: folder.file("new.json"),
            under: secret("another passphrase"), cost: cheap)
        #expect(restored.list() == made.list())
        let opened = try Keyring.open(
            folder.file("new.json"), passphrase: secret("another passphrase"),
            devices: [device()])
        #expect(try opened.signingKey(.gm).kid == kid)
        try opened.signingKey(.gm).key.prove()
    }

    @Test func `from index to index, and to the end`() throws {
        var (ring, first) = try ring()
        #expect { try ring.add(signingKeyIn: device(), on: moment) } throws: {
            ($0 as? KeyFailure)?.fault?.reason == .used
        }
        let second = try ring.add(signingKeyIn: device(index: 2), on: moment)
        // One waits: another is not asked for.
        #expect(
            try keyFailure { try ring.add(signingKeyIn: device(index: 2), on: moment) } == .state)
        try ring.mark(second, as: .active, on: moment)
        #expect(ring.deviceKeys().map(\.held.kid) == [second])
        #expect(try ring.verifyingKeys()[first] != nil, "it still verifies what it signed")
        try ring.mark(first, as: .retired, on: moment)
        #expect { try ring.add(signingKeyIn: device(), on: moment) } throws: {
            ($0 as? KeyFailure)?.fault?.reason == .used
        }
        try ring.mark(first, as: .destroyed, on: moment)
        let opened = try openRing(folder, devices: [device()])
        let gone = try #require(opened.list().first { $0.kid == first })
        #expect(gone.device == nil && gone.fingerprint == nil && gone.state == .destroyed)
    }
}
