package import LibCrypto

/// A passphrase that the program makes for a backup and shows once (备份口令), in two halves for two
/// safes: whoever has one of them has nothing.
package struct BackupPassphrase: Sendable {
    /// 24 characters for each half, in groups of four: 48 characters of 32 letters, 240 bits in
    /// all. Neither half alone is tried out: the other has 120 bits.
    private static let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
    private static let count = 24

    /// Both halves together, one after the other.
    package let secret: SecretBytes

    /// Draws one. Throws `randomUnavailable`.
    package init() throws(CryptoFailure) {
        let letters = BackupPassphrase.letters
        let drawn = try SecretBytes.random(count: 2 * BackupPassphrase.count)
        secret = try SecretBytes(count: drawn.count) { (room) throws(CryptoFailure) in
            drawn.withUnsafeBytes { bytes in
                // 32 letters: five bits of each byte, each letter equally likely.
                for index in 0..<bytes.count { room[index] = letters[Int(bytes[index] & 31)] }
            }
        }
    }

    /// Puts the halves, as a person typed or a file gave them, together: spaces and hyphens fall
    /// away, capitals are small. Throws `internal` where secure memory is full.
    package init(joining halves: [SecretBytes]) throws(CryptoFailure) {
        let most = halves.reduce(0) { $0 + $1.count }
        var count = 0
        let room = try SecretBytes(count: most) { (room) throws(CryptoFailure) in
            for half in halves {
                half.withUnsafeBytes { bytes in
                    for byte in bytes where !" -\t\r\n".utf8.contains(byte) {
                        room[count] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                        count += 1
                    }
                }
            }
        }
        secret = try SecretBytes(count: count) { (target) throws(CryptoFailure) in
            room.withUnsafeBytes {
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[0..<count]))
            }
        }
    }

    /// Lends one half as it is shown, in groups of four, to whoever prints it once.
    ///
    /// - Parameter number: 0 or 1.
    package func withHalf<Result>(
        _ number: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        let start = number * BackupPassphrase.count
        let groups = BackupPassphrase.count / 4
        let shown = try SecretBytes(count: BackupPassphrase.count + groups - 1) {
            (room) throws(CryptoFailure) in
            secret.withUnsafeBytes { bytes in
                for index in 0..<BackupPassphrase.count {
                    room[index + index / 4] = bytes[start + index]
                    if index % 4 == 3, index + 1 < BackupPassphrase.count {
                        room[index + index / 4 + 1] = UInt8(ascii: "-")
                    }
                }
            }
        }
        return try shown.withUnsafeBytes { try body($0) }
    }
}

extension Keyring {
    /// Writes all keys, wrapped under another passphrase, to a file of their own; never over one.
    /// Of a key in a device it says where it is: the key itself stays there.
    ///
    /// Takes up to a second. Throws `exists`, `unreadable`.
    package func backUp(
        to path: String, under passphrase: BackupPassphrase, cost: PassphraseCost = .standard
    ) throws(KeyFailure) {
        _ = try rewrapped(at: path, under: passphrase.secret, cost)
    }

    /// Makes a ring of a backup, with the counter of the day on which that was made; never over
    /// another ring.
    ///
    /// Takes up to two seconds. Throws `exists`, `shortPassphrase`, and what `open` does.
    /// - Parameter passphrase: the ring's own from now on.
    package static func restore(
        _ backup: String, openedBy halves: BackupPassphrase, to path: String,
        under passphrase: SecretBytes, cost: PassphraseCost = .standard
    ) throws(KeyFailure) -> Keyring {
        guard Passphrase.characterCount(of: passphrase) >= Passphrase.leastCharacterCount else {
            throw KeyFailure(.shortPassphrase)
        }
        return try open(backup, passphrase: halves.secret)
            .rewrapped(at: path, under: passphrase, cost)
    }

