import Foundation
import Glibc
import LibCrypto
import Privacy
import Records
import Testing

struct KeyringTests {
    @Test func `A new ring has one active key for each use and suite, and opens again the same`()
        throws
    {
        let folder = try Folder()
        let made = try makeRing(folder)
        let opened = try openRing(folder)
        #expect(opened.list() == made.list())
        #expect(opened.list().count == KeyUse.allCases.count * 2)
        #expect(opened.list().allSatisfy { $0.state == .active && $0.epoch == 1 })
        for suite in CipherSuite.allCases {
            for use in [KeyUse.pidOut, .caseID, .content, .field] {
                let held = try opened.active(use, suite)
                #expect(held.secret == (try made.active(use, suite).secret))
                #expect(held.secret.count == 32)
                #expect(held.epoch == 1)
            }
            let link = try opened.active(.pidLink, suite, domain: "link/city-9901")
            #expect(link.secret != (try opened.active(.pidOut, suite).secret))
            let signature = try made.signingKey(suite).key.sign([1, 2, 3])
            let key = try VerifyingKey(pem: opened.signingPublicKeyPEM(suite))
            #expect(key.suite == suite)
            #expect(key.verify(signature: signature, over: [1, 2, 3]))
        }
    }

    @Test func `Unless it is told otherwise, a try of a passphrase costs 128 MiB`() throws {
        let folder = try Folder()
        let path = folder.file("keyring.json")
        let made = try Keyring.create(
            at: path, passphrase: secret(passphraseText), city: "c", suites: [.gm], on: moment)
        let text = String(decoding: try folder.bytes("keyring.json"), as: UTF8.self)
        #expect(text.contains("\"kdf\":{\"alg\":\"scrypt\",\"n\":131072,\"p\":1,\"r\":8,"))
        #expect(try openRing(folder).list() == made.list())
    }

    @Test func `Ids are eight characters of a-z and 0-9, and all different`() throws {
        let ids = try makeRing(Folder()).list().map(\.kid)
        #expect(Set(ids).count == ids.count)
        let letters = "abcdefghijklmnopqrstuvwxyz0123456789"
        #expect(ids.allSatisfy { $0.count == 8 && $0.allSatisfy(letters.contains) })
    }

