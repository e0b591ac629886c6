import Foundation
import Privacy
import Records
import Testing

/// A trail that only grows, whatever comes between, and in which nothing can be changed unseen.
@Suite struct AuditTrailTests {
    private let folder: Folder
    private let trail: AuditTrail
    private static let now = Timestamp(microseconds: 1_770_000_000_000_000)

    init() throws {
        folder = try Folder()
        trail = AuditTrail(path: folder.file("audit/trail.log"))
    }

    private func entry(_ action: String, object: String? = nil) -> AuditEntry {
        AuditEntry(account: "lin", action: action, object: object, result: "done")
    }

    private func fill(_ count: Int) throws {
        for number in 1...count { try trail.append(entry("queue show \(number)"), at: Self.now) }
    }

    private func lines() throws -> [String] {
        String(decoding: try folder.bytes("audit/trail.log"), as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    private func write(_ lines: [String]) throws {
        try folder.write(
            Array((lines.joined(separator: "\n") + "\n").utf8), to: "audit/trail.log")
    }

    @Test func `rows are numbered without gaps, by several writers too`() async throws {
        let (trail, row) = (trail, entry("status"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<25 { try trail.append(row, at: Self.now) } }
            }
            try await group.waitForAll()
        }
        var numbers: [Int64] = []
        let report = try trail.read { numbers.append($0.seq) }
        #expect(numbers == Array(1...200))
        #expect(report.holds)
        #expect(try report.head == trail.head())
    }

    /// What somebody does to a trail.
    enum Damage: CaseIterable {
        case firstGone, swapped, changed, gone, doubled

        /// At which line it shows.
        var place: Int64 {
            switch self {
            case .firstGone: 1
            case .swapped: 2
            case .changed, .gone: 3
            case .doubled: 4
            }
        }

        func change(_ lines: inout [String]) {
            switch self {
            case .firstGone: lines.removeFirst()
            case .swapped: lines.swapAt(1, 2)
            case .changed: lines[2].replace("queue show 3", with: "queue show 9")
            case .gone: lines.remove(at: 2)
            case .doubled: lines.insert(lines[2], at: 3)
            }
        }
    }

    @Test(arguments: Damage.allCases)
    func `whatever is changed breaks the chain there`(damage: Damage) throws {
        try fill(5)
        var lines = try lines()
        damage.change(&lines)
        try write(lines)
        #expect(try trail.read().brokenAt == damage.place)
        #expect(throws: AuditFailure.self) { try trail.export(to: folder.file("out")) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }

    @Test func `a tail that is cut off shows by a head kept elsewhere alone`() throws {
        try fill(4)
        let kept = try trail.head()
        try write(Array(try lines().dropLast()))
        #expect(try trail.read().holds)
        #expect(try trail.read(heldTo: [kept]).missing == [kept])
        // Made anew to the same length it is another one.
        try trail.append(entry("status"), at: Self.now)
        let report = try trail.read(heldTo: [kept])
        #expect(report.brokenAt == nil && report.missing == [kept])
    }

    @Test func `what a power cut broke off stays, and the next row counts it`() throws {
        try fill(2)
        let whole = try folder.bytes("audit/trail.log")
        for cut in [1, 40, 70, 120] {
            let part = String(repeating: "0123456789", count: 12).utf8.prefix(cut)
            try folder.write(whole + part, to: "audit/trail.log")
            try trail.append(entry("status"), at: Self.now)
            let report = try trail.read()
            #expect(report.holds && report.head.seq == 3, "\(cut)")
        }
        // What is no line of ours and nobody counted is found.
        try folder.write(whole + Array("a line\n".utf8), to: "audit/trail.log")
        #expect(try trail.read().brokenAt == 3)
    }

    @Test func `a first line that was broken off is no reason to stop`() throws {
        try fill(1)
        let part = Array(try folder.bytes("audit/trail.log").prefix(30))
        try folder.write(part, to: "audit/trail.log")
        try trail.append(entry("status"), at: Self.now)
        #expect(try trail.read().head.seq == 1)
    }

    @Test func `numbers of people do not come in by what somebody typed`() throws {
        let id = "019a4c1ef00d4b7e8a9b0c1d2e3f4a5b"
        for object in [id, "110101190003078540", "张三", "13800138000", "settle 2012"] {
            try trail.append(entry("explain", object: object), at: Self.now)
        }
        var objects: [String?] = []
        _ = try trail.read { objects.append($0.object) }
        #expect(objects == [id, "…", "…", "…", "settle 2012"])
    }

    @Test func `a question finds by account, command, object and day`() throws {
        try trail.append(entry("queue show", object: "aa11"), at: Self.now)
        try trail.append(entry("queued"), at: Self.now)
        try trail.append(
            AuditEntry(account: "wu", person: "王复核", action: "sign", result: "done"), at: Self.now)
        func found(_ question: AuditQuestion) throws -> [Int64] {
            var rows: [Int64] = []
            _ = try trail.read { if question.matches($0) { rows.append($0.seq) } }
            return rows
        }
        #expect(try found(AuditQuestion(action: "queue")) == [1])
        #expect(try found(AuditQuestion(account: "王复核")) == [3])
        #expect(try found(AuditQuestion(account: "lin")) == [1, 2])
        #expect(try found(AuditQuestion(object: "aa")) == [1])
        let day = Self.now.dateTime.prefix(10)
        #expect(try found(AuditQuestion(from: String(day), to: String(day))) == [1, 2, 3])
        #expect(try found(AuditQuestion(to: "2012-01-01")) == [])
    }

    @Test func `a file that everybody reads, or that is none, is refused`() throws {
        try fill(1)
        chmod(folder.file("audit/trail.log"), 0o644)
        #expect(throws: AuditFailure(.exposed, place: trail.path)) {
            try trail.append(entry("status"), at: Self.now)
        }
        let elsewhere = AuditTrail(path: folder.path)
        #expect(throws: AuditFailure.self) { try elsewhere.append(entry("status"), at: Self.now) }
    }

    /// An auditor without us: Python and SM3 alone.
    @Test func `python finds the same chain`() throws {
        try fill(3)
        let end = try trail.head().hash.map { String(format: "%02x", $0) }.joined()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", Self.script, trail.path]
        let out = Pipe()
        process.standardOutput = out
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = String(
            decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said == "3 \(end)\n")
    }

    /// As the page for the privacy officer has it.
    private static let script = """
        import hashlib, sys
        head, rows = bytes(32), 0
        for line in open(sys.argv[1], 'rb'):
            said, row = line[:64].decode(), line[65:].rstrip(b'\\n')
            head = hashlib.new('sm3', b'GWA1' + head + row).digest()
            assert said == head.hex(), f'row {rows + 1}'
            rows += 1
        print(rows, head.hex())
        """
}
