package import LibCrypto
package import Records

/// The county's keys (密钥环), opened. It lends secrets to this process and shows them to nobody.
///
/// A value: changes are written to its file first, as a whole, and then stand in it.
package struct Keyring: Sendable, CustomStringConvertible, CustomReflectable {
    enum Material: Sendable {
        case secret(SecretBytes)
        case signing(SigningKey)
    }

    package let path: String
    var file: KeyringFile
    /// The file's bytes as last read or written.
    private var bytes: [UInt8]
    var encryption: KeyEncryption
    var materials: [String: Material] = [:]
    var fingerprints: [String: String] = [:]
    /// Where signing keys may be that are not in the file, by name.
    var devices: [String: any SigningDevice] = [:]

    /// Makes a new ring with one active key for each use in each suite; never overwrites one.
    ///
    /// Takes up to a second. Throws `exists`, `shortPassphrase` (under 12 characters), `oldLibrary`
    /// and more.
    /// - Parameters:
    ///   - city: the name in the domain `link/<city>`.
    ///   - suites: which suites the county uses; approvals need both.
    package static func create(
        at path: String, passphrase: SecretBytes, city: String,
        suites: [CipherSuite] = CipherSuite.allCases, on moment: Timestamp,
        cost: PassphraseCost = .standard
    ) throws(KeyFailure) -> Keyring {
        try refuseOldLibrary(path)
        guard Passphrase.characterCount(of: passphrase) >= Passphrase.leastCharacterCount else {
            throw KeyFailure(.shortPassphrase)
        }
        return try mapping(path) { () throws(CryptoFailure) in
            let salt = try SecretBytes.random(count: 16).withUnsafeBytes { Array($0) }
            let kdf = KeyringFile.Derivation(n: cost.n, salt: Base64.standard.encode(salt))
            var ring = Keyring(
                path: path, file: KeyringFile(kdf: kdf), bytes: [],
                encryption: try KeyEncryption(passphrase: passphrase, kdf: kdf))
            for suite in suites {
                for use in KeyUse.allCases {
                    let domain = use.onlyDomain ?? "link/\(city)"
                    try ring.append(use, suite, domain, secret: nil, state: .active, on: moment)
                }
            }
            return ring
        }.saved()
    }

    /// Opens the ring of a file.
    ///
    /// Takes up to a second. Throws `exposed` where others may read it, `wrongPassphrase`,
    /// `changed` where a byte is not as it was written, `rolledBack`, `oldLibrary`.
    /// - Parameters:
    ///   - counter: the last counter known from elsewhere; an older file is refused.
    ///   - devices: where keys may be that are not in the file. None is asked for anything yet.
    package static func open(
        _ path: String, passphrase: SecretBytes, notBefore counter: Int = 0,
        devices: [any SigningDevice] = []
    ) throws(KeyFailure) -> Keyring {
        try refuseOldLibrary(path)
        let bytes: [UInt8]
        let file: KeyringFile
        do throws(PrivateFile.Refusal) {
            bytes = try PrivateFile.read(path, access: .ownerOnly, limit: KeyringFile.byteLimit)
        } catch { throw KeyFailure(error, path) }
        do throws(KeyFailure) {
            file = try KeyringFile(bytes: bytes)
        } catch { throw KeyFailure(error.reason, place: path) }
        let encryption = try mapping(path) { () throws(CryptoFailure) in
            try KeyEncryption(passphrase: passphrase, kdf: file.kdf)
        }
        var ring = Keyring(path: path, file: file, bytes: bytes, encryption: encryption)
        guard ring.isGenuine else {
            // One key that opens tells a damaged file from a wrong passphrase.
            let opens = file.keys.contains { (try? encryption.unwrap($0)) != nil }
            throw KeyFailure(opens ? .changed : .wrongPassphrase, place: path)
        }
        try ring.refuse(olderThan: counter)
        for device in devices { ring.devices[device.name] = device }
        for row in file.keys where row.state != .destroyed { try ring.take(row) }
        return ring
    }

    init(path: String, file: KeyringFile, bytes: [UInt8], encryption: KeyEncryption) {
        self.path = path
        self.file = file
        self.bytes = bytes
        self.encryption = encryption
    }

    /// Goes up with every change. Kept in the audit log, it shows that an older file was put back.
    package var counter: Int { file.counter }

    /// How hard it is to try passphrases on it.
    package var cost: PassphraseCost { PassphraseCost(n: file.kdf.n) }

    /// Throws `rolledBack` if this ring is older than the counter that is known.
    package func refuse(olderThan known: Int) throws(KeyFailure) {
        guard counter >= known else {
            throw KeyFailure(.rolledBack, place: path, detail: "\(counter) < \(known)")
        }
    }

    /// Throws `exposed` where others may change the folder of a ring: they could put another file
    /// in its place.
    package static func refuseOpenFolder(of path: String) throws(KeyFailure) {
        let folder = PrivateFile.folder(of: path)
        guard PrivateFile.isOurs(folder: folder) else {
            throw KeyFailure(.exposed, place: folder)
        }
    }

    /// Whether a city may be called so in the domain `link/<city>`.
    package static func isCity(_ name: String) -> Bool {
        KeyringFile.isDomain(name) && !name.contains("/")
    }

    private static func refuseOldLibrary(_ path: String) throws(KeyFailure) {
        guard OpenSSLVersion.isSound else {
            throw KeyFailure(.oldLibrary, place: path, detail: OpenSSLVersion.text)
        }
    }

    /// SHA-256, hex, of which keys it has and how far each is: the same for a ring and what its
    /// backup gives back, another for two rings that went different ways from one.
    package var contents: String {
        let lines = file.keys.map { row in
            let print = fingerprints[row.kid] ?? ""
            return "\(row.binding)|\(row.base ?? 0)|\(row.root ?? false)|\(print)\n"
        }
        return Hex.encode(Hash.sha256.digest(Array(lines.sorted().joined().utf8)))
    }

    /// Throws `forked` if this ring is not the one whose contents are known by its counter.
    package func refuse(otherThan known: (counter: Int, contents: String?)) throws(KeyFailure) {
        guard counter == known.counter, let contents = known.contents else { return }
        guard contents == self.contents else {
            throw KeyFailure(.forked, place: path, detail: "\(counter)")
        }
    }

    /// All keys, without any material.
    package func list() -> [KeyEntry] {
        file.keys.map { row in
            KeyEntry(
                kid: row.kid, use: row.use, suite: row.suite, domain: row.domain,
                epoch: row.epoch, state: row.state, created: row.created,
                since: row.activated, fingerprint: fingerprints[row.kid],
                device: row.held?.device)
        }
    }

    /// The path and how many keys; nothing of them.
    package var description: String { "Keyring(\(path), \(file.keys.count))" }
    /// Empty, so that no dump walks into it.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

// MARK: - Lending

extension Keyring {
    /// The key that makes new things. Throws `missing`.
    ///
    /// - Parameter domain: may be left out for uses that have only one.
    package func active(_ use: KeyUse, _ suite: CipherSuite, domain: String? = nil)
        throws(KeyFailure) -> HeldKey
    {
        let name = domain ?? use.onlyDomain
        let found = file.keys.first { row in
            row.state == .active && row.use == use && row.suite == suite && row.domain == name
        }
        guard let found, let held = held(found) else {
            throw KeyFailure(
                .missing, place: path, detail: "\(use.rawValue) \(suite.rawValue) \(name ?? "")")
        }
        return held
    }

    /// The key of an id, if it may still be used: for what was made before a rotation.
    package func usable(_ kid: String) throws(KeyFailure) -> HeldKey {
        guard let row = file.keys.first(where: { $0.kid == kid }) else {
            throw KeyFailure(.missing, place: path, detail: kid)
        }
        guard let held = held(row) else { throw KeyFailure(.state, place: path, detail: kid) }
        return held
    }

    /// Every key of a use that stored names still need, oldest epoch first: the active one is the
    /// last. Throws `missing`.
    ///
    /// - Parameter domain: may be left out for uses that have only one.
    package func epochs(of use: KeyUse, _ suite: CipherSuite, domain: String? = nil)
        throws(KeyFailure) -> [HeldKey]
    {
        let newest = try active(use, suite, domain: domain)
        let name = domain ?? use.onlyDomain ?? ""
        return file.keys.filter { $0.serves(use, suite, name) && $0.epoch < newest.epoch }
            .sorted { $0.epoch < $1.epoch }.compactMap(held) + [newest]
    }

    /// The active signing key of a suite. Throws `missing`.
    package func signingKey(_ suite: CipherSuite) throws(KeyFailure) -> HeldSigningKey {
        for row in file.keys where row.use == .sign && row.suite == suite && row.state == .active {
            if case .signing(let key) = materials[row.kid] {
                return HeldSigningKey(kid: row.kid, key: key)
            }
        }
        throw KeyFailure(.missing, place: path, detail: "sign \(suite.rawValue)")
    }

    /// The signing keys that devices hold, those that sign now and those that wait to.
    package func deviceKeys() -> [(device: String, held: HeldSigningKey)] {
        file.keys.compactMap { row in
            guard let device = row.held?.device, row.state == .active || row.state == .pending,
                case .signing(let key) = materials[row.kid]
            else { return nil }
            return (device, HeldSigningKey(kid: row.kid, key: key))
        }
    }

    /// The public halves of all signing keys that vouch for something or will, by id.
    package func verifyingKeys() throws(KeyFailure) -> [String: VerifyingKey] {
        try Keyring.mapping(path) { () throws(CryptoFailure) in
            var keys: [String: VerifyingKey] = [:]
            for (kid, material) in materials {
                if case .signing(let key) = material { keys[kid] = try key.verifyingKey() }
            }
            return keys
        }
    }

    /// The active signing key's public half in PEM, to be registered with the other side.
    package func signingPublicKeyPEM(_ suite: CipherSuite) throws(KeyFailure) -> String {
        let held = try signingKey(suite)
        return try Keyring.mapping(path) { () throws(CryptoFailure) in
            try held.key.verifyingKey().pem()
        }
    }

    private func held(_ row: KeyringFile.Row) -> HeldKey? {
        guard case .secret(let secret) = materials[row.kid] else { return nil }
        return HeldKey(
            kid: row.kid, epoch: row.epoch, activated: row.activated, secret: secret,
            isRoot: row.root ?? false, base: row.base ?? 1)
    }
}

// MARK: - The file

extension Keyring {
    private var isGenuine: Bool {
        guard let mac = file.mac, let expected = try? encryption.mac(of: file) else { return false }
        return constantTimeEquals(Array(mac.utf8), Array(expected.utf8))
    }

    /// Writes the ring with the next counter, unless the file is no longer the one that was read.
    func saved() throws(KeyFailure) -> Keyring {
        var ring = self
        ring.file.counter += 1
        let next = ring.file
        let digest = try Keyring.mapping(path) { () throws(CryptoFailure) in
            try encryption.mac(of: next)
        }
        ring.file.mac = digest
        ring.bytes = canonicalJSON(ring.file)
        let before = bytes
        do throws(PrivateFile.Refusal) {
            try PrivateFile.replace(path, with: ring.bytes, mode: 0o600) {
                () throws(PrivateFile.Refusal) in
                do throws(PrivateFile.Refusal) {
                    let found = try PrivateFile.read(
                        path, access: .ownerOnly, limit: KeyringFile.byteLimit)
                    guard found == before else { throw .exists }
                } catch .absent where before.isEmpty {}
            }
        } catch {
            if case .exists = error, !before.isEmpty { throw KeyFailure(.busy, place: path) }
            throw KeyFailure(error, path)
        }
        return ring
    }

    static func mapping<Result>(
        _ path: String, _ body: () throws(CryptoFailure) -> Result
    ) throws(KeyFailure) -> Result {
        do throws(CryptoFailure) { return try body() } catch {
            throw KeyFailure(error, place: path)
        }
    }
}

extension KeyFailure {
    init(_ refusal: PrivateFile.Refusal, _ path: String) {
        switch refusal {
        case .absent:
            self.init(.unreadable, place: path, detail: PrivateFile.words(2))
        case .exposed: self.init(.exposed, place: path)
        case .exists: self.init(.exists, place: path)
        case .system(let error):
            self.init(.unreadable, place: path, detail: PrivateFile.words(error))
        }
    }
}
