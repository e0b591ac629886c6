import Foundation
import LibCrypto
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
        #expect(throws: AuditFailure.self) {
            try trail.export(to: folder.file("out"), anchors: [])
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
    }

    @Test func `a tail that is cut off shows by a head kept elsewhere alone`() throws {
        try fill(4)
        let kept = try trail.head()
        try write(Array(try lines().dropLast()))
        #expect(try trail.read().holds)
        #expect(try trail.read(heldTo: [kept]).missing == [kept])
        #expect(try trail.missing(of: [kept]) == [kept])
        // Made anew to the same length it is another one.
        try trail.append(entry("status"), at: Self.now)
        let report = try trail.read(heldTo: [kept])
        #expect(report.brokenAt == nil && report.missing == [kept])
        #expect(try trail.missing(of: [kept, report.head]) == [kept])
        // It is handed out all the same, with what was kept.
        let out = folder.file("out")
        #expect(try trail.export(to: out, anchors: [kept, report.head]).missing == [kept])
        #expect(try folder.bytes("out") == folder.bytes("audit/trail.log"))
        let anchors = String(decoding: try folder.bytes("out.anchors"), as: UTF8.self)
        #expect(anchors.split(separator: "\n").map { $0.prefix(2) } == ["4 ", "4 "])
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

    /// What the trail keeps of an object, of a person and of a reason.
    private func kept(
        object: String? = nil, person: String? = nil, reason: String? = nil
    ) throws -> AuditRow {
        try trail.append(
            AuditEntry(
                account: "lin", person: person, action: "trace", object: object, reason: reason,
                result: "begun"), at: Self.now)
        var last: AuditRow?
        _ = try trail.read { last = $0 }
        return try #require(last)
    }

    @Test(
        arguments: [
            ("019a4c1ef00d4b7e8a9b0c1d2e3f4a5b", nil), ("110101190003078540", "…"), ("张三", "…"),
            ("13800138000", "…"), ("settle 2012", nil),
            ("019a4c1e-f00d-7b7e-8a9b-0c1d2e3f4a5b", nil),
            (String(repeating: "0a1b2c3d", count: 8), nil), ("2345672abc", nil),
            ("990101199104011604-990101199104011604", "…"),
            ("990101199104011604990101199104011604", "…"),
            ("00000000000000990101199104011604", "…"),
            ("990101199104011604-13812345678-aa", "…-aa"),
            ("00000000-0000-7099-8101-199104011604", "…"),
            ("aa9901011991040116041234567890bb", "…"),
            ("990101*19910401*1604", "…"),
        ] as [(String, String?)])
    func `an id is kept as it is, and nobody's number`(typed: String, shown: String?) throws {
        #expect(try kept(object: typed).object == shown ?? typed)
    }

    @Test func `nobody's number comes in by a reason or a person`() throws {
        let row = try kept(
            person: "假癸三990101199104011604",
            reason: "假癸三 990101199104011604，国卫函〔2026〕123号，2026-03-06")
        #expect(row.person == "…")
        #expect(row.reason == "…，国卫函〔2026〕123号，2026-03-06")
    }

    /// A record's id may have many digits in a row by chance.
    @Test func `ids of ours stay, whatever their digits`() throws {
        // Digests are as good as random, and the same each time.
        let ids = (0..<300).map { number in
            String(Hex.encode(Hash.sm3.digest(Array("\(number)".utf8))).prefix(32))
        }
        for start in stride(from: 0, to: ids.count, by: 20) {
            let some = ids[start..<start + 20].joined(separator: " ")
            #expect(try kept(object: some).object == some)
        }
    }

    @Test func `what is too long is cut, says so, and stops nothing`() throws {
        let long = String(repeating: "a", count: 131_000)
        #expect(try kept(object: long).object == String(repeating: "a", count: 60) + "…")
        let ids = (0..<4500).map { "a" + String(format: "%031x", $0) }
        let row = try kept(object: ids.joined(separator: " "))
        let words = try #require(row.object).split(separator: " ").map(String.init)
        #expect(words.dropLast() == ids.prefix(words.count - 1) && words.last == "…(4500)")
        #expect((20...100).contains(words.count))
        let reason = try #require(try kept(reason: long).reason)
        #expect(reason.hasSuffix("a…") && reason.count <= 501)
        // One letter of many thousand marks counts as what it is.
        let marks = "a" + String(repeating: "\u{301}", count: 60_000)
        #expect(try kept(person: marks, reason: marks).reason?.unicodeScalars.count ?? 0 <= 501)
        #expect(try lines().allSatisfy { $0.utf8.count < 1 << 14 })
        #expect(try trail.read().holds)
    }

    /// Rows were not bounded once: a site that has such a row goes on.
    @Test(arguments: [70_000, 131_073, 200_000, 2_000_000])
    func `a long row that was written once stops nothing`(length: Int) throws {
        try fill(3)
        let long = String(repeating: "a", count: length)
        try folder.write(
            try folder.bytes("audit/trail.log") + unbounded(long), to: "audit/trail.log")
        #expect(try trail.head().seq == 4)
        try trail.append(entry("status"), at: Self.now)
        // And one that a power cut broke off behind it.
        try folder.write(
            try folder.bytes("audit/trail.log") + Array(long.utf8), to: "audit/trail.log")
        try trail.append(entry("status"), at: Self.now)
        let report = try trail.read()
        #expect(report.holds && report.head.seq == 6)
    }

    /// The line of a row of any length, made as the page says.
    private func unbounded(_ object: String) throws -> [UInt8] {
        let row =
            #"{"account":"lin","action":"trace","at":"2026-02-02T10:40:00+08:00","object":""#
            + object + #"","result":"begun","seq":4,"v":1}"#
        let before = try trail.head().hash
        let hash = Hash.sm3.digest(Array("GWA1".utf8) + before + Array(row.utf8))
        return Array("\(Hex.encode(hash)) \(row)\n".utf8)
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
        let out = folder.file("out")
        _ = try trail.export(to: out, anchors: [trail.head()])
        process.arguments = ["-c", try Self.script(), out, out + ".anchors"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = String(
            decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said == "3 \(end) 1\n")
    }

    /// As the page for the privacy officer has it.
    private static func script() throws -> String {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let page = try String(
            contentsOfFile: folder.path + "/docs/privacy/audit.md", encoding: .utf8)
        return try #require(
            page.components(separatedBy: "```python\n").last?
                .components(separatedBy: "\n```").first)
    }
}
