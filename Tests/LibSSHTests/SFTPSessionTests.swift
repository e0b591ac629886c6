import DropKit
import Foundation
import LibSSH
import Testing

/// Sessions with a real OpenSSH server.
struct SFTPSessionTests {
    private static let server = Result { try DropServer() }
    private static let readOnly = Result { try DropServer(isReadOnly: true) }

    private func settings(_ server: DropServer, port: Int? = nil) -> SFTPSettings {
        SFTPSettings(
            host: "localhost", port: port ?? server.port, user: server.user,
            keyFile: server.keyFile, hostKeys: [server.hostKey],
            answerTimeoutMilliseconds: 20_000)
    }

    private func failure(_ settings: SFTPSettings) -> SFTPFailure? {
        do throws(SFTPFailure) {
            _ = try SFTPSession.open(settings)
            return nil
        } catch {
            return error
        }
    }

    /// F-117: the server learns nothing, not even with which key we would come.
    @Test func `a server with another host key is not logged in to`() throws {
        let server = try DropServer()
        var settings = settings(server)
        let other = "SHA256:" + String(repeating: "A", count: 43)
        settings.hostKeys = [other]
        #expect(failure(settings) == .hostKey(server.hostKey))
        settings.hostKeys = []
        #expect(failure(settings) == .hostKey(server.hostKey))
        #expect(!server.text("log").contains("publickey"))
        settings.hostKeys = [other, server.hostKey]
        #expect(failure(settings) == nil)
        #expect(server.text("log").contains("Accepted publickey"))
    }

    @Test func `a key that the server does not know, and one that is not there`() throws {
        let server = try Self.server.get()
        var settings = settings(server)
        settings.keyFile = server.strangerKeyFile
        #expect(failure(settings) == .login)
        settings.keyFile = server.folder + "/none"
        #expect(failure(settings) == .keyFile)
        settings.keyFile = server.folder + "/host.pub"
        #expect(failure(settings) != nil)
    }

    @Test func `another user is not let in`() throws {
        var settings = settings(try Self.server.get())
        settings.user = "nobody-here"
        #expect(failure(settings) == .login)
    }

    @Test func `nobody listens, and one listens who never speaks`() throws {
        let server = try Self.server.get()
        var settings = settings(server, port: 1)
        #expect(failure(settings) == .unreachable)
        let mute = try CutLine(to: server.port, after: 0, .hang)
        settings.port = mute.port
        settings.connectTimeoutMilliseconds = 300
        #expect(failure(settings) == .handshake)
    }

    @Test(arguments: [0, 1, 32_768, 3_000_001])
    func `what is written is what is read`(count: Int) throws {
        let server = try Self.server.get()
        let session = try SFTPSession.open(settings(server))
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let name = "outbox/written-\(count)"
        try session.write(bytes, to: name, within: 30)
        #expect(FileManager.default.contents(atPath: "\(server.drop)/\(name)") == Data(bytes))
        #expect(try session.facts(name)?.size == UInt64(count))
        #expect(try session.read(name, limit: count) == bytes)
        if count > 0 {
            #expect(throws: SFTPFailure.tooLarge) {
                _ = try session.read(name, limit: count - 1)
            }
        }
        try session.write([1], to: name, within: 30)
        #expect(try session.read(name, limit: 1) == [1])
        try session.remove(name)
        #expect(try session.facts(name) == nil)
    }

    @Test func `a name that is taken is never replaced`() throws {
        let server = try Self.server.get()
        let session = try SFTPSession.open(settings(server))
        try session.write([1], to: "outbox/one", within: 30)
        try session.write([2], to: "outbox/two", within: 30)
        #expect(throws: SFTPFailure.self) { try session.rename("outbox/two", to: "outbox/one") }
        #expect(try session.read("outbox/one", limit: 1) == [1])
        #expect(try session.read("outbox/two", limit: 1) == [2])
        try session.rename("outbox/two", to: "outbox/three")
        #expect(try session.facts("outbox/two") == nil)
    }

    @Test func `names in a folder, and links are no files`() throws {
        let server = try DropServer()
        let inbox = server.drop + "/inbox/"
        try Data([1, 2]).write(to: URL(fileURLWithPath: inbox + "文件.xml"))
        try FileManager.default.createSymbolicLink(
            atPath: inbox + "link.xml", withDestinationPath: inbox + "文件.xml")
        let session = try SFTPSession.open(settings(server))
        let names = try session.names(in: "inbox/", limit: 100)
        #expect(Set(names.keys) == [".", "..", "done", "文件.xml", "link.xml"])
        #expect(names["文件.xml"]?.size == 2 && names["文件.xml"]?.isFile == true)
        #expect(names["link.xml"]?.isFile == false && names["done"]?.isFile == false)
        #expect(try session.facts("inbox/link.xml")?.isFile == false)
        #expect(try session.names(in: "inbox/", limit: 2).count == 2)
    }

    @Test func `what is not there, and what may not be touched`() throws {
        let session = try SFTPSession.open(settings(try Self.server.get()))
        #expect(try session.facts("outbox/none") == nil)
        #expect(throws: SFTPFailure.missing) { _ = try session.read("outbox/none", limit: 1) }
        #expect(throws: SFTPFailure.missing) { _ = try session.names(in: "none", limit: 1) }
        #expect(throws: SFTPFailure.missing) {
            try session.write([1], to: "none/file", within: 30)
        }
        let denied = try SFTPSession.open(settings(try Self.readOnly.get()))
        #expect(throws: SFTPFailure.denied) {
            try denied.write([1], to: "outbox/file", within: 30)
        }
    }

    @Test(arguments: [1, 500, 3_000, 200_000])
    func `a connection that breaks is lost, and nothing is tried again`(bytes: Int) throws {
        let server = try Self.server.get()
        let line = try CutLine(to: server.port, after: bytes, .cut)
        do throws(SFTPFailure) {
            let session = try SFTPSession.open(settings(server, port: line.port))
            try session.write(
                [UInt8](repeating: 7, count: 2_000_000), to: "outbox/cut-\(bytes)", within: 30)
            Issue.record("it came through")
        } catch {
            #expect(error.endsSession)
            #expect(error != .timeout)
        }
    }

    /// F-119.
    @Test func `a server that hangs is given up in the time that was set`() throws {
        let server = try Self.server.get()
        let line = try CutLine(to: server.port, after: 100_000, .hang)
        var settings = settings(server, port: line.port)
        settings.answerTimeoutMilliseconds = 2_000
        let session = try SFTPSession.open(settings)
        #expect(throws: SFTPFailure.timeout) {
            try session.write(
                [UInt8](repeating: 7, count: 8_000_000), to: "outbox/hung", within: 30)
        }
    }

    @Test func `a session that the server ends is lost`() throws {
        let server = try DropServer()
        let session = try SFTPSession.open(settings(server))
        server.endSessions()
        #expect(throws: SFTPFailure.lost) { _ = try session.facts("outbox") }
    }

    @Test func `the form of a fingerprint`() throws {
        #expect(HostKey.isFingerprint(try Self.server.get().hostKey))
        for text in ["", "SHA256:", "MD5:aa", "SHA256:" + String(repeating: "A", count: 42)] {
            #expect(!HostKey.isFingerprint(text))
        }
    }
}
