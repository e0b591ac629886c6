import Foundation
import Glibc
import LibCrypto
import Privacy
import Synchronization
import Testing

struct PassphraseTests {
    /// A pipe that holds `text` and is closed behind it.
    private func pipe(_ text: String) -> Int32 {
        var ends: [Int32] = [0, 0]
        Glibc.pipe(&ends)
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
        close(ends[1])
        return ends[0]
    }

    @Test(arguments: [
        ("correct horse", "correct horse"), ("correct horse\n", "correct horse"),
        ("correct horse\r\n", "correct horse"), (" 马 \n\n", " 马 \n"),
    ])
    func `A descriptor gives all but the last line break`(_ given: String, _ expected: String)
        throws
    {
        #expect(try Passphrase.descriptor(pipe(given)).read() == secret(expected))
    }

    @Test func `A descriptor is closed after reading`() throws {
        let descriptor = pipe("correct horse")
        _ = try Passphrase.descriptor(descriptor).read()
        #expect(fcntl(descriptor, F_GETFD) == -1)
    }

    @Test(arguments: ["", "\n", "\r\n", String(repeating: "x", count: 1024)])
    func `Nothing, and too much, is no passphrase`(_ given: String) throws {
        let descriptor = pipe(given)
        #expect(
            try keyFailure { _ = try Passphrase.descriptor(descriptor).read() } == .noPassphrase)
    }

    @Test func `A descriptor that is not open is no passphrase`() throws {
        #expect(try keyFailure { _ = try Passphrase.descriptor(9999).read() } == .noPassphrase)
    }

    @Test func `A file must be its owner's alone`() throws {
        let folder = try Folder()
        try folder.write(Array("correct horse\n".utf8), to: "passphrase")
        let source = Passphrase.file(folder.file("passphrase"))
        #expect(try source.read() == secret("correct horse"))
        chmod(folder.file("passphrase"), 0o644)
        #expect(try keyFailure { _ = try source.read() } == .exposed)
    }

    @Test func `A credential of systemd is a file in its folder and nowhere else`() throws {
        let folder = try Folder()
        try folder.write(Array("correct horse".utf8), to: "keyring", mode: 0o440)
        func read(_ name: String) throws -> SecretBytes {
            try Passphrase.credential(folder: folder.path, name: name).read()
        }
        #expect(try read("keyring") == secret("correct horse"))
        #expect(try keyFailure { _ = try read("../keyring") } == .noPassphrase)
        #expect(try keyFailure { _ = try read("none") } == .unreadable)
        chmod(folder.file("keyring"), 0o444)
        #expect(try keyFailure { _ = try read("keyring") } == .exposed)
    }
}

/// A terminal whose other side a test holds.
private final class PretendTerminal: Sendable {
    let near: Int32
    let path: String

    init() throws {
        near = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        // Unlocking and asking for the number, as unlockpt(3) and ptsname(3) do.
        var lock: Int32 = 0
        var number: Int32 = 0
        guard near >= 0, ioctl(near, 0x4004_5431, &lock) == 0,
            ioctl(near, 0x8004_5430, &number) == 0
        else { throw POSIXError(.ENOTTY) }
        path = "/dev/pts/\(number)"
    }

    deinit { close(near) }

    /// Types `keys` once the first prompt is there; returns what the program got and what a
    /// person would see on the screen.
    func type(_ keys: String, confirming: Bool) throws
        -> (result: Result<SecretBytes, KeyFailure>, screen: String)
    {
        let source = Passphrase.terminal(path)
        // Held open, so that what was shown can still be read after the program closed its end.
        let held = open(path, O_RDWR | O_NOCTTY)
        defer { close(held) }
        let answer = Mutex<Result<SecretBytes, KeyFailure>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        // A thread of its own: a task would wait for its turn behind all other tests.
        Thread.detachNewThread {
            let result: Result<SecretBytes, KeyFailure>
            do throws(KeyFailure) {
                result = .success(try source.read(confirming: confirming))
            } catch { result = .failure(error) }
            answer.withLock { $0 = result }
            isDone.signal()
        }
        var screen = ""
        while !screen.contains("passphrase: ") { screen += shown() }
        let bytes = Array(keys.utf8)
        _ = bytes.withUnsafeBytes { write(near, $0.baseAddress, $0.count) }
        isDone.wait()
        _ = fcntl(near, F_SETFL, O_NONBLOCK)
        screen += shown()
        return (try #require(answer.withLock { $0 }), screen)
    }

    var echoes: Bool {
        let descriptor = open(path, O_RDWR | O_NOCTTY)
        defer { close(descriptor) }
        var settings = termios()
        tcgetattr(descriptor, &settings)
        return settings.c_lflag & tcflag_t(ECHO | ICANON | ISIG) == tcflag_t(ECHO | ICANON | ISIG)
    }

    private func shown() -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(near, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[0..<count], as: UTF8.self) : ""
    }
}

@Suite(.serialized)
struct PassphraseTerminalTests {
    @Test func `What a person types is not shown, and the terminal echoes again afterwards`()
        throws
    {
        let terminal = try PretendTerminal()
        let (result, screen) = try terminal.type("correct horse\r", confirming: false)
        #expect(try result.get() == secret("correct horse"))
        #expect(!screen.contains("correct") && !screen.contains("horse"))
        #expect(screen.contains("口令"))
        #expect(terminal.echoes)
    }

    @Test func `For a new ring it is typed twice`() throws {
        let same = try PretendTerminal().type("battery\rbattery\r", confirming: true)
        #expect(try same.result.get() == secret("battery"))
        #expect(same.screen.contains("再输入一次"))
        let other = try PretendTerminal().type("battery\rBattery\r", confirming: true)
        #expect(
            try keyFailure { _ = try other.result.get() } == .differentPassphrases)
    }

    @Test func `Backspace takes a whole character, and Ctrl-U the line`() throws {
        let typed = try PretendTerminal().type(
            "wrong\u{15}马马\u{7F}\u{7F}\u{7F}staple甲\u{8}\r", confirming: false)
        #expect(try typed.result.get() == secret("staple"))
    }

    @Test func `Ctrl-C gives up and leaves the terminal as it was`() throws {
        let terminal = try PretendTerminal()
        let (result, _) = try terminal.type("half\u{3}", confirming: false)
        #expect(try keyFailure { _ = try result.get() } == .noPassphrase)
        #expect(terminal.echoes)
    }

    @Test func `Without a terminal there is no passphrase`() throws {
        let folder = try Folder()
        try folder.write([], to: "file")
        #expect(
            try keyFailure { _ = try Passphrase.terminal(folder.file("file")).read() }
                == .noPassphrase)
    }
}
