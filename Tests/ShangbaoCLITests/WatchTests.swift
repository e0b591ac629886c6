import Foundation
import Testing

/// The watch over what the program writes knows an invented person wherever one is written.
struct WatchTests {
    /// What a watch saw of a Python program.
    private func seen(_ program: String) throws -> [Watch.Sighting] {
        let watch = Watch([], showsPeople: true)
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = ["-c", "import os, base64, socket, sys\n" + program]
        python.environment = ProcessInfo.processInfo.environment.merging(watch.setting) { $1 }
        python.standardInput = FileHandle.nullDevice
        python.standardOutput = FileHandle.nullDevice
        python.standardError = FileHandle.nullDevice
        try python.run()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0)
        return watch.sightings()
    }

    @Test(arguments: [
        ("number", "'id 990101198603150022'.encode()"),
        ("number", "b'\\\\n99010119880417002X,'"),
        ("phone", "b'<Phone>12012345678</Phone>'"),
        ("name", "'姓名 样乙二。'.encode()"),
        ("name", "'姓名,样乙二,'.encode('gb18030')"),
        ("number", "base64.b64encode('样,990101198603150022'.encode())"),
        ("name", "b'{\"x\":\"' + base64.urlsafe_b64encode('样样乙二'.encode()) + b'\"}'"),
        ("number", "b'990101198603150022'.hex().encode()"),
        ("number", "(b'x' * 9000 + b' 990101198603150022').hex().encode()"),
    ])
    func `it knows a person in every spelling`(kind: String, bytes: String) throws {
        #expect(try seen("os.write(1, \(bytes))").map(\.kind) == [kind])
    }

    @Test(arguments: [
        "os.write(1, b'9901011986'); os.write(1, b'03150022')",
        "f = os.memfd_create('x'); os.pwrite(f, b'990101198603150022', 40)",
        "os.writev(1, [b'990101', b'198603150022'])",
        "a, b = socket.socketpair(); a.send(b'990101198603150022')",
        "a, b = socket.socketpair(); a.sendmsg([b'x ', b'990101198603150022'])",
        "f = open('/tmp/shangbao-' + str(os.getpid()), 'w'); os.unlink(f.name); "
            + "f.write('990101198603150022'); f.close()",
    ])
    func `it sees every way to write`(program: String) throws {
        #expect(try seen(program).map(\.kind) == ["number"])
    }

    @Test func `it takes nobody for a person who is none`() throws {
        let others = [
            "11010119900307854X", "990101198613150022", "990101198603450022",
            "1990101198603150022", "13812345678", "样乙医", "样*", "****3150022",
            "2012-03-05T22:00:04+08:00", "9901011986031500221",
        ]
        for text in others {
            #expect(try seen("os.write(1, ' \(text) '.encode())").isEmpty, "\(text)")
        }
    }
}
