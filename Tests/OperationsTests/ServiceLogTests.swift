import Foundation
import Operations
import Records
import Synchronization
import Testing

struct ServiceLogTests {
    /// What was written, line by line.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func log(_ lines: Lines) -> ServiceLog {
        ServiceLog(
            clock: { Timestamp(microseconds: 1_330_956_004_000_000) },
            write: { lines.add($0) })
    }

    @Test func `an event is one line of JSON with its time, level, name and values`() throws {
        let lines = Lines()
        log(lines).info(.fileTaken, ["source": "county-hospital", "rows": 300])
        #expect(
            lines.all == [
                "{\"at\":\"2012-03-05T22:00:04+08:00\",\"level\":\"info\","
                    + "\"event\":\"file.taken\",\"rows\":300,\"source\":\"county-hospital\"}\n"
            ])
    }

    @Test func `whatever a value holds, it stays on its line`() throws {
        let lines = Lines()
        let odd = "a\"b\\c\nd\te\u{2028}f\u{1}g 区"
        log(lines).warning(.failed, ["text": .init(odd)])
        let line = try #require(lines.all.first)
        #expect(line.split(separator: "\n").count == 1)
        let object =
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["text"] as? String == odd)
        #expect(object?["level"] as? String == "warning")
    }

    @Test func `a failure bears its code and what to do`() throws {
        let lines = Lines()
        let entry = CodeEntry(
            "E-X", what: Wording(zh: "错", en: "It is wrong."),
            next: Wording(zh: "改", en: "Mend it."))
        log(lines).error(.reloadRefused, entry, place: "shangbao.yaml:3:1")
        #expect(
            lines.all == [
                "{\"at\":\"2012-03-05T22:00:04+08:00\",\"level\":\"error\","
                    + "\"event\":\"configuration.refused\",\"code\":\"E-X\","
                    + "\"next\":\"Mend it.\",\"place\":\"shangbao.yaml:3:1\","
                    + "\"what\":\"It is wrong.\"}\n"
            ])
    }

    @Test func `events are named once`() {
        let names = ServiceLog.Event.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        for name in names { #expect(name.wholeMatch(of: /[a-z]+\.[a-z]+/) != nil, "\(name)") }
    }
}
