/// Small files beside the key ring that anyone may read: each is replaced as a whole, and on the
/// disk when that is done.
package enum PublicFile {
    /// Throws `KeyFailure` (`unreadable`, `exposed`).
    package static func replace(_ path: String, with bytes: [UInt8]) throws(KeyFailure) {
        do throws(PrivateFile.Refusal) {
            try PrivateFile.replace(path, with: bytes, mode: 0o644) {}
        } catch { throw KeyFailure(error, path) }
    }
}
