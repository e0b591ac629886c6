import CTokens
import LibCrypto

/// A session with a token in which the user is logged in. Whoever uses it holds the module's lock.
final class PKCS11Session {
    let info: CK_TOKEN_INFO
    /// As the token's maker gave it; may be empty.
    var serial: String { paddedText(info.serialNumber) }
    private let module: PKCS11Module
    private let slot: UInt
    private let handle: CK_ULONG
    /// Handles of private keys by the ids of their objects.
    private var keys: [String: CK_ULONG] = [:]

    /// Opens a session. Nobody is logged in yet.
    init(_ module: PKCS11Module, slot: UInt, _ info: CK_TOKEN_INFO) throws(PKCS11Refusal) {
        self.module = module
        self.slot = slot
        self.info = info
        handle = try PKCS11Session.open(module, slot, CK.serial)
    }

    private static func open(_ module: PKCS11Module, _ slot: UInt, _ flags: UInt)
        throws(PKCS11Refusal) -> CK_ULONG
    {
        var handle: CK_ULONG = 0
        try module.check(
            module.functions.C_OpenSession(slot, flags, nil, nil, &handle), "C_OpenSession")
        return handle
    }

    func close() {
        _ = module.functions.C_CloseSession(handle)
    }

    func logIn(_ pin: SecretBytes) throws(PKCS11Refusal) {
        let answer = pin.withUnsafeBytes { bytes in
            // Declared mutable, and only read.
            module.functions.C_Login(
                handle, CK.user,
                UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress),
                CK_ULONG(bytes.count))
        }
        if answer != CK.loggedIn { try module.check(answer, "C_Login") }
    }

    /// Makes a pair on P-256 that stays in the token: sensitive, not extractable.
    func generate(id: [UInt8], label: String) throws(PKCS11Refusal) {
        var publics = AttributeList()
        publics.add(CK.Attribute.token, true)
        publics.add(CK.Attribute.isPrivate, false)
        publics.add(CK.Attribute.verify, true)
        publics.add(CK.Attribute.curve, CK.p256)
        publics.add(CK.Attribute.id, id)
        publics.add(CK.Attribute.label, Array(label.utf8))
        var privates = AttributeList()
        privates.add(CK.Attribute.token, true)
        privates.add(CK.Attribute.isPrivate, true)
        privates.add(CK.Attribute.sensitive, true)
        privates.add(CK.Attribute.extractable, false)
        privates.add(CK.Attribute.sign, true)
        privates.add(CK.Attribute.id, id)
        privates.add(CK.Attribute.label, Array(label.utf8))
        var mechanism = CK_MECHANISM()
        mechanism.mechanism = CK.generatePair
        var (publicKey, privateKey): (CK_ULONG, CK_ULONG) = (0, 0)
        // Logged in like this one, and allowed to write.
        let writing = try PKCS11Session.open(module, slot, CK.serial | CK.readWrite)
        defer { _ = module.functions.C_CloseSession(writing) }
        let answer = publics.lend { publicList, publicCount in
            privates.lend { privateList, privateCount in
                module.functions.C_GenerateKeyPair(
                    writing, &mechanism, publicList, publicCount, privateList, privateCount,
                    &publicKey, &privateKey)
            }
        }
        try module.check(answer, "C_GenerateKeyPair")
    }

    /// The ids of the private keys that bear a label.
    func ids(labelled label: String) throws(PKCS11Refusal) -> [[UInt8]] {
        var wanted = AttributeList()
        wanted.add(CK.Attribute.kind, CK.privateKey)
        wanted.add(CK.Attribute.label, Array(label.utf8))
        var ids: [[UInt8]] = []
        for object in try objects(wanted) {
            ids.append(try value(CK.Attribute.id, of: object) ?? [])
        }
        return ids
    }

    /// What is the matter with the private key of an id, and by which attribute; `nil` where it is
    /// a P-256 key that signs, was made in the token and cannot be taken out.
    func flaw(of id: [UInt8]) throws(PKCS11Refusal) -> (DeviceFault.Reason, String)? {
        guard let key = try object(CK.privateKey, id) else { return (.noKey, "") }
        guard try value(CK.Attribute.curve, of: key) == CK.p256 else {
            return (.otherKind, "CKA_EC_PARAMS")
        }
        let wanted: [(UInt, [UInt8], DeviceFault.Reason, String)] = [
            (CK.Attribute.sign, [1], .otherKind, "CKA_SIGN"),
            (CK.Attribute.sensitive, [1], .otherKind, "CKA_SENSITIVE"),
            (CK.Attribute.extractable, [0], .otherKind, "CKA_EXTRACTABLE"),
            (CK.Attribute.local, [1], .imported, "CKA_LOCAL"),
            (CK.Attribute.alwaysSensitive, [1], .imported, "CKA_ALWAYS_SENSITIVE"),
            (CK.Attribute.neverExtractable, [1], .imported, "CKA_NEVER_EXTRACTABLE"),
        ]
        for (attribute, right, reason, name) in wanted
        where try value(attribute, of: key) != right { return (reason, name) }
        return nil
    }

    /// x‖y of the public half; `nil` where the token shows none.
    func point(_ id: [UInt8]) throws(PKCS11Refusal) -> [UInt8]? {
        guard let key = try object(CK.publicKey, id),
            let value = try value(CK.Attribute.point, of: key)
        else { return nil }
        // An OCTET STRING in DER; some tokens give the point bare.
        let isWrapped = value.count == 67 && value.starts(with: [0x04, 0x41])
        let bare = isWrapped ? value.dropFirst(2) : value[...]
        guard bare.count == 65, bare.first == 4 else { return nil }
        return Array(bare.dropFirst())
    }

    /// r‖s; `nil` where the token holds no such key.
    func sign(_ digest: [UInt8], _ id: [UInt8]) throws(PKCS11Refusal) -> [UInt8]? {
        let name = id.map { String($0) }.joined(separator: ".")
        if keys[name] == nil { keys[name] = try object(CK.privateKey, id) }
        guard let key = keys[name] else { return nil }
        var mechanism = CK_MECHANISM()
        mechanism.mechanism = CK.ecdsa
        try module.check(module.functions.C_SignInit(handle, &mechanism, key), "C_SignInit")
        var signature = [UInt8](repeating: 0, count: 256)
        var count = CK_ULONG(signature.count)
        try module.check(
            module.functions.C_Sign(handle, digest, CK_ULONG(digest.count), &signature, &count),
            "C_Sign")
        return Array(signature.prefix(Int(count)))
    }

    private func object(_ kind: UInt, _ id: [UInt8]) throws(PKCS11Refusal) -> CK_ULONG? {
        var wanted = AttributeList()
        wanted.add(CK.Attribute.kind, kind)
        wanted.add(CK.Attribute.keyType, CK.ellipticCurve)
        wanted.add(CK.Attribute.id, id)
        return try objects(wanted).first
    }

    private func objects(_ wanted: AttributeList) throws(PKCS11Refusal) -> [CK_ULONG] {
        try module.check(
            wanted.lend { module.functions.C_FindObjectsInit(handle, $0, $1) },
            "C_FindObjectsInit")
        defer { _ = module.functions.C_FindObjectsFinal(handle) }
        var found = [CK_ULONG](repeating: 0, count: 64)
        var count: CK_ULONG = 0
        try module.check(
            module.functions.C_FindObjects(handle, &found, CK_ULONG(found.count), &count),
            "C_FindObjects")
        return Array(found.prefix(Int(count)))
    }

    /// The bytes of an attribute; `nil` where the object has none, or does not show it.
    private func value(_ type: UInt, of object: CK_ULONG) throws(PKCS11Refusal) -> [UInt8]? {
        var room = [UInt8](repeating: 0, count: 512)
        let (answer, count) = room.withUnsafeMutableBytes { bytes in
            var attribute = CK_ATTRIBUTE()
            attribute.type = type
            attribute.pValue = bytes.baseAddress
            attribute.ulValueLen = CK_ULONG(bytes.count)
            let answer = module.functions.C_GetAttributeValue(handle, object, &attribute, 1)
            return (answer, attribute.ulValueLen)
        }
        if CK.lost.contains(answer) { try module.check(answer, "C_GetAttributeValue") }
        return answer == 0 && count <= CK_ULONG(room.count) ? Array(room.prefix(Int(count))) : nil
    }
}

