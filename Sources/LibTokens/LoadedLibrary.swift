import Glibc
import LibCrypto

/// A vendor's library, loaded at run time and kept until the process ends: such libraries start
/// threads of their own, and few bear being unloaded.
struct LoadedLibrary: @unchecked Sendable {
    // Never changed, and dlsym may be called from any thread.
    private let handle: UnsafeMutableRawPointer
    private let path: String

    /// Loads it. Throws `noLibrary`, with the system's words; `exposed` where others may change it:
    /// it runs in this process, beside the keys.
    init(_ path: String, for device: String) throws(DeviceFault) {
        var status = stat()
        if stat(path, &status) == 0,
            status.st_mode & 0o022 != 0 || ![0, geteuid()].contains(status.st_uid)
        {
            throw DeviceFault(.exposed, device, path)
        }
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw DeviceFault(
                .noLibrary, device, dlerror().map { String(cString: $0) } ?? path)
        }
        self.handle = handle
        self.path = path
    }

    /// A function by its name. Throws `notOurs` where the library has none.
    func function<Function>(
        _ name: String, as type: Function.Type, for device: String
    ) throws(DeviceFault) -> Function {
        guard let symbol = dlsym(handle, name) else {
            throw DeviceFault(.notOurs, device, "\(path): \(name)")
        }
        return unsafeBitCast(symbol, to: type)
    }
}