    @Test func `Another passphrase does not open it, and a short one does not make it`() throws {
        let folder = try Folder()
        _ = try makeRing(folder)
        let path = folder.file("keyring.json")
        #expect(
            try keyFailure { _ = try Keyring.open(path, passphrase: secret("four unrelated")) }
                == .wrongPassphrase)
        // Eleven characters, though twenty-two bytes.
        #expect(
            try keyFailure {
                _ = try Keyring.create(
                    at: folder.file("other.json"), passphrase: secret("甲乙丙丁戊己庚辛壬癸x"),
                    city: "c", on: moment, cost: PassphraseCost(n: 16))
            } == .shortPassphrase)
        #expect(try folder.names == ["keyring.json"])
    }

    @Test func `A change of any one byte is refused`() throws {
        let folder = try Folder()
        _ = try makeRing(folder, suites: [.gm])
        let bytes = try folder.bytes("keyring.json")
        var taken: [Int] = []
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            try folder.write(changed, to: "keyring.json")
            if try keyFailure({ _ = try openRing(folder) }) == nil { taken.append(index) }
        }
        #expect(taken.isEmpty)
        try folder.write(bytes, to: "keyring.json")
        #expect(try openRing(folder).list().count == KeyUse.allCases.count)
    }

    @Test func `A state that was edited by hand is seen as a change`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        try ring.rotate(.field, .gm, on: moment)
        let text = String(decoding: try folder.bytes("keyring.json"), as: UTF8.self)
        let edited = text.replacing("\"state\":\"verify-only\"", with: "\"state\":\"retired\"")
        #expect(edited != text)
        try folder.write(Array(edited.utf8), to: "keyring.json")
        #expect(try keyFailure { _ = try openRing(folder) } == .changed)
    }

    @Test func `An older copy that is put back is told by its counter`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        let older = try folder.bytes("keyring.json")
        try ring.rotate(.pidOut, .gm, on: moment)
        #expect(ring.counter == 2)
        #expect(try openRing(folder, notBefore: ring.counter).counter == 2)
        try folder.write(older, to: "keyring.json")
        #expect(
            try keyFailure { _ = try openRing(folder, notBefore: ring.counter) } == .rolledBack)
    }

    @Test func `The file is for its owner alone, and nothing else is taken`() throws {
        let folder = try Folder()
        _ = try makeRing(folder)
        let path = folder.file("keyring.json")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        for mode: mode_t in [0o640, 0o604, 0o620] {
            chmod(path, mode)
            #expect(try keyFailure { _ = try openRing(folder) } == .exposed)
        }
        chmod(path, 0o600)
        rename(path, folder.file("elsewhere"))
        symlink("elsewhere", path)
        #expect(try keyFailure { _ = try openRing(folder) } == .exposed)
        unlink(path)
        mkfifo(path, 0o600)
        #expect(try keyFailure { _ = try openRing(folder) } == .exposed)
        unlink(path)
        #expect(try keyFailure { _ = try openRing(folder) } == .unreadable)
    }

    @Test func `A ring that is there is never overwritten`() throws {
        let folder = try Folder()
        _ = try makeRing(folder)
        let bytes = try folder.bytes("keyring.json")
        #expect(try keyFailure { _ = try makeRing(folder) } == .exists)
        #expect(try folder.bytes("keyring.json") == bytes)
    }

    @Test func `What a crash left beside the file does not disturb, and nothing is left behind`()
        throws
    {
        let folder = try Folder()
        try folder.write([1, 2, 3], to: ".keyring.json.new")
        _ = try makeRing(folder)
        #expect(try folder.names == ["keyring.json"])
        #expect(try openRing(folder).counter == 1)
    }

    @Test func `Every key is wrapped as documented`() throws {
        let folder = try Folder()
        let ring = try makeRing(folder)
        struct File: Decodable {
            struct Derivation: Decodable {
                let salt: String
                let n: UInt64
            }
            struct Row: Decodable {
                let kid: String
                let wrap: String
            }
            let kdf: Derivation
            let keys: [Row]
        }
        let file = try JSONDecoder().decode(File.self, from: Data(folder.bytes("keyring.json")))
        let stretched = try KeyDerivation.scrypt(
            passphrase: secret(passphraseText), salt: Base64.standard.decode(file.kdf.salt),
            n: file.kdf.n, r: 8, p: 1, count: 32)
        let held = try ring.active(.content, .intl)
        let row = try #require(file.keys.first { $0.kid == held.kid })
        let kek = try KeyDerivation.hkdf(
            suite: .intl, key: stretched, salt: [], info: Array("gw/keyring/v1".utf8), count: 32)
        var plain = try FieldSealer(suite: .intl, keyID: "kek1", dataKey: kek).open(
            row.wrap, additionalData: "GWK1|\(held.kid)|content|intl|home|1|active")
        #expect(try SecretBytes(consuming: &plain) == held.secret)
    }
}

