import CTokens
import LibCrypto
import Synchronization

/// A PKCS#11 library, started. One for each path in the process: its sessions and its log-in are
/// the whole process's, so everything that is asked of it goes one by one.
final class PKCS11Module: @unchecked Sendable {
    /// To be held around everything that is asked of the library.
    let lock = Mutex(())
    // The list is constant data of the library, which is never unloaded.
    let functions: CK_FUNCTION_LIST

    private static let loaded = Mutex<[String: PKCS11Module]>([:])

    /// Loads and starts the library of a path. Throws `noLibrary`, `notOurs`, `refused`.
    static func load(_ path: String, for device: String) throws(DeviceFault) -> PKCS11Module {
        try loaded.withLock { (modules) throws(DeviceFault) in
            if let module = modules[path] { return module }
            let module = try PKCS11Module(path, for: device)
            modules[path] = module
            return module
        }
    }

    private init(_ path: String, for device: String) throws(DeviceFault) {
        let library = try LoadedLibrary(path, for: device)
        let getList = try library.function(
            "C_GetFunctionList", as: CK_C_GetFunctionList.self, for: device)
        var list: UnsafeMutablePointer<CK_FUNCTION_LIST>?
        guard getList(&list) == 0, let list, list.pointee.version.major == 2 else {
            throw DeviceFault(.notOurs, device, "\(path): C_GetFunctionList")
        }
        functions = list.pointee
        do throws(PKCS11Refusal) { try start() } catch {
            throw DeviceFault(.refused, device, error.text)
        }
    }

    private func start() throws(PKCS11Refusal) {
        var arguments = CK_C_INITIALIZE_ARGS()
        arguments.flags = CK.osLocking
        let answer = functions.C_Initialize(&arguments)
        guard answer == 0 || answer == CK.initialized else {
            throw PKCS11Refusal(function: "C_Initialize", code: answer)
        }
    }

    /// Starts the library anew: many see a token that was plugged in again only so. The lock is
    /// held.
    func restart() {
        _ = functions.C_Finalize(nil)
        try? start()
    }

    /// The slots with a token in them, and what they hold. The lock is held.
    func tokens() throws(PKCS11Refusal) -> [(slot: UInt, info: CK_TOKEN_INFO)] {
        var count: CK_ULONG = 0
        try check(functions.C_GetSlotList(1, nil, &count), "C_GetSlotList")
        var slots = [CK_ULONG](repeating: 0, count: Int(count))
        try check(functions.C_GetSlotList(1, &slots, &count), "C_GetSlotList")
        return slots.prefix(Int(count)).compactMap { slot in
            var info = CK_TOKEN_INFO()
            return functions.C_GetTokenInfo(slot, &info) == 0 ? (slot, info) : nil
        }
    }

    func check(_ answer: CK_RV, _ function: String) throws(PKCS11Refusal) {
        guard answer == 0 else { throw PKCS11Refusal(function: function, code: answer) }
    }
}

/// Text of a structure: padded with blanks (PKCS#11) or zeros (SDF).
func paddedText<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { bytes in
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
