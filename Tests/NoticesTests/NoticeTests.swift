import DatabaseKit
import Definitions
import Foundation
import Notices
import Records
import Storage
import Synchronization
import Testing

/// A clock that only moves when told.
final class HandClock: Sendable {
    private let moment = Mutex(Timestamp(microseconds: 1_330_920_000_000_000))

    var now: Timestamp { moment.withLock { $0 } }
    func pass(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
}

/// A book of incidents in a database of its own, and what works on it.
struct NoticeDeskKit {
    let folder: String
    let database: any SteadyDatabase
    let clock = HandClock()
    let entry = CodeEntry(
        "T-CERTIFICATE", what: Wording(zh: "证书不可信。", en: "The certificate is not believed."),
        next: Wording(zh: "换证书。", en: "Renew it."))

    init() async throws {
        folder = NSTemporaryDirectory() + "shangbao-book-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        database = try await TestDatabase.chosen.open(
            in: folder,
            migrations: [Migration(number: 1, statements: IncidentBook.migration)])
    }

    func desk(_ channels: [NoticeChannel]) -> NoticeDesk {
        let (clock, entry) = (clock, entry)
        return NoticeDesk(
            channels: channels, database: database, sender: NoticeSender(),
            county: Wording(zh: "示例区", en: "Example district"), region: "990101",
            clock: { clock.now }, entry: { $0 == entry.code ? entry : nil })
    }

    func waiting() async throws -> [IncidentBook.Waiting] {
        try await database.read { try IncidentBook().waiting(in: $0) }
    }

    func open() async throws -> [String] {
        try await database.read { try IncidentBook().open(in: $0).map(\.code) }
    }
}

private func channels(_ yaml: String, isRehearsal: Bool = true) throws -> [NoticeChannel] {
    var section = try Section(text: yaml, shownAs: "shangbao.yaml")
    let channels = try NoticeChannel.all(&section, file: { $0 }, isRehearsal: isRehearsal)
    try section.finish()
    return channels
}

extension NoticeServers {
    /// One channel of each kind, to these servers.
    fileprivate func channels() throws -> [NoticeChannel] {
        let web = "http://127.0.0.1:\(webPort)"
        let mail = try secret("mail password", "mail.txt")
        let hook = try secret(web + "/webhook?key=1", "hook-url.txt")
        let key = try secret("hook secret", "hook.txt")
        let wecom = try secret(web + "/wecom?key=wecom-key", "wecom-url.txt")
        let ding = try secret(web + "/dingtalk?access_token=token", "ding-url.txt")
        let seed = try secret("SECding", "ding.txt")
        return try NoticesTests.channels(
            """
            notices:
              - { name: duty, kind: mail, server: "smtps://localhost:\(mailPort)",
                  from: gateway@example.org, to: [duty@example.org, chief@example.org],
                  user: gateway, password: { file: \(mail) }, authority: \(folder)/server.pem }
              - { name: hook, kind: webhook, plain: true, url: { file: \(hook) },
                  secret: { file: \(key) } }
              - { name: group, kind: wecom, plain: true, url: { file: \(wecom) } }
              - { name: ding, kind: dingtalk, plain: true, url: { file: \(ding) },
                  secret: { file: \(seed) } }
            """)
    }
}

/// Notices go to real servers of each kind.
@Suite(.serialized) struct NoticeDeliveryTests {
    @Test func `each channel is told once when it begins and once when it ends`() async throws {
        let servers = try NoticeServers()
        let kit = try await NoticeDeskKit()
        let desk = kit.desk(try servers.channels())
        let sign = Incident.Sign("T-CERTIFICATE", "reference-1")
        #expect(try await desk.note([sign]).began.map(\.code) == ["T-CERTIFICATE"])
        for _ in 0..<3 {
            #expect(try await desk.deliver() == [])
            #expect(try await desk.note([sign]).began == [])
            kit.clock.pass(seconds: 60)
        }
        #expect(try servers.received().count == 4)
        kit.clock.pass(seconds: 600)
        #expect(try await desk.note([]).ended.map(\.code) == ["T-CERTIFICATE"])
        for _ in 0..<3 {
            #expect(try await desk.deliver() == [])
            #expect(try await desk.note([]).ended == [])
        }
        let received = try servers.received()
        #expect(received.count == 8)
        #expect(Set(received.compactMap(\.path)) == ["/webhook", "/wecom", "/dingtalk"])
        #expect(received.compactMap(\.signed) == [true, true, true, true])
        let robots = received.filter { $0.path == "/wecom" || $0.path == "/dingtalk" }
        #expect(robots.count == 4)
        for robot in robots {
            let content = try text(robot.body)
            #expect(content.contains("证书不可信。") && content.contains("Example district"))
        }
        #expect(try text(robots[0].body).hasPrefix("【上报网关】发生：T-CERTIFICATE reference-1（示例区）"))
        #expect(try text(robots[3].body).contains("历时 13 分钟，已恢复"))
    }