    /// Opens a backup in memory and holds it against this ring (恢复演练); writes nothing.
    ///
    /// Takes up to a second. Throws what `open` does.
    package func compare(
        withBackup path: String, openedBy halves: BackupPassphrase
    ) throws(KeyFailure) -> BackupComparison {
        let backup = try Keyring.open(path, passphrase: halves.secret)
        let ids = Set(file.keys.map(\.kid))
        guard backup.file.keys.contains(where: { ids.contains($0.kid) }) else {
            throw KeyFailure(.stranger, place: path)
        }
        return BackupComparison(
            backup: backup.counter, ring: counter, contents: backup.contents, backup.list(), list())
    }

    /// Wraps all keys anew under another passphrase (更换口令); the keys stay what they are. The
    /// counter goes up, so that a copy that the old passphrase opens is known to be older.
    ///
    /// Takes up to a second. Throws `shortPassphrase`, `busy`, `unreadable`.
    package mutating func changePassphrase(
        to passphrase: SecretBytes, cost: PassphraseCost = .standard
    ) throws(KeyFailure) {
        guard Passphrase.characterCount(of: passphrase) >= Passphrase.leastCharacterCount else {
            throw KeyFailure(.shortPassphrase)
        }
        let (encryption, rewrapped) = try rewrapped(under: passphrase, cost)
        var ring = self
        ring.encryption = encryption
        ring.file = rewrapped
        ring.file.counter = counter
        self = try ring.saved()
    }

    private func rewrapped(
        at path: String, under passphrase: SecretBytes, _ cost: PassphraseCost
    ) throws(KeyFailure) -> Keyring {
        let (encryption, rewrapped) = try rewrapped(under: passphrase, cost)
        var file = rewrapped
        // Saving counts one on: the copy has the counter of what it is a copy of.
        file.counter = counter - 1
        var ring = Keyring(path: path, file: file, bytes: [], encryption: encryption)
        ring.devices = devices
        ring.materials = materials
        ring.fingerprints = fingerprints
        return try ring.saved()
    }

    /// The same keys, wrapped under another passphrase; the counter is 0.
    private func rewrapped(
        under passphrase: SecretBytes, _ cost: PassphraseCost
    ) throws(KeyFailure) -> (KeyEncryption, KeyringFile) {
        try Keyring.mapping(path) { () throws(CryptoFailure) in
            let salt = try SecretBytes.random(count: 16).withUnsafeBytes { Array($0) }
            let kdf = KeyringFile.Derivation(n: cost.n, salt: Base64.standard.encode(salt))
            let new = try KeyEncryption(passphrase: passphrase, kdf: kdf)
            var copy = KeyringFile(kdf: kdf)
            for var row in file.keys {
                if row.wrap != nil {
                    row.wrap = try new.wrap(try encryption.unwrap(row), for: row)
                }
                copy.keys.append(row)
            }
            return (new, copy)
        }
    }
}

/// What a backup of the key ring holds, against the ring in use.
package struct BackupComparison: Sendable, Hashable {
    /// The counters of both: equal where the ring was not changed since.
    package let backup: Int
    package let ring: Int
    /// Keys of the backup that opened.
    package let keys: Int
    /// Ids of keys that the backup lacks.
    package let missing: [String]
    /// Ids of keys that are in another state, are another key, or are in the backup alone.
    package let different: [String]
    /// SHA-256, hex, of the backup's keys and how far each is.
    package let contents: String

    /// Whether the ring in use could be made of the backup.
    package var isWhole: Bool { backup == ring && missing.isEmpty && different.isEmpty }

    init(backup: Int, ring: Int, contents: String, _ kept: [KeyEntry], _ used: [KeyEntry]) {
        self.contents = contents
        self.backup = backup
        self.ring = ring
        keys = kept.count { $0.fingerprint != nil }
        let found = Dictionary(kept.map { ($0.kid, $0) }, uniquingKeysWith: { one, _ in one })
        missing = used.map(\.kid).filter { found[$0] == nil }
        // The fingerprint is made with the key: the same one is the same key.
        let changed = used.filter { key in
            found[key.kid].map { $0 != key } ?? false
        }.map(\.kid)
        let extra = kept.map(\.kid).filter { kid in !used.contains { $0.kid == kid } }
        different = changed + extra
    }
}
