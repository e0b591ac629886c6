/// Why an SFTP server did not do what it was asked. Never a path and never a content.
package enum SFTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// No address, nobody listening, no connection in time.
    case unreachable
    /// No common SSH.
    case handshake
    /// Its key is none of those that are believed; this one, in their form.
    case hostKey(String)
    /// It does not take our key, or not for this user.
    case login
    /// Our key file cannot be read.
    case keyFile
    /// It does not speak SFTP to us.
    case noSFTP
    /// No answer in time.
    case timeout
    /// The connection broke.
    case lost
    /// No such file or folder.
    case missing
    /// The file or folder may not be touched.
    case denied
    /// A file of this name is there.
    case exists
    /// Its disk is full, or a quota used up.
    case full
    /// What SFTP version 3 calls a failure and no more: a full disk too, or a name that is taken.
    case failed
    /// The file has more bytes than were allowed.
    case tooLarge

    /// Whether the connection is of no more use.
    package var endsSession: Bool {
        switch self {
        case .missing, .denied, .exists, .full, .failed, .tooLarge: false
        default: true
        }
    }

    /// A stable short word, such as `host-key SHA256:…`.
    package var description: String {
        switch self {
        case .unreachable: "unreachable"
        case .handshake: "handshake"
        case .hostKey(let key): "host-key \(key)"
        case .login: "login"
        case .keyFile: "key-file"
        case .noSFTP: "no-sftp"
        case .timeout: "timeout"
        case .lost: "connection-lost"
        case .missing: "missing"
        case .denied: "denied"
        case .exists: "exists"
        case .full: "full"
        case .failed: "failed"
        case .tooLarge: "too-large"
        }
    }
}