/// Attributes of an object with the bytes of their values.
struct AttributeList {
    private var types: [(type: UInt, start: Int, count: Int)] = []
    private var bytes: [UInt8] = []

    mutating func add(_ type: UInt, _ value: [UInt8]) {
        // Numbers are read where they stand: each value begins at a word.
        while bytes.count % MemoryLayout<UInt>.alignment != 0 { bytes.append(0) }
        types.append((type, bytes.count, value.count))
        bytes += value
    }

    mutating func add(_ type: UInt, _ value: Bool) { add(type, [value ? 1 : 0]) }

    mutating func add(_ type: UInt, _ value: UInt) {
        add(type, withUnsafeBytes(of: value) { Array($0) })
    }

    /// Lends the list as the interface wants it; it is only read.
    func lend(_ body: (UnsafeMutablePointer<CK_ATTRIBUTE>?, CK_ULONG) -> CK_RV) -> CK_RV {
        var values = bytes
        return values.withUnsafeMutableBytes { room in
            var list = types.map { entry in
                var attribute = CK_ATTRIBUTE()
                attribute.type = entry.type
                attribute.pValue = room.baseAddress?.advanced(by: entry.start)
                attribute.ulValueLen = CK_ULONG(entry.count)
                return attribute
            }
            return list.withUnsafeMutableBufferPointer { list in
                body(list.baseAddress, CK_ULONG(list.count))
            }
        }
    }
}