    private func text(_ body: String) throws -> String {
        struct Message: Decodable {
            struct Text: Decodable { let content: String }
            let msgtype: String
            let text: Text
        }
        let message = try JSONDecoder().decode(Message.self, from: Data(body.utf8))
        #expect(message.msgtype == "text")
        return message.text.content
    }

    /// F-066: begun and not handed over by a clock that was a day ahead.
    @Test func `what a wrong clock noted is told, and ends, once the clock is set back`()
        async throws
    {
        let servers = try NoticeServers()
        let kit = try await NoticeDeskKit()
        let desk = kit.desk(try servers.channels().filter { $0.name == "hook" })
        let sign = Incident.Sign("E-CLOCK-JUMP")
        try servers.become(.away)
        kit.clock.pass(seconds: 86_400)
        #expect(try await desk.note([sign]).began.count == 1)
        #expect(try await desk.deliver().map(\.channel) == ["hook"])
        kit.clock.pass(seconds: -86_400)
        try servers.become(.ok)
        #expect(try await desk.note([]).ended == [])
        #expect(try await desk.deliver() == [])
        #expect(try servers.received().count == 1)
        kit.clock.pass(seconds: 299)
        #expect(try await desk.note([]).ended == [])
        kit.clock.pass(seconds: 1)
        #expect(try await desk.note([]).ended.map(\.code) == ["E-CLOCK-JUMP"])
    }

    @Test func `a letter is one that a mail reader takes apart`() async throws {
        let servers = try NoticeServers()
        let kit = try await NoticeDeskKit()
        let desk = kit.desk(try servers.channels().filter { $0.name == "duty" })
        _ = try await desk.note([Incident.Sign("T-CERTIFICATE", "reference-1")])
        #expect(try await desk.deliver() == [])
        let letter = try #require(try servers.received().first)
        #expect(letter.login == "gateway")
        #expect(letter.from == "gateway@example.org")
        #expect(letter.to == ["duty@example.org", "chief@example.org"])
        // Python's own mail reader says what is in it.
        let read = try python(
            """
            import email, email.policy, sys
            m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
            print(m['Subject']); print(m['Date']); print(m['Message-ID']); print(m.get_content())
            print(all(len(line) <= 78 for line in m.as_string().split('\\n')), len(m.defects))
            """, letter.body)
        let lines = read.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines[0]
                == "【上报网关】发生：T-CERTIFICATE reference-1（示例区） / "
                + "[Shangbao] began: T-CERTIFICATE reference-1 (Example district)")
        #expect(lines[1] == "Mon, 05 Mar 2012 12:00:00 +0800")
        #expect(lines[2] == "<incident-1-began.990101@example.org>")
        #expect(read.contains("下一步：换证书。") && read.contains("Next: Renew it."))
        #expect(read.contains("始于 2012-03-05 12:00（北京时间）"))
        #expect(read.contains("True 0"))
    }

    private func python(_ script: String, _ input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: NoticeServers.python)
        process.arguments = ["-c", script]
        let (given, out) = (Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = out
        try process.run()
        given.fileHandleForWriting.write(Data(input.utf8))
        try given.fileHandleForWriting.close()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `what is not taken is tried again, longer apart each time, and shown meanwhile`()
        async throws
    {
        let servers = try NoticeServers()
        let kit = try await NoticeDeskKit()
        let desk = kit.desk(try servers.channels())
        try servers.become(.away)
        _ = try await desk.note([Incident.Sign("T-CERTIFICATE", "reference-1")])
        let failed = try await desk.deliver()
        #expect(failed.map(\.channel).sorted() == ["ding", "duty", "group", "hook"])
        #expect(failed.first { $0.channel == "hook" }?.failure == "http-500")
        #expect(try await kit.waiting().map(\.count) == [1, 1, 1, 1])
        kit.clock.pass(seconds: 59)
        #expect(try await desk.deliver() == [], "not yet")
        kit.clock.pass(seconds: 1)
        try servers.become(.refuse)
        let again = try await desk.deliver()
        #expect(again.map(\.channel).sorted() == ["ding", "group"])
        #expect(again.map(\.failure) == ["robot-refused", "robot-refused"])
        kit.clock.pass(seconds: 119)
        try servers.become(.ok)
        #expect(try await desk.deliver() == [])
        #expect(try servers.received().count == 2, "twice as long")
        kit.clock.pass(seconds: 1)
        #expect(try await desk.deliver() == [])
        #expect(try servers.received().count == 4)
        #expect(try await kit.waiting() == [])
    }

    @Test func `a server that is not believed, a wrong password and an open secret get nothing`()
        async throws
    {
        let servers = try NoticeServers()
        let kit = try await NoticeDeskKit()
        let wrong = try servers.secret("wrong", "wrong.txt")
        let bare = try servers.secret(
            "http://127.0.0.1:\(servers.webPort)/wecom", "bare.txt", mode: 0o644)
        let server = "smtps://localhost:\(servers.mailPort)"
        let channels = try channels(
            """
            notices:
              - { name: stranger, kind: mail, server: "\(server)", from: a@example.org,
                  to: b@example.org, authority: \(servers.folder)/other.pem }
              - { name: password, kind: mail, server: "\(server)", from: a@example.org,
                  to: b@example.org, user: gateway, password: { file: \(wrong) },
                  authority: \(servers.folder)/server.pem }
              - { name: open, kind: wecom, plain: true, url: { file: \(bare) } }
              - { name: gone, kind: wecom, plain: true, url: { file: \(servers.folder)/none } }
            """)
        let desk = kit.desk(channels)
        _ = try await desk.note([Incident.Sign("T-CERTIFICATE")])
        let failed = try await desk.deliver()
        let failures = Dictionary(uniqueKeysWithValues: failed.map { ($0.channel, $0.failure) })
        #expect(
            failures == [
                "stranger": "certificate-refused", "password": "login-denied",
                "open": "secret-exposed", "gone": "secret-missing",
            ])
        #expect(try servers.received().isEmpty)
        for failure in failed { #expect(!"\(failure)".contains("127.0.0.1")) }
    }
}

