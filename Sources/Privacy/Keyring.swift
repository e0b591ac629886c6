package import LibCrypto
package import Records

/// The county's keys (密钥环), opened. It lends secrets to this process and shows them to nobody.
///
/// A value: changes are written to its file first, as a whole, and then stand in it.
package struct Keyring: Sendable, CustomStringConvertible, CustomReflectable {
    private enum Material: Sendable {
        case secret(SecretBytes)
        case signing(SigningKey)
    }

    package let path: String
    private var file: KeyringFile
    /// The file's bytes as last read or written.
    private var bytes: [UInt8]
    private let encryption: KeyEncryption
    private var materials: [String: Material] = [:]
    private var fingerprints: [String: String] = [:]

    /// Makes a new ring with one active key for each use in each suite; never overwrites one.
    ///
    /// Takes up to a second. Throws `exists`, `shortPassphrase` (under 12 characters) and more.
    /// - Parameters:
    ///   - city: the name in the domain `link/<city>`.
    ///   - suites: which suites the county uses; approvals need both.
    package static func create(
        at path: String, passphrase: SecretBytes, city: String,
        suites: [CipherSuite] = CipherSuite.allCases, on moment: Timestamp,
        cost: PassphraseCost = .standard
    ) throws(KeyFailure) -> Keyring {
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
    /// `changed` where a byte is not as it was written, `rolledBack`.
    /// - Parameter counter: the last counter known from elsewhere; an older file is refused.
    package static func open(
        _ path: String, passphrase: SecretBytes, notBefore counter: Int = 0
    ) throws(KeyFailure) -> Keyring {
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
        for row in file.keys where row.state != .destroyed { try ring.take(row) }
        return ring
    }

    private init(path: String, file: KeyringFile, bytes: [UInt8], encryption: KeyEncryption) {
        self.path = path
        self.file = file
        self.bytes = bytes
        self.encryption = encryption
    }

    /// Goes up with every change. Kept in the audit log, it shows that an older file was put back.
    package var counter: Int { file.counter }

    /// Throws `rolledBack` if this ring is older than the counter that is known.
    package func refuse(olderThan known: Int) throws(KeyFailure) {
        guard counter >= known else {
            throw KeyFailure(.rolledBack, place: path, detail: "\(counter) < \(known)")
        }
    }

    /// All keys, without any material.
    package func list() -> [KeyEntry] {
        file.keys.map { row in
            KeyEntry(
                kid: row.kid, use: row.use, suite: row.suite, domain: row.domain,
                epoch: row.epoch, state: row.state, created: row.created,
                fingerprint: fingerprints[row.kid])
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

    /// The active signing key of a suite. Throws `missing`.
    package func signingKey(_ suite: CipherSuite) throws(KeyFailure) -> HeldSigningKey {
        for row in file.keys where row.use == .sign && row.suite == suite && row.state == .active {
            if case .signing(let key) = materials[row.kid] {
                return HeldSigningKey(kid: row.kid, key: key)
            }
        }
        throw KeyFailure(.missing, place: path, detail: "sign \(suite.rawValue)")
    }

    /// The public halves of all signing keys that still vouch for something, by id.
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
        return HeldKey(kid: row.kid, epoch: row.epoch, secret: secret)
    }
}

// MARK: - Changing

extension Keyring {
    /// Adds a key: active where there is none, else pending until `mark` makes it active.
    ///
    /// - Parameter secret: 32 bytes from elsewhere, such as the city's link key; else random.
    /// - Returns: its id.
    @discardableResult
    package mutating func add(
        _ use: KeyUse, _ suite: CipherSuite, domain: String? = nil, secret: SecretBytes? = nil,
        on moment: Timestamp
    ) throws(KeyFailure) -> String {
        let name = domain ?? use.onlyDomain ?? ""
        let fits = use.onlyDomain.map { $0 == name } ?? name.hasPrefix("link/")
        guard fits, KeyringFile.isDomain(name),
            secret == nil || (secret?.count == CipherSuite.dataKeyByteCount && use != .sign)
        else { throw KeyFailure(.state, place: path, detail: use.rawValue) }
        let isFirst = !file.keys.contains { $0.state == .active && $0.serves(use, suite, name) }
        return try change { (ring) throws(CryptoFailure) in
            try ring.append(
                use, suite, name, secret: secret, state: isFirst ? .active : .pending, on: moment)
        }
    }

    /// Puts a new key in the place of the active one, which goes on opening what is old.
    ///
    /// Throws `state` for the key that names cases: their names are for good.
    /// - Returns: the new key's id.
    @discardableResult
    package mutating func rotate(
        _ use: KeyUse, _ suite: CipherSuite, domain: String? = nil, on moment: Timestamp
    ) throws(KeyFailure) -> String {
        let old = try use == .sign ? signingKey(suite).kid : active(use, suite, domain: domain).kid
        guard use != .caseID, let row = file.keys.first(where: { $0.kid == old }) else {
            throw KeyFailure(.state, place: path, detail: use.rawValue)
        }
        return try change { (ring) throws(CryptoFailure) in
            try ring.move(old, to: .verifyOnly)
            return try ring.append(
                use, suite, row.domain, secret: nil, state: .active, on: moment)
        }
    }

    /// Moves a key to another state. States only go forward; a pending key that becomes active
    /// relieves the one before it. `destroyed` drops the key's bytes.
    package mutating func mark(_ kid: String, as state: KeyState) throws(KeyFailure) {
        guard let row = file.keys.first(where: { $0.kid == kid }) else {
            throw KeyFailure(.missing, place: path, detail: kid)
        }
        let relieved = file.keys.first {
            $0.state == .active && $0.serves(row.use, row.suite, row.domain)
        }
        guard row.state.mayBecome(state),
            !(state == .active && relieved != nil && row.use == .caseID)
        else {
            throw KeyFailure(
                .state, place: path, detail: "\(kid): \(row.state.rawValue) → \(state.rawValue)")
        }
        try change { (ring) throws(CryptoFailure) in
            if state == .active, let relieved { try ring.move(relieved.kid, to: .verifyOnly) }
            try ring.move(kid, to: state)
        }
    }

    private mutating func change<Result>(
        _ body: (inout Keyring) throws(CryptoFailure) -> Result
    ) throws(KeyFailure) -> Result {
        var ring = self
        let result = try Keyring.mapping(path) { () throws(CryptoFailure) in try body(&ring) }
        self = try ring.saved()
        return result
    }

    @discardableResult
    private mutating func append(
        _ use: KeyUse, _ suite: CipherSuite, _ domain: String, secret: SecretBytes?,
        state: KeyState, on moment: Timestamp
    ) throws(CryptoFailure) -> String {
        let epoch = file.keys.filter { $0.serves(use, suite, domain) }.map(\.epoch).max() ?? 0
        var kid = try Keyring.randomID()
        while file.keys.contains(where: { $0.kid == kid }) { kid = try Keyring.randomID() }
        var row = KeyringFile.Row(
            created: moment, domain: domain, epoch: epoch + 1, kid: kid, state: state,
            suite: suite, use: use)
        let fresh: SecretBytes
        if let secret {
            fresh = secret
        } else if use == .sign {
            fresh = try SigningKey(generating: suite).pkcs8()
        } else {
            fresh = try SecretBytes.random(count: CipherSuite.dataKeyByteCount)
        }
        row.wrap = try encryption.wrap(fresh, for: row)
        file.keys.append(row)
        try keep(fresh, of: row)
        return kid
    }

    private mutating func move(_ kid: String, to state: KeyState) throws(CryptoFailure) {
        guard let index = file.keys.firstIndex(where: { $0.kid == kid }) else { return }
        var row = file.keys[index]
        let secret = try encryption.unwrap(row)
        row.state = state
        row.wrap = state == .destroyed ? nil : try encryption.wrap(secret, for: row)
        file.keys[index] = row
        materials[kid] = nil
        fingerprints[kid] = nil
        if state != .destroyed { try keep(secret, of: row) }
    }

    private mutating func take(_ row: KeyringFile.Row) throws(KeyFailure) {
        do throws(CryptoFailure) {
            try keep(try encryption.unwrap(row), of: row)
        } catch { throw KeyFailure(.changed, place: path, detail: row.kid) }
    }

    /// Fingerprints every key; keeps in memory only those that may be used.
    private mutating func keep(
        _ secret: SecretBytes, of row: KeyringFile.Row
    ) throws(CryptoFailure) {
        let material: Material
        if row.use == .sign {
            let key = try SigningKey(pkcs8: secret)
            material = .signing(key)
            fingerprints[row.kid] = try key.verifyingKey().fingerprint()
        } else {
            material = .secret(secret)
            let digest = try KeyedDigest(suite: row.suite, key: secret).digest(Array(row.kid.utf8))
            fingerprints[row.kid] = Hex.encode(Array(digest[0..<4]))
        }
        if row.state.isUsable { materials[row.kid] = material }
    }

    /// Eight characters of `a-z0-9`, each equally likely.
    private static func randomID() throws(CryptoFailure) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var id: [UInt8] = []
        while id.count < 8 {
            let draw = try SecretBytes.random(count: 16).withUnsafeBytes { Array($0) }
            // 252 is the greatest multiple of 36 in a byte.
            id += draw.filter { $0 < 252 }.map { letters[Int($0 % 36)] }
        }
        return String(decoding: id[0..<8], as: UTF8.self)
    }
}

// MARK: - The file

extension Keyring {
    private var isGenuine: Bool {
        guard let mac = file.mac, let expected = try? encryption.mac(of: file) else { return false }
        return constantTimeEquals(Array(mac.utf8), Array(expected.utf8))
    }

    /// Writes the ring with the next counter, unless the file is no longer the one that was read.
    private func saved() throws(KeyFailure) -> Keyring {
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

    private static func mapping<Result>(
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
