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
        // Past any link, the file itself and every folder on its way.
        let place = realpath(path, nil)
        defer { free(place) }
        let file = place.map { String(cString: $0) } ?? path
        var way = file[...]
        while !way.isEmpty {
            guard LoadedLibrary.isOurs(String(way)) else {
                throw DeviceFault(.exposed, device, String(way))
            }
            way = way[..<(way.lastIndex(of: "/") ?? way.startIndex)]
        }
        guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL) else {
            throw DeviceFault(
                .noLibrary, device, dlerror().map { String(cString: $0) } ?? path)
        }
        self.handle = handle
        self.path = path
    }

    /// Whether nobody but root and this account can put something else there. A folder that all may
    /// write keeps what is in it from others where it is sticky, as /tmp is.
    private static func isOurs(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return true }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let isKept = isFolder && status.st_mode & S_ISVTX != 0
        return (status.st_mode & 0o022 == 0 || isKept)
            && [0, geteuid()].contains(status.st_uid)
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