struct KeyChangeTests {
    @Test func `A rotated key goes on opening, the new one has the next epoch`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        let old = try ring.active(.pidOut, .gm)
        let kid = try ring.rotate(.pidOut, .gm, on: moment)
        for ring in [ring, try openRing(folder)] {
            let now = try ring.active(.pidOut, .gm)
            #expect(now.kid == kid && now.epoch == 2 && now.secret != old.secret)
            #expect(try ring.usable(old.kid).secret == old.secret)
            #expect(try ring.active(.pidOut, .intl).epoch == 1)
        }
    }

    @Test func `Signatures of a rotated signing key still verify`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        let old = try ring.signingKey(.gm)
        let signature = try old.key.sign([7])
        try ring.rotate(.sign, .gm, on: moment)
        let keys = try openRing(folder).verifyingKeys()
        #expect(try ring.signingKey(.gm).kid != old.kid)
        #expect(keys[old.kid]?.verify(signature: signature, over: [7]) == true)
        #expect(keys.count == 3)
    }

    @Test func `The key that names cases is not rotated`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        #expect(try keyFailure { try ring.rotate(.caseID, .gm, on: moment) } == .state)
        let added = try ring.add(.caseID, .gm, on: moment)
        #expect(try keyFailure { try ring.mark(added, as: .active, on: moment) } == .state)
    }

    @Test func `States go forward only`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        let old = try ring.active(.field, .gm).kid
        #expect(try keyFailure { try ring.mark(old, as: .retired, on: moment) } == .state)
        try ring.rotate(.field, .gm, on: moment)
        #expect(try keyFailure { try ring.mark(old, as: .active, on: moment) } == .state)
        try ring.mark(old, as: .retired, on: moment)
        #expect(try keyFailure { _ = try ring.usable(old) } == .state)
        #expect(try keyFailure { _ = try openRing(folder).usable(old) } == .state)
        try ring.mark(old, as: .destroyed, on: moment)
        let entry = try openRing(folder).list().first { $0.kid == old }
        #expect(entry?.state == .destroyed && entry?.fingerprint == nil)
        #expect(try keyFailure { try ring.mark(old, as: .retired, on: moment) } == .state)
        let text = String(decoding: try folder.bytes("keyring.json"), as: UTF8.self)
        #expect(text.matches(of: /"wrap":/).count == ring.list().count - 1)
    }

    @Test func `A second key waits until it is marked active, and relieves the first`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        let old = try ring.active(.pidLink, .gm, domain: "link/city-9901")
        let given = try SecretBytes.random(count: 32)
        let kid = try ring.add(
            .pidLink, .gm, domain: "link/city-9901", secret: given, on: moment)
        #expect(try ring.active(.pidLink, .gm, domain: "link/city-9901").kid == old.kid)
        #expect(try keyFailure { _ = try ring.usable(kid) } == .state)
        try ring.mark(kid, as: .active, on: moment)
        let opened = try openRing(folder)
        #expect(try opened.active(.pidLink, .gm, domain: "link/city-9901").secret == given)
        #expect(try opened.usable(old.kid).secret == old.secret)
    }

    @Test func `A domain that could forge a binding, or is not of its use, is refused`() throws {
        var ring = try makeRing(Folder())
        for domain in ["link/a|b", "link/城", "out/*", ""] {
            #expect(
                try keyFailure { try ring.add(.pidLink, .gm, domain: domain, on: moment) }
                    == .state)
        }
        #expect(
            try keyFailure { try ring.add(.field, .gm, domain: "out/x", on: moment) } == .state)
    }

    @Test func `Of two that change the same file the second is refused`() throws {
        let folder = try Folder()
        var first = try makeRing(folder)
        var second = try openRing(folder)
        try first.rotate(.field, .gm, on: moment)
        #expect(try keyFailure { try second.rotate(.content, .gm, on: moment) } == .busy)
        #expect(second.counter == 1)
        #expect(try openRing(folder).list() == first.list())
    }

    @Test func `A use that the ring does not have is a failure, not a new key`() throws {
        let ring = try makeRing(Folder(), suites: [.gm])
        #expect(try keyFailure { _ = try ring.active(.field, .intl) } == .missing)
        #expect(try keyFailure { _ = try ring.signingKey(.intl) } == .missing)
        #expect(
            try keyFailure { _ = try ring.active(.pidLink, .gm, domain: "link/other") }
                == .missing)
        #expect(try keyFailure { _ = try ring.usable("nosuchid") } == .missing)
    }

    @Test func `No description, dump, list, failure or file shows a key`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        let canary = "CANARY-0123456789-abcdefghij-KEY"
        let kid = try ring.add(
            .pidLink, .gm, domain: "link/other", secret: secret(canary), on: moment)
        let held = try ring.active(.pidLink, .gm, domain: "link/other")
        #expect(held.kid == kid)
        var shown = ""
        dump(ring, to: &shown)
        dump(held, to: &shown)
        dump(ring.list(), to: &shown)
        dump(try ring.signingKey(.gm), to: &shown)
        shown += "\(ring) \(String(reflecting: ring)) \(held) \(String(reflecting: held))"
        do {
            _ = try ring.active(.pidLink, .intl, domain: "link/other")
        } catch {
            shown += "\(error) \(error.detail ?? "")"
        }
        shown += String(decoding: try folder.bytes("keyring.json"), as: UTF8.self)
        let bytes = Array(canary.utf8)
        for form in [
            "CANARY", Hex.encode(bytes).prefix(24).description,
            Base64.standard.encode(bytes).prefix(24).description,
            passphraseText, "\(bytes)",
        ] {
            #expect(!shown.contains(form))
        }
    }
}
