import CTokens
import LibCrypto

/// The functions of a vendor's SDF library (GM/T 0018).
struct SDFLibrary {
    let openDevice: SDF_OpenDevice_t
    let closeDevice: SDF_CloseDevice_t
    let openSession: SDF_OpenSession_t
    let closeSession: SDF_CloseSession_t
    let deviceInfo: SDF_GetDeviceInfo_t
    let getAccess: SDF_GetPrivateKeyAccessRight_t
    let releaseAccess: SDF_ReleasePrivateKeyAccessRight_t
    let exportKey: SDF_ExportSignPublicKey_ECC_t
    let sign: SDF_InternalSign_ECC_t

    /// Throws `noLibrary`, and `notOurs` where a function is missing.
    init(_ path: String, for device: String) throws(DeviceFault) {
        let library = try LoadedLibrary(path, for: device)
        func function<Function>(_ name: String, _ type: Function.Type) throws(DeviceFault)
            -> Function
        {
            try library.function("SDF_" + name, as: type, for: device)
        }
        openDevice = try function("OpenDevice", SDF_OpenDevice_t.self)
        closeDevice = try function("CloseDevice", SDF_CloseDevice_t.self)
        openSession = try function("OpenSession", SDF_OpenSession_t.self)
        closeSession = try function("CloseSession", SDF_CloseSession_t.self)
        deviceInfo = try function("GetDeviceInfo", SDF_GetDeviceInfo_t.self)
        getAccess = try function(
            "GetPrivateKeyAccessRight", SDF_GetPrivateKeyAccessRight_t.self)
        releaseAccess = try function(
            "ReleasePrivateKeyAccessRight", SDF_ReleasePrivateKeyAccessRight_t.self)
        exportKey = try function("ExportSignPublicKey_ECC", SDF_ExportSignPublicKey_ECC_t.self)
        sign = try function("InternalSign_ECC", SDF_InternalSign_ECC_t.self)
    }
}

/// A function that did not answer `SDR_OK`.
struct SDFRefusal: Error {
    let function: String
    let code: UInt32

    var text: String {
        "SDF_\(function) \(SDFRefusal.names[code] ?? "0x" + String(code, radix: 16))"
    }

    static func check(_ answer: Int32, _ function: String) throws(SDFRefusal) {
        guard answer == 0 else {
            throw SDFRefusal(function: function, code: UInt32(bitPattern: answer))
        }
    }

    /// GM/T 0018, appendix A; vendors have numbers of their own beyond these.
    private static let names: [UInt32: String] = [
        0x0100_0001: "SDR_UNKNOWERR", 0x0100_0002: "SDR_NOTSUPPORT",
        0x0100_0003: "SDR_COMMFAIL", 0x0100_0004: "SDR_HARDFAIL",
        0x0100_0005: "SDR_OPENDEVICE", 0x0100_0006: "SDR_OPENSESSION",
        0x0100_0007: "SDR_PARDENY", 0x0100_0008: "SDR_KEYNOTEXIST",
        0x0100_0009: "SDR_ALGNOTSUPPORT", 0x0100_000D: "SDR_SIGNERR",
        0x0100_0010: "SDR_STEPERR", 0x0100_0014: "SDR_KEYTYPEERR",
        0x0100_0015: "SDR_KEYERR", 0x0100_0018: "SDR_PRKRERR",
        0x0100_001D: "SDR_INARGERR", 0x0100_001E: "SDR_OUTARGERR",
    ]

    /// No right to use the private key: a wrong PIN where it was asked for with one.
    var isDenied: Bool { code == 0x0100_0007 || code == 0x0100_0018 }
    var isNoKey: Bool { code == 0x0100_0008 }
    var isOtherKind: Bool { code == 0x0100_0014 || code == 0x0100_0015 }
    /// The machine or the way to it is gone.
    var isAway: Bool { (0x0100_0003...0x0100_0006).contains(code) }
}
