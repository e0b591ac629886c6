/// What of PKCS#11 v2.40 is a number.
enum CK {
    static let osLocking: UInt = 1 << 1
    static let readWrite: UInt = 1 << 1
    static let serial: UInt = 1 << 2
    static let user: UInt = 1
    static let pinCountLow: UInt = 1 << 16
    static let pinFinalTry: UInt = 1 << 17
    static let pinLocked: UInt = 1 << 18

    static let publicKey: UInt = 2
    static let privateKey: UInt = 3
    static let ellipticCurve: UInt = 3

    enum Attribute {
        static let kind: UInt = 0
        static let token: UInt = 1
        static let isPrivate: UInt = 2
        static let label: UInt = 3
        static let keyType: UInt = 0x100
        static let id: UInt = 0x102
        static let sensitive: UInt = 0x103
        static let sign: UInt = 0x108
        static let verify: UInt = 0x10A
        static let extractable: UInt = 0x162
        static let local: UInt = 0x163
        static let neverExtractable: UInt = 0x164
        static let alwaysSensitive: UInt = 0x165
        static let curve: UInt = 0x180
        static let point: UInt = 0x181
    }

    static let generatePair: UInt = 0x1040
    static let ecdsa: UInt = 0x1041

    /// The OID of P-256 in DER: what `CKA_EC_PARAMS` holds.
    static let p256: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]

    /// The answers that are told apart, by number.
    static let names: [UInt: String] = [
        0x03: "CKR_SLOT_ID_INVALID", 0x05: "CKR_GENERAL_ERROR", 0x06: "CKR_FUNCTION_FAILED",
        0x13: "CKR_ATTRIBUTE_VALUE_INVALID", 0x30: "CKR_DEVICE_ERROR",
        0x31: "CKR_DEVICE_MEMORY", 0x32: "CKR_DEVICE_REMOVED",
        0x54: "CKR_FUNCTION_NOT_SUPPORTED", 0x60: "CKR_KEY_HANDLE_INVALID",
        0x63: "CKR_KEY_TYPE_INCONSISTENT", 0x68: "CKR_KEY_FUNCTION_NOT_PERMITTED",
        0x70: "CKR_MECHANISM_INVALID", 0x82: "CKR_OBJECT_HANDLE_INVALID",
        0xA0: "CKR_PIN_INCORRECT", 0xA1: "CKR_PIN_INVALID", 0xA2: "CKR_PIN_LEN_RANGE",
        0xA3: "CKR_PIN_EXPIRED", 0xA4: "CKR_PIN_LOCKED", 0xB0: "CKR_SESSION_CLOSED",
        0xB1: "CKR_SESSION_COUNT", 0xB3: "CKR_SESSION_HANDLE_INVALID",
        0xE0: "CKR_TOKEN_NOT_PRESENT", 0xE1: "CKR_TOKEN_NOT_RECOGNIZED",
        0xE2: "CKR_TOKEN_WRITE_PROTECTED", 0x100: "CKR_USER_ALREADY_LOGGED_IN",
        0x101: "CKR_USER_NOT_LOGGED_IN", 0x102: "CKR_USER_PIN_NOT_INITIALIZED",
        0x140: "CKR_CURVE_NOT_SUPPORTED", 0x190: "CKR_CRYPTOKI_NOT_INITIALIZED",
        0x191: "CKR_CRYPTOKI_ALREADY_INITIALIZED",
    ]

    /// After these, or a general error, a session may be opened anew: the token was away, the
    /// library was started again, or somebody ended our sessions.
    static let lost: Set<UInt> = [
        0x03, 0x05, 0x06, 0x30, 0x32, 0x60, 0x82, 0xB0, 0xB3, 0xE0, 0xE1, 0x101, 0x190,
    ]
    /// The token is not there.
    static let away: Set<UInt> = [0x03, 0x30, 0x32, 0xB3, 0xE0, 0xE1]
    static let wrongPIN: Set<UInt> = [0xA0, 0xA1, 0xA2]
    static let lockedPIN: Set<UInt> = [0xA3, 0xA4, 0x102]
    static let loggedIn: UInt = 0x100
    static let initialized: UInt = 0x191
}

/// A function that did not answer `CKR_OK`.
struct PKCS11Refusal: Error {
    let function: String
    let code: UInt

    var text: String {
        "\(function) \(CK.names[code] ?? "CKR 0x" + String(code, radix: 16))"
    }
}