/// The book decides who is told of what, and when.
struct IncidentBookTests {
    @Test func `what passes by itself is told to nobody`() async throws {
        let kit = try await NoticeDeskKit()
        let desk = kit.desk([])
        let sign = Incident.Sign("T-BUSY", "reference-1", after: 900)
        for _ in 0..<14 {
            #expect(try await desk.note([sign]).began == [])
            kit.clock.pass(seconds: 60)
        }
        #expect(try await desk.note([]) == IncidentBook.Change())
        #expect(try await kit.open() == [])
        for minute in 0...20 {
            let began = try await desk.note([sign]).began
            #expect(began.isEmpty == (minute != 15), "minute \(minute)")
            kit.clock.pass(seconds: 60)
        }
        #expect(try await kit.open() == ["T-BUSY"])
    }

    @Test func `a sign that flickers is one incident, and a restart tells nobody twice`()
        async throws
    {
        let kit = try await NoticeDeskKit()
        let sign = Incident.Sign("I08")
        #expect(try await kit.desk([]).note([sign]).began.count == 1)
        for _ in 0..<5 {
            kit.clock.pass(seconds: 299)
            #expect(try await kit.desk([]).note([]) == IncidentBook.Change())
            #expect(try await kit.desk([]).note([sign]) == IncidentBook.Change())
        }
        kit.clock.pass(seconds: 300)
        #expect(try await kit.desk([]).note([]).ended.count == 1)
        #expect(try await kit.open() == [])
        #expect(try await kit.desk([]).note([sign]).began.count == 1, "another time")
    }

    @Test func `two things are two incidents, and one ends without the other`() async throws {
        let kit = try await NoticeDeskKit()
        let desk = kit.desk([])
        let (one, other) = (Incident.Sign("N-DISK", "site"), Incident.Sign("N-DISK", "database"))
        #expect(try await desk.note([one, other]).began.count == 2)
        kit.clock.pass(seconds: 600)
        #expect(try await desk.note([one]).ended.map(\.subject) == ["database"])
        #expect(try await kit.open() == ["N-DISK"])
    }

    @Test func `a notice to a channel that is gone, or that failed for three days, is given up`()
        async throws
    {
        let kit = try await NoticeDeskKit()
        let missing = try channels(
            "notices: [{ name: gone, kind: wecom, url: { file: /nonexistent } }]")
        _ = try await kit.desk(missing).note([Incident.Sign("I08")])
        #expect(try await kit.desk(missing).deliver().count == 1)
        kit.clock.pass(seconds: 3 * 86_400)
        #expect(try await kit.desk(missing).deliver().count == 1)
        kit.clock.pass(seconds: 86_400)
        #expect(try await kit.desk(missing).deliver() == [], "given up")
        _ = try await kit.desk(missing).note([Incident.Sign("I09")])
        #expect(try await kit.desk([]).deliver() == [])
        #expect(try await kit.desk(missing).deliver() == [], "its channel was gone")
    }
}

struct NoticeChannelTests {
    @Test(arguments: [
        "{ name: a, kind: pigeon }", "{ name: a, kind: wecom }",
        "{ name: a, kind: wecom, url: https://x }",
        "{ name: a, kind: mail, server: https://x, from: a@b.cn, to: c@d.cn }",
        "{ name: a, kind: mail, server: smtps://x, from: a, to: c@d.cn }",
        "{ name: a, kind: mail, server: smtps://x, from: a@b.cn, to: [] }",
        "{ name: a, kind: mail, server: smtps://x, from: a@b.cn, to: c@d.cn, user: u }",
        "{ name: a, kind: wecom, url: { file: x }, plain: true }",
        "{ name: a, kind: wecom, url: { file: x } }, { name: a, kind: wecom, url: { file: x } }",
    ])
    func `what cannot work is refused where it stands`(_ text: String) throws {
        #expect(throws: DefinitionError.self) {
            try channels("notices: [\(text)]", isRehearsal: false)
        }
    }

    @Test func `without the key there are no channels`() throws {
        #expect(try channels("other: 1\n".replacing("other: 1\n", with: "{}")).isEmpty)
    }
}
