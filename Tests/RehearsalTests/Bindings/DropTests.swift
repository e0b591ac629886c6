import Delivery
import DropKit
import Foundation
import LibCrypto
import Records
import Rehearsal
import Testing

/// The SFTP drop against a real OpenSSH server: what lies there, in which state, after whatever
/// went wrong.
@Suite(.serialized)
struct DropTests {
    private let submission = PostedSubmission(1, [PostedCase(11), PostedCase(12)])

    private func names(_ desk: BindingDesk, _ part: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: try desk.drop(part)).sorted()
    }

    @Test func `the file, its signature, and nothing else`() async throws {
        try await withBinding(.sftp) { desk async throws in
            let parcel = try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            #expect(
                try names(desk, "outbox") == ["\(submission.id).xml", "\(submission.id).xml.sig"])
            let bytes = try desk.content("outbox/\(submission.id).xml")
            #expect(Hex.encode(Hash.sha256.digest(bytes)) == parcel.digest)
            let signature = Base64.standard.encode(parcel.signature)
            #expect(
                try desk.content("outbox/\(submission.id).xml.sig")
                    == Array("county-gm\n\(signature)\n".utf8))
            #expect(try await desk.state(submission) == .awaiting)
            #expect(try await desk.show(submission).attempts.map(\.outcome) == ["SFTP-STORED"])
        }
    }

    /// F-113, F-114: the connection is cut at one place after the other of the whole conversation.
    /// In the end the file lies there once, whole, under its name, and was never two.
    @Test(arguments: Array(stride(from: 1_500, through: 9_000, by: 250)))
    func `cut after so many bytes`(bytes: Int) async throws {
        try await withBinding(.sftp, cutAfter: bytes) { desk async throws in
            let parcel = try await desk.enqueue(submission)
            try await desk.work(rounds: 1)
            for name in try names(desk, "outbox") where name == "\(submission.id).xml" {
                #expect(try desk.content("outbox/" + name).count == parcel.byteCount)
            }
            try await desk.work()
            let bytes = try desk.content("taken/\(submission.id).xml")
            #expect(Hex.encode(Hash.sha256.digest(bytes)) == parcel.digest)
            #expect(try await desk.state(submission) == .final)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    @Test func `what lies there already with the same bytes is delivered`() async throws {
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            _ = try await desk.transport.send(try await desk.leaveOnWire())
            let again = try await desk.resend()
            #expect(again == "SFTP-PRESENT")
            #expect(try names(desk, "outbox").count == 2)
        }
    }

    /// F-116.
    @Test func `a server on which nothing may be written, or that lacks its folder`() async throws {
        try await withBinding(.sftp, isReadOnly: true) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            #expect(try await desk.show(submission).attempts.map(\.outcome) == ["T-DENIED"])
            #expect(try await desk.state(submission) == .due)
        }
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            try FileManager.default.removeItem(atPath: try desk.drop("outbox"))
            let courier = desk.courier()
            try await courier.round(limit: 50)
            #expect(try await desk.show(submission).attempts.map(\.outcome) == ["T-ADDRESS"])
            // The whole lane waits, a quarter of an hour or so.
            desk.hands.advance(seconds: 600)
            #expect(try await courier.round(limit: 50).sent == 0)
            try FileManager.default.createDirectory(
                atPath: try desk.drop("outbox"), withIntermediateDirectories: false)
            try await desk.work(by: courier)
            #expect(try await desk.state(submission) == .final)
        }
    }

    /// F-116: a disk with 64 kB is full long before the document is there.
    @Test(.enabled(if: Ramdisk.mayBeMade))
    func `a full disk is tried later and leaves no half file`() async throws {
        let disk = try Ramdisk(kilobytes: 64)
        try await withBinding(.sftp, drop: disk.folder) { desk async throws in
            let many = PostedSubmission(2, (1...300).map { PostedCase(20_000 + $0) })
            try await desk.enqueue(many)
            let courier = desk.courier()
            try await courier.round(limit: 50)
            #expect(try await desk.show(many).attempts.map(\.outcome) == ["T-BUSY"])
            #expect(try await desk.state(many) == .due)
            #expect(try names(desk, "outbox").isEmpty)
            try disk.grow(kilobytes: 65_536)
            try await desk.work(by: courier)
            #expect(try await desk.state(many) == .final)
            try await desk.expectNothingLostAndNothingDoubled(many)
        }
    }

    /// F-117: nothing is sent, and the lane waits for a person.
    @Test func `another host key`() async throws {
        let other = "SHA256:" + String(repeating: "A", count: 43)
        try await withBinding(.sftp, hostKey: other) { desk async throws in
            try await desk.enqueue(submission)
            let courier = desk.courier()
            try await courier.round(limit: 50)
            #expect(try await desk.lane().reason == TransportCode.untrusted.rawValue)
            desk.hands.advance(seconds: 600)
            try await courier.round(limit: 50)
            #expect(try await desk.show(submission).attempts.isEmpty)
            #expect(try names(desk, "outbox").isEmpty)
        }
    }

    /// F-118: the server takes the key back and ends what is open. The next login is refused, the
    /// lane waits for a person, and nothing half sent lies there.
    @Test func `a key that is revoked in mid-session`() async throws {
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            let courier = desk.courier()
            try await courier.round(limit: 50)
            let server = try #require(desk.server)
            let list = URL(fileURLWithPath: server.folder + "/authorized")
            let keys = try Data(contentsOf: list)
            try Data().write(to: list)
            server.endSessions()
            let other = PostedSubmission(2, [PostedCase(21)])
            try await desk.enqueue(other)
            for _ in 0..<3 {
                try await courier.round(limit: 50)
                desk.hands.advance(seconds: 3_600)
            }
            let lane = try await desk.lane()
            #expect(lane.reason == TransportCode.denied.rawValue && lane.phase == .barred)
            #expect(try names(desk, "outbox").allSatisfy { !$0.contains(other.id) })
            #expect(try await desk.state(other) == .due)

            try keys.write(to: list)
            try await desk.work(by: courier)
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.state(other) == .final)
            try await desk.expectNothingLostAndNothingDoubled(submission, other)
        }
    }

    /// The files of a page are moved when the next one is asked for: by then they are on our disk.
    @Test func `receipts stay until they are stored here`() async throws {
        try await withBinding(.sftp, mode: .later(collects: nil, received: true)) {
            desk async throws in
            try await desk.enqueue(submission)
            try await desk.work(rounds: 1)
            try await desk.nation.system.process()
            try await desk.door?.round()
            let names = (1...2).map { "\(submission.id).\($0).receipt.xml" }
            let page = try await desk.transport.receipts(after: "0", limit: 1)
            #expect(page.items.map(\.bytes) == [try desk.content("inbox/" + names[0])])
            #expect(try await desk.transport.receipts(after: "0", limit: 1).items == page.items)
            let second = try await desk.transport.receipts(after: page.next, limit: 1)
            #expect(second.items.map(\.bytes) == [try desk.content("inbox/" + names[1])])
            #expect(try self.names(desk, "inbox/done") == [names[0], names[0] + ".sig"])
            let end = try await desk.transport.receipts(after: second.next, limit: 1)
            #expect(end.items.isEmpty && end.next == second.next)
            #expect(try self.names(desk, "inbox") == ["done"])
            #expect(try self.names(desk, "inbox/done").count == 4)
        }
    }

    /// F-120: half of a receipt, a receipt without its signature, half a signature.
    @Test(arguments: ["half", "unsigned", "half signature", "part"])
    func `a receipt that is still being written is waited for`(state: String) async throws {
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            try await desk.door?.round()
            let place = try desk.drop("inbox/\(submission.id).1.receipt.xml")
            let whole = try desk.content("inbox/\(submission.id).1.receipt.xml")
            let signature = try desk.content("inbox/\(submission.id).1.receipt.xml.sig")
            let half = Data(whole.prefix(whole.count / 2))
            switch state {
            case "half": try half.write(to: URL(fileURLWithPath: place))
            case "unsigned": try FileManager.default.removeItem(atPath: place + ".sig")
            case "half signature":
                try Data(signature.prefix(20)).write(to: URL(fileURLWithPath: place + ".sig"))
            default:
                try FileManager.default.moveItem(atPath: place, toPath: place + ".part")
            }
            try await desk.courier().round(limit: 50)
            try await desk.courier().round(limit: 50)
            #expect(try await desk.items(submission) == [.open, .open])
            #expect(try await desk.receipts(.forged) == 0)
            try Data(whole).write(to: URL(fileURLWithPath: place))
            try Data(signature).write(to: URL(fileURLWithPath: place + ".sig"))
            try await desk.courier().round(limit: 50)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            #expect(try await desk.receipts(.forged) == 0)
            try await desk.expectNothingLostAndNothingDoubled(submission)
        }
    }

    /// F-122: what cannot be moved away is read once, and the others are not kept waiting.
    @Test func `a receipt that cannot be moved is stored once`() async throws {
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.work(rounds: 1)
            let name = "inbox/done/\(submission.id).1.receipt.xml"
            try Data().write(to: URL(fileURLWithPath: try desk.drop(name)))
            let courier = desk.courier()
            for _ in 0..<3 { try await courier.round(limit: 50) }
            #expect(try await desk.state(submission) == .final)
            #expect(try await desk.receipts(.applied) == 1)
            #expect(try await desk.receipts(.duplicate) == 0)
            let other = PostedSubmission(2, [PostedCase(21)])
            try await desk.enqueue(other)
            try await desk.work(by: courier)
            #expect(try await desk.state(other) == .final)
        }
    }

    @Test func `a forged receipt raises an alarm once it is quiet, and stays where it is`()
        async throws
    {
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            try await desk.door?.round()
            let name = "inbox/\(submission.id).1.receipt.xml"
            let signature = try desk.content(name + ".sig")
            let place = URL(fileURLWithPath: try desk.drop(name + ".sig"))
            let junk = Base64.standard.encode(try Nation.strange(try desk.content(name)))
            let key = String(decoding: signature, as: UTF8.self).split(separator: "\n")[0]
            try Data("\(key)\n\(junk)\n".utf8).write(to: place)
            let courier = desk.courier()
            for (seconds, count) in [(59, 0), (1, 0), (58, 0), (2, 1), (3_600, 1)] {
                desk.hands.advance(seconds: Int64(seconds))
                try await courier.round(limit: 50)
                #expect(try await desk.receipts(.forged) == count)
            }
            #expect(try await desk.items(submission) == [.open, .open])
            #expect(try names(desk, "inbox").count == 3)
            try Data(signature).write(to: place)
            // A minute of quiet has passed by the clock of this test alone.
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: place.path)
            try await courier.round(limit: 50)
            #expect(try await desk.items(submission) == [.accepted, .accepted])
            #expect(try names(desk, "inbox") == ["done"])
        }
    }

    /// A timer starts a new process each time, which has seen nothing before.
    @Test func `a process that looks once takes what is ten minutes old for whole`() async throws {
        try await withBinding(.sftp) { desk async throws in
            try await desk.enqueue(submission)
            try await desk.courier().round(limit: 50)
            try await desk.door?.round()
            let name = "inbox/\(submission.id).1.receipt.xml"
            try Data("nobody\nAAAA\n".utf8).write(
                to: URL(fileURLWithPath: try desk.drop(name + ".sig")))
            for (age, count) in [(599, 0), (600, 1)] {
                let seconds = desk.hands.now.microseconds / 1_000_000 - Int64(age)
                let then = Date(timeIntervalSince1970: Double(seconds))
                for file in [name, name + ".sig"] {
                    try FileManager.default.setAttributes(
                        [.modificationDate: then], ofItemAtPath: try desk.drop(file))
                }
                let process = Profile.drop(
                    try #require(desk.server), port: nil, hostKey: nil, signedBy: desk.endpoint,
                    clock: { [hands = desk.hands] in hands.now })
                try await desk.courier(over: process).round(limit: 50)
                #expect(try await desk.receipts(.forged) == count, "\(age) seconds old")
            }
        }
    }

    @Test func `names that are none of ours are left alone`() async throws {
        try await withBinding(.sftp) { desk async throws in
            for name in [
                "x.receipt.xml", "\(submission.id).0.receipt.xml", "\(submission.id).1.xml",
                "\(submission.id).-1.receipt.xml", "..1.receipt.xml",
            ] {
                try Data("<x/>".utf8).write(
                    to: URL(fileURLWithPath: try desk.drop("inbox/" + name)))
            }
            try FileManager.default.createSymbolicLink(
                atPath: try desk.drop("inbox/\(submission.id).7.receipt.xml"),
                withDestinationPath: "/etc/hostname")
            desk.hands.advance(seconds: 3_600)
            for _ in 0..<2 {
                #expect(
                    try await desk.transport.receipts(after: "0", limit: 50).items.isEmpty)
                desk.hands.advance(seconds: 3_600)
            }
        }
    }
}

extension Nation {
    /// A signature over the bytes by a key that nobody knows.
    static func strange(_ bytes: [UInt8]) throws -> [UInt8] {
        try SigningKey(generating: .gm).sign(bytes)
    }
}

/// A disk of known size; only root may make one.
final class Ramdisk {
    static let mayBeMade: Bool = {
        guard getuid() == 0, let disk = try? Ramdisk(kilobytes: 64) else { return false }
        return !disk.folder.isEmpty
    }()

    let folder: String

    init(kilobytes: Int) throws {
        folder = try County.newFolder()
        try Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(kilobytes)k", "none", folder])
    }

    deinit {
        try? Self.run("/bin/umount", ["-l", folder])
        try? FileManager.default.removeItem(atPath: folder)
    }

    func grow(kilobytes: Int) throws {
        try Self.run("/bin/mount", ["-o", "remount,size=\(kilobytes)k", folder])
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
