internal import CLibSSH2
internal import Glibc

/// A session with one SFTP server (RFC 4253, draft-ietf-secsh-filexfer-02), one call after the
/// other.
///
/// Every call blocks until the answer is whole or the time is up: its owner runs it on a thread of
/// its own, and never on two at once. Nothing is ever repeated. Paths that do not begin with `/`
/// are below the folder that the login leads to.
package final class SFTPSession {
    private let number: Int32
    private let session: OpaquePointer
    private let sftp: OpaquePointer

    private static let libraryIsReady = libssh2_init(0) == 0

    private init(_ number: Int32, _ session: OpaquePointer, _ sftp: OpaquePointer) {
        self.number = number
        self.session = session
        self.sftp = sftp
    }

    deinit {
        // A server that no longer answers is not waited for.
        libssh2_session_set_timeout(session, 500)
        libssh2_sftp_shutdown(sftp)
        shangbao_ssh_goodbye(session)
        libssh2_session_free(session)
        close(number)
    }

    /// libssh2's version, e.g. `1.10.0`.
    package static var libraryVersion: String {
        libssh2_version(0).map { String(cString: $0) } ?? "?"
    }

    /// Connects, knows the server by its host key, and logs in.
    ///
    /// Not a byte of ours but the name of the user is sent to a server with another host key.
    package static func open(_ settings: SFTPSettings) throws(SFTPFailure) -> SFTPSession {
        guard access(settings.keyFile, R_OK) == 0 else { throw .keyFile }
        let number = try Connection.open(
            host: settings.host, port: settings.port,
            timeoutMilliseconds: settings.connectTimeoutMilliseconds)
        guard libraryIsReady, let session = libssh2_session_init_ex(nil, nil, nil, nil) else {
            close(number)
            throw .handshake
        }
        do throws(SFTPFailure) {
            libssh2_session_set_timeout(session, settings.connectTimeoutMilliseconds)
            guard libssh2_session_handshake(session, number) == 0 else { throw .handshake }
            try check(session, settings.hostKeys)
            try logIn(session, settings)
            libssh2_session_set_timeout(session, settings.answerTimeoutMilliseconds)
            guard let sftp = libssh2_sftp_init(session) else { throw .noSFTP }
            return SFTPSession(number, session, sftp)
        } catch {
            libssh2_session_free(session)
            close(number)
            throw error
        }
    }

    private static func check(
        _ session: OpaquePointer, _ believed: Set<String>
    ) throws(SFTPFailure) {
        guard let digest = libssh2_hostkey_hash(session, LIBSSH2_HOSTKEY_HASH_SHA256) else {
            throw .handshake
        }
        let bytes = UnsafeRawBufferPointer(start: digest, count: 32)
        let key = HostKey.fingerprint(bytes)
        guard believed.contains(key) else { throw .hostKey(key) }
    }

    private static func logIn(
        _ session: OpaquePointer, _ settings: SFTPSettings
    ) throws(SFTPFailure) {
        let result = shangbao_ssh_login(
            session, settings.user, UInt32(settings.user.utf8.count), settings.keyFile)
        switch result {
        case 0: return
        case LIBSSH2_ERROR_FILE: throw .keyFile
        case LIBSSH2_ERROR_TIMEOUT, LIBSSH2_ERROR_SOCKET_TIMEOUT: throw .timeout
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED: throw .login
        default:
            // Some servers just end the connection after too many keys, or for a locked user.
            throw .login
        }
    }

    // MARK: What is there

    /// What is known of a file without opening it.
    package struct Facts: Sendable, Hashable {
        /// In bytes.
        package let size: UInt64
        /// Seconds since 1970, by the server's clock.
        package let modified: UInt
        /// Neither folder nor link.
        package let isFile: Bool

        fileprivate init(_ attributes: LIBSSH2_SFTP_ATTRIBUTES) {
            size = attributes.filesize
            modified = attributes.mtime
            isFile = attributes.permissions & 0o170_000 == 0o100_000
        }
    }

    /// What is known of a file; `nil` if there is none. Links are not followed.
    package func facts(_ path: String) throws(SFTPFailure) -> Facts? {
        var attributes = LIBSSH2_SFTP_ATTRIBUTES()
        let result = libssh2_sftp_stat_ex(
            sftp, path, UInt32(path.utf8.count), LIBSSH2_SFTP_LSTAT, &attributes)
        guard result != 0 else { return Facts(attributes) }
        let failure = failure()
        guard failure == .missing else { throw failure }
        return nil
    }

    /// The names in a folder with what is known of them, in no order.
    ///
    /// - Parameter limit: the most names that are looked at.
    package func names(in folder: String, limit: Int) throws(SFTPFailure) -> [String: Facts] {
        let handle = libssh2_sftp_open_ex(
            sftp, folder, UInt32(folder.utf8.count), 0, 0, LIBSSH2_SFTP_OPENDIR)
        guard let handle else { throw failure() }
        defer { libssh2_sftp_close_handle(handle) }
        var names: [String: Facts] = [:]
        var room = [CChar](repeating: 0, count: 4_096)
        while names.count < limit {
            var attributes = LIBSSH2_SFTP_ATTRIBUTES()
            let count = libssh2_sftp_readdir_ex(handle, &room, room.count, nil, 0, &attributes)
            if count == 0 { break }
            guard count > 0 else {
                // A name that is longer than any of ours is passed over.
                if count == LIBSSH2_ERROR_BUFFER_TOO_SMALL { continue }
                throw failure()
            }
            let bytes = room.prefix(Int(count)).map { UInt8(bitPattern: $0) }
            names[String(decoding: bytes, as: UTF8.self)] = Facts(attributes)
        }
        return names
    }

    /// The bytes of a file. Throws `tooLarge` for more than `limit`.
    package func read(_ path: String, limit: Int) throws(SFTPFailure) -> [UInt8] {
        let handle = try open(path, LIBSSH2_FXF_READ)
        defer { libssh2_sftp_close_handle(handle) }
        var bytes: [UInt8] = []
        var room = [CChar](repeating: 0, count: 131_072)
        while true {
            let count = libssh2_sftp_read(handle, &room, room.count)
            guard count >= 0 else { throw failure() }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw .tooLarge }
            bytes.append(contentsOf: room.prefix(count).lazy.map { UInt8(bitPattern: $0) })
        }
    }

    // MARK: What is changed

    /// Writes a file anew; what was there under the name is gone. It is on the server's disk when
    /// this returns, where the server knows how to say so.
    ///
    /// - Parameter seconds: how long it may take altogether.
    package func write(
        _ bytes: [UInt8], to path: String, within seconds: Int
    ) throws(SFTPFailure) {
        let flags = LIBSSH2_FXF_WRITE | LIBSSH2_FXF_CREAT | LIBSSH2_FXF_TRUNC
        let handle = try open(path, flags, mode: 0o640)
        let end = ContinuousClock.now.advanced(by: .seconds(seconds))
        do throws(SFTPFailure) {
            try put(bytes, into: handle, before: end)
            if libssh2_sftp_fsync(handle) != 0, isUnsupported == false { throw failure() }
        } catch {
            libssh2_sftp_close_handle(handle)
            throw error
        }
        guard libssh2_sftp_close_handle(handle) == 0 else { throw failure() }
    }

    private func put(
        _ bytes: [UInt8], into handle: OpaquePointer, before end: ContinuousClock.Instant
    ) throws(SFTPFailure) {
        try bytes.span.withUnsafeBytes { (raw) throws(SFTPFailure) in
            let text = raw.bindMemory(to: CChar.self)
            var written = 0
            while written < raw.count {
                guard ContinuousClock.now < end else { throw .timeout }
                let count = libssh2_sftp_write(
                    handle, text.baseAddress?.advanced(by: written), raw.count - written)
                guard count >= 0 else { throw failure() }
                written += count
            }
        }
    }

    /// Gives a file another name. A file that has that name already is never replaced.
    package func rename(_ path: String, to other: String) throws(SFTPFailure) {
        // Version 3 refuses a name that is taken; later ones must be told by the flags, which are
        // therefore none.
        let result = libssh2_sftp_rename_ex(
            sftp, path, UInt32(path.utf8.count), other, UInt32(other.utf8.count), 0)
        guard result == 0 else { throw failure() }
    }

    /// Takes a file away.
    package func remove(_ path: String) throws(SFTPFailure) {
        guard libssh2_sftp_unlink_ex(sftp, path, UInt32(path.utf8.count)) == 0 else {
            throw failure()
        }
    }

    private func open(
        _ path: String, _ flags: Int32, mode: Int = 0
    ) throws(SFTPFailure) -> OpaquePointer {
        let handle = libssh2_sftp_open_ex(
            sftp, path, UInt32(path.utf8.count), UInt(flags), mode, LIBSSH2_SFTP_OPENFILE)
        guard let handle else { throw failure() }
        return handle
    }

    // MARK: What went wrong

    private var isUnsupported: Bool {
        libssh2_session_last_errno(session) == LIBSSH2_ERROR_SFTP_PROTOCOL
            && libssh2_sftp_last_error(sftp) == UInt(LIBSSH2_FX_OP_UNSUPPORTED)
    }

    /// What the last error of libssh2 means.
    private func failure() -> SFTPFailure {
        switch libssh2_session_last_errno(session) {
        case LIBSSH2_ERROR_TIMEOUT, LIBSSH2_ERROR_SOCKET_TIMEOUT: .timeout
        case LIBSSH2_ERROR_SFTP_PROTOCOL: answered(libssh2_sftp_last_error(sftp))
        default: .lost
        }
    }

    /// What a status of the server means.
    private func answered(_ status: UInt) -> SFTPFailure {
        switch status {
        case UInt(LIBSSH2_FX_NO_SUCH_FILE), UInt(LIBSSH2_FX_NO_SUCH_PATH): .missing
        case UInt(LIBSSH2_FX_PERMISSION_DENIED), UInt(LIBSSH2_FX_WRITE_PROTECT): .denied
        case UInt(LIBSSH2_FX_FILE_ALREADY_EXISTS): .exists
        case UInt(LIBSSH2_FX_NO_SPACE_ON_FILESYSTEM), UInt(LIBSSH2_FX_QUOTA_EXCEEDED): .full
        case UInt(LIBSSH2_FX_NO_CONNECTION), UInt(LIBSSH2_FX_CONNECTION_LOST): .lost
        default: .failed
        }
    }
}
