package import LibCrypto
package import Records

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

    /// Puts a new key in the place of the active one, which goes on opening what is old. A key that
    /// was pending, such as the city's next one, is taken before one is made.
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
        let pending = file.keys.first {
            $0.state == .pending && $0.serves(use, suite, row.domain)
        }
        if let pending {
            try mark(pending.kid, as: .active, on: moment)
            return pending.kid
        }
        return try change { (ring) throws(CryptoFailure) in
            try ring.move(old, to: .verifyOnly)
            let kid = try ring.append(
                use, suite, row.domain, secret: nil, state: .active, on: moment)
            ring.noteBase(of: kid)
            return kid
        }
    }

    /// Puts a link key in force whose names are made of numbers and not of the names before
    /// (`LinkNames`): after a leak. The city's next one is taken where it is pending.
    ///
    /// - Returns: the new key's id.
    package mutating func rekey(
        _ suite: CipherSuite, domain: String, on moment: Timestamp
    ) throws(KeyFailure) -> String {
        let old = try active(.pidLink, suite, domain: domain).kid
        let pending = file.keys.first {
            $0.state == .pending && $0.serves(.pidLink, suite, domain)
        }
        return try change { (ring) throws(CryptoFailure) in
            try ring.move(old, to: .verifyOnly)
            let kid: String
            if let pending {
                kid = pending.kid
                try ring.move(kid, to: .active)
            } else {
                kid = try ring.append(
                    .pidLink, suite, domain, secret: nil, state: .active, on: moment)
            }
            for index in ring.file.keys.indices where ring.file.keys[index].kid == kid {
                ring.file.keys[index].root = true
                if pending != nil { ring.file.keys[index].since = moment }
            }
            return kid
        }
    }

    /// Link keys between a root and the next one: only names in a chain were made with them.
    ///
    /// The roots are not among them: names that others have are made of their pseudonyms.
    package func supersededLinkKeys(_ suite: CipherSuite, domain: String) -> [KeyEntry] {
        let links = file.keys.filter { $0.serves(.pidLink, suite, domain) }
        let newest = links.filter { $0.root == true && $0.state != .pending }.map(\.epoch).max()
        guard let newest else { return [] }
        let superseded = Set(
            links.filter { $0.epoch > 1 && $0.epoch < newest && $0.root != true }.map(\.kid))
        return list().filter { superseded.contains($0.kid) }
    }

    /// Moves a key to another state. States only go forward; a pending key that becomes active
    /// relieves the one before it. `destroyed` drops the key's bytes.
    ///
    /// - Parameter moment: when; a key that becomes active bears it.
    package mutating func mark(_ kid: String, as state: KeyState, on moment: Timestamp)
        throws(KeyFailure)
    {
        guard let row = file.keys.first(where: { $0.kid == kid }) else {
            throw KeyFailure(.missing, place: path, detail: kid)
        }
        let relieved = file.keys.first {
            $0.state == .active && $0.serves(row.use, row.suite, row.domain)
        }
        let isSuperseded =
            row.use == .pidLink
            && supersededLinkKeys(row.suite, domain: row.domain).contains { $0.kid == kid }
        guard row.state.mayBecome(state),
            row.state == .pending || row.use.mayEnd(as: state) || isSuperseded,
            !(state == .active && relieved != nil && row.use == .caseID)
        else {
            throw KeyFailure(
                .state, place: path, detail: "\(kid): \(row.state.rawValue) → \(state.rawValue)")
        }
        try change { (ring) throws(CryptoFailure) in
            if state == .active, let relieved { try ring.move(relieved.kid, to: .verifyOnly) }
            try ring.move(kid, to: state)
            if state == .active, let index = ring.file.keys.firstIndex(where: { $0.kid == kid }) {
                ring.file.keys[index].since = moment
                ring.noteBase(of: kid)
            }
        }
    }

    /// Adds a signing key that a device holds, pending until `mark` makes it active: one that waits
    /// in the device, or one that is made there.
    ///
    /// Throws `device`; `state` while another key of the suite is pending.
    /// - Returns: its id.
    @discardableResult
    package mutating func add(
        signingKeyIn device: any SigningDevice, on moment: Timestamp
    ) throws(KeyFailure) -> String {
        let suite = device.suite
        if let pending = file.keys.first(where: {
            $0.use == .sign && $0.suite == suite && $0.state == .pending
        }) {
            throw KeyFailure(.state, place: path, detail: "\(pending.kid): pending")
        }
        var known: [[UInt8]] = []
        for key in try verifyingKeys().values where key.suite == suite {
            known.append(try Keyring.mapping(path) { () throws(CryptoFailure) in try key.point() })
        }
        // One that is retired, or that leaked, does not come back.
        for case let held? in file.keys.map(\.held) {
            let half = try Keyring.mapping(path) { () throws(CryptoFailure) in
                try VerifyingKey(pem: held.publicKey)
            }
            guard half.suite == suite else { continue }
            known.append(try Keyring.mapping(path) { () throws(CryptoFailure) in try half.point() })
        }
        let key: DeviceKey
        do throws(DeviceFault) { key = try device.nextKey(besides: known) } catch {
            throw KeyFailure(error)
        }
        // A key that took the place of one that the ring knows is nothing that waits there.
        let isReplaced = file.keys.compactMap(\.held).contains {
            $0.device == device.name && $0.isPlace(key.place)
        }
        guard !isReplaced else { throw KeyFailure(DeviceFault(.changed, device.name, key.place)) }
        devices[device.name] = device
        return try change { (ring) throws(CryptoFailure) in
            let held = KeyringFile.DeviceRow(
                device: device.name, place: key.place,
                publicKey: try VerifyingKey(suite, point: key.point).pem())
            return try ring.append(
                .sign, suite, KeyUse.sign.onlyDomain ?? "", secret: nil, held: held,
                state: .pending, on: moment)
        }
    }

    /// A key of what leaves makes its pseudonyms of those of the newest link root, for as long as
    /// it is in force.
    private mutating func noteBase(of kid: String) {
        guard let index = file.keys.firstIndex(where: { $0.kid == kid && $0.use == .pidOut })
        else { return }
        let suite = file.keys[index].suite
        file.keys[index].base =
            file.keys.filter { $0.use == .pidLink && $0.suite == suite && $0.root == true }
            .filter { $0.state != .pending }.map(\.epoch).max()
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
    mutating func append(
        _ use: KeyUse, _ suite: CipherSuite, _ domain: String, secret: SecretBytes?,
        held: KeyringFile.DeviceRow? = nil, state: KeyState, on moment: Timestamp
    ) throws(CryptoFailure) -> String {
        let epoch = file.keys.filter { $0.serves(use, suite, domain) }.map(\.epoch).max() ?? 0
        var kid = try Keyring.randomID()
        while file.keys.contains(where: { $0.kid == kid }) { kid = try Keyring.randomID() }
        var row = KeyringFile.Row(
            created: moment, domain: domain, epoch: epoch + 1, kid: kid, state: state,
            suite: suite, use: use, held: held)
        if let held {
            file.keys.append(row)
            try keep(held, of: row)
            return kid
        }
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
        materials[kid] = nil
        fingerprints[kid] = nil
        if let held = row.held {
            row.state = state
            if state == .destroyed { row.held = nil } else { try keep(held, of: row) }
            file.keys[index] = row
            return
        }
        let secret = try encryption.unwrap(row)
        row.state = state
        row.wrap = state == .destroyed ? nil : try encryption.wrap(secret, for: row)
        file.keys[index] = row
        if state != .destroyed { try keep(secret, of: row) }
    }

    mutating func take(_ row: KeyringFile.Row) throws(KeyFailure) {
        do throws(CryptoFailure) {
            if let held = row.held { return try keep(held, of: row) }
            try keep(try encryption.unwrap(row), of: row)
        } catch { throw KeyFailure(.changed, place: path, detail: row.kid) }
    }

    /// Fingerprints every key; keeps in memory only those that may be used.
    private mutating func keep(
        _ secret: SecretBytes, of row: KeyringFile.Row
    ) throws(CryptoFailure) {
        guard row.use != .sign else { return try keep(SigningKey(pkcs8: secret), of: row) }
        let digest = try KeyedDigest(suite: row.suite, key: secret).digest(Array(row.kid.utf8))
        fingerprints[row.kid] = Hex.encode(Array(digest[0..<4]))
        if row.state.isUsable { materials[row.kid] = .secret(secret) }
    }

    /// The same for a key in a device, which is not asked for anything yet.
    private mutating func keep(
        _ held: KeyringFile.DeviceRow, of row: KeyringFile.Row
    ) throws(CryptoFailure) {
        let device = devices[held.device] ?? UnknownDevice(name: held.device, suite: row.suite)
        try keep(
            SigningKey(in: device, at: held.place, publicPEM: held.publicKey), of: row)
    }

    private mutating func keep(
        _ key: SigningKey, of row: KeyringFile.Row
    ) throws(CryptoFailure) {
        fingerprints[row.kid] = try key.verifyingKey().fingerprint()
        // The other side is told of the public half of a signing key before that key signs.
        if row.state.isUsable || row.state == .pending { materials[row.kid] = .signing(key) }
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
