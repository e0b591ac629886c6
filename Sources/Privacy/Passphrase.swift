import Glibc
package import LibCrypto

/// Where the passphrase of the key ring comes from. Never from arguments or the environment: both
/// can be read in `/proc`.
package enum Passphrase: Sendable, Equatable {
    /// A person types it; nothing is echoed. The path of a test's terminal, else `/dev/tty`.
    case terminal(String = "/dev/tty")
    /// A descriptor that the parent left open (`--passphrase-fd N`); read to its end and closed.
    case descriptor(Int32)
    /// A file of systemd's `LoadCredential=`; the folder is what `CREDENTIALS_DIRECTORY` names.
    case credential(folder: String, name: String)
    /// A file of mode 0600, for rehearsals.
    case file(String)

    /// On creating a ring; fewer are refused.
    package static let leastCharacterCount = 12
    private static let byteLimit = 1024

    /// Reads it, without the line break at its end. Blocks while a person types.
    ///
    /// - Parameters:
    ///   - confirming: a person types it twice (for a new ring).
    ///   - prompt: what a person is asked for.
    /// - Throws: `noPassphrase`, `differentPassphrases`, `exposed`, `unreadable`.
    package func read(
        confirming: Bool = false, asking prompt: String = "密钥环口令 · key ring passphrase: "
    ) throws(KeyFailure) -> SecretBytes {
        switch self {
        case .terminal(let path):
            return try PassphraseTerminal(path).ask(prompt, confirming: confirming)
        case .descriptor(let descriptor):
            return try Passphrase.read(descriptor, place: "fd \(descriptor)")
        case .credential(let folder, let name):
            guard !name.isEmpty, !name.contains("/"), name != ".." else {
                throw KeyFailure(.noPassphrase)
            }
            return try Passphrase.open(folder + "/" + name, .notWorld)
        case .file(let path):
            return try Passphrase.open(path, .ownerOnly)
        }
    }

    /// Reads the two halves of a backup's passphrase: a person types one after the other; from
    /// anywhere else they come together. Throws what `read` does.
    package func readHalves() throws(KeyFailure) -> [SecretBytes] {
        guard case .terminal(let path) = self else { return [try read()] }
        return try PassphraseTerminal(path).askHalves()
    }

    /// Unicode scalars of UTF-8 text.
    static func characterCount(of passphrase: SecretBytes) -> Int {
        passphrase.withUnsafeBytes { bytes in bytes.count { $0 & 0xC0 != 0x80 } }
    }

    private static func open(_ path: String, _ access: PrivateFile.Access) throws(KeyFailure)
        -> SecretBytes
    {
        let descriptor: Int32
        do throws(PrivateFile.Refusal) {
            descriptor = try PrivateFile.open(path, access)
        } catch { throw KeyFailure(error, path) }
        return try read(descriptor, place: path)
    }

    /// Reads straight into secure memory, to the end, and closes the descriptor.
    private static func read(_ descriptor: Int32, place: String) throws(KeyFailure) -> SecretBytes {
        defer { close(descriptor) }
        var count = 0
        var error: Int32 = 0
        let room = try secret(byteLimit, place) { room in
            while count < room.count {
                let got = Glibc.read(
                    descriptor, room.baseAddress?.advanced(by: count), room.count - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { error = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard error == 0, count < byteLimit else {
            throw KeyFailure(
                .noPassphrase, place: place, detail: error == 0 ? nil : PrivateFile.words(error))
        }
        return try line(room, count, place)
    }

    /// The first `count` bytes without a line break at their end. Throws `noPassphrase` for none.
    static func line(_ room: SecretBytes, _ count: Int, _ place: String) throws(KeyFailure)
        -> SecretBytes
    {
        let length = room.withUnsafeBytes { bytes in
            var length = count
            if length > 0, bytes[length - 1] == UInt8(ascii: "\n") { length -= 1 }
            if length < count, length > 0, bytes[length - 1] == UInt8(ascii: "\r") { length -= 1 }
            return length
        }
        guard length > 0 else { throw KeyFailure(.noPassphrase, place: place) }
        return try secret(length, place) { target in
            room.withUnsafeBytes {
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[0..<length]))
            }
        }
    }

    static func secret(
        _ count: Int, _ place: String, _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(KeyFailure) -> SecretBytes {
        do throws(CryptoFailure) {
            return try SecretBytes(count: count) { (room) throws(CryptoFailure) in fill(room) }
        } catch { throw KeyFailure(error, place: place) }
    }
}

/// Asks a person at a terminal, key by key and without echo.
private final class PassphraseTerminal {
    private let descriptor: Int32
    private let path: String
    private var before = termios()
    private var pressed: UInt8 = 0

    init(_ path: String) throws(KeyFailure) {
        self.path = path
        descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0, tcgetattr(descriptor, &before) == 0 else {
            throw KeyFailure(.noPassphrase, place: path)
        }
        var quiet = before
        // Signals too: Ctrl-C must not leave the terminal without echo, so it is read as a key.
        quiet.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard tcsetattr(descriptor, TCSAFLUSH, &quiet) == 0 else {
            throw KeyFailure(.noPassphrase, place: path)
        }
    }

    deinit {
        tcsetattr(descriptor, TCSAFLUSH, &before)
        close(descriptor)
    }

    func ask(_ prompt: String, confirming: Bool) throws(KeyFailure) -> SecretBytes {
        let first = try line(prompt)
        guard confirming else { return first }
        guard try line("再输入一次 · once more: ") == first else {
            throw KeyFailure(.differentPassphrases)
        }
        return first
    }

    func askHalves() throws(KeyFailure) -> [SecretBytes] {
        [
            try line("备份口令上半 · backup passphrase, first half: "),
            try line("备份口令下半 · second half: "),
        ]
    }

    private func line(_ prompt: String) throws(KeyFailure) -> SecretBytes {
        show(prompt)
        defer { show("\r\n") }
        var count = 0
        var isGivenUp = false
        let room = try Passphrase.secret(1024, path) { room in
            typing: while true {
                let got = Glibc.read(descriptor, &pressed, 1)
                if got < 0, errno == EINTR { continue }
                guard got == 1 else {
                    isGivenUp = true
                    break
                }
                switch pressed {
                case 0x0A, 0x0D: break typing
                case 0x03, 0x04:  // Ctrl-C, Ctrl-D
                    isGivenUp = true
                    break typing
                case 0x15: count = 0  // Ctrl-U
                case 0x08, 0x7F:  // backspace takes a whole character of UTF-8
                    while count > 0, room[count - 1] & 0xC0 == 0x80 { count -= 1 }
                    count = max(0, count - 1)
                default:
                    guard count < room.count else {
                        isGivenUp = true
                        break typing
                    }
                    room[count] = pressed
                    count += 1
                }
            }
            pressed = 0
        }
        guard !isGivenUp else { throw KeyFailure(.noPassphrase, place: path) }
        return try Passphrase.line(room, count, path)
    }

    private func show(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
