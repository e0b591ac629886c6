import Glibc
import LibCrypto
import Privacy
import Records
import Testing

/// A copy for the safe, under a passphrase of its own that nobody chose.
struct KeyringBackupTests {
    private let cheap = PassphraseCost(n: 16)

    private func halves(_ passphrase: BackupPassphrase) throws -> [String] {
        try (0...1).map { try passphrase.withHalf($0) { String(decoding: $0, as: UTF8.self) } }
    }

    @Test func `a backup gives back every key, its states and its counter`() throws {
        let folder = try Folder()
        var ring = try makeRing(folder)
        try ring.rotate(.field, .gm, on: moment)
        let old = try #require(ring.list().first { $0.state == .verifyOnly })
        try ring.mark(old.kid, as: .retired, on: moment)
        let before = try folder.bytes("keyring.json")
        let passphrase = try BackupPassphrase()
        try ring.backUp(to: folder.file("safe.json"), under: passphrase, cost: cheap)
        #expect(try folder.bytes("keyring.json") == before, "the ring itself stays as it is")
        var status = stat()
        #expect(stat(folder.file("safe.json"), &status) == 0 && status.st_mode & 0o777 == 0o600)

        // As a person types it: in capitals, with or without the hyphens.
        let typed = try halves(passphrase)
        let joined = try BackupPassphrase(joining: [
            secret(typed[0].uppercased()), secret(typed[1].replacing("-", with: " ")),
        ])
        let restored = try Keyring.restore(
            folder.file("safe.json"), openedBy: joined, to: folder.file("new.json"),
            under: secret("another passphrase"), cost: cheap)
        #expect(restored.list() == ring.list() && restored.counter == ring.counter)
        let opened = try Keyring.open(
            folder.file("new.json"), passphrase: secret("another passphrase"))
        #expect(opened.list() == ring.list())
        for use in [KeyUse.pidOut, .caseID, .content, .field] {
            #expect(try opened.active(use, .gm).secret == (try ring.active(use, .gm).secret))
        }
        let signature = try opened.signingKey(.intl).key.sign([7])
        let keys = try ring.verifyingKeys()
        let kid = try opened.signingKey(.intl).kid
        #expect(keys[kid]?.verify(signature: signature, over: [7]) == true)
    }

    @Test func `one half opens nothing, nor do they the wrong way round`() throws {
        let folder = try Folder()
        let ring = try makeRing(folder, suites: [.gm])
        let passphrase = try BackupPassphrase()
        try ring.backUp(to: folder.file("safe.json"), under: passphrase, cost: cheap)
        let typed = try halves(passphrase)
        #expect(typed.allSatisfy { $0.wholeMatch(of: /([a-z2-9]{4}-){5}[a-z2-9]{4}/) != nil })
        let others = try halves(BackupPassphrase())
        for wrong in [
            [typed[0]], [typed[1]], [typed[1], typed[0]], [typed[0], others[1]],
            [others[0], typed[1]],
        ] {
            let joined = try BackupPassphrase(joining: wrong.map { try secret($0) })
            #expect(
                try keyFailure {
                    _ = try Keyring.restore(
                        folder.file("safe.json"), openedBy: joined, to: folder.file("new.json"),
                        under: secret(passphraseText), cost: cheap)
                } == .wrongPassphrase)
        }
        // The ring's own passphrase is not the backup's.
        #expect(
            try keyFailure {
                _ = try Keyring.open(
                    folder.file("safe.json"), passphrase: secret(passphraseText))
            } == .wrongPassphrase)
        #expect(try folder.names == ["keyring.json", "safe.json"])
    }

    @Test func `neither a backup nor a ring is written over another file`() throws {
        let folder = try Folder()
        let ring = try makeRing(folder, suites: [.gm])
        let passphrase = try BackupPassphrase()
        try ring.backUp(to: folder.file("safe.json"), under: passphrase, cost: cheap)
        let (safe, own) = (try folder.bytes("safe.json"), try folder.bytes("keyring.json"))
        #expect(
            try keyFailure {
                try ring.backUp(
                    to: folder.file("safe.json"), under: BackupPassphrase(), cost: cheap)
            } == .exists)
        #expect(
            try keyFailure {
                _ = try Keyring.restore(
                    folder.file("safe.json"), openedBy: passphrase, to: folder.file("keyring.json"),
                    under: secret(passphraseText), cost: cheap)
            } == .exists)
        #expect(try folder.bytes("safe.json") == safe)
        #expect(try folder.bytes("keyring.json") == own)
    }
}
