/// How many submissions may be sent in how long (限速): `400 per 10 min`.
///
/// Counted over every stretch of that length, not by the clock's own minutes: the other side's
/// count begins when it likes.
package struct SendPace: Sendable, Hashable, Codable {
    package let count: Int
    package let seconds: Int64

    package init(count: Int, seconds: Int64) {
        self.count = count
        self.seconds = seconds
    }

    /// Reads `400 per 10 min`, `30 per min`; `nil` for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 3, words[1] == "per", let count = Int(words[0]), count > 0,
            let seconds = SendPace.seconds(words.dropFirst(2).joined(separator: " ")),
            seconds <= 86_400
        else { return nil }
        self.init(count: count, seconds: seconds)
    }

    /// A length of time such as `30 s`, `10 min`, `24 h`, `7 d`, or a unit alone; `nil` for
    /// anything else.
    package static func seconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ").map(String.init)
        let units: [String: Int64] = ["s": 1, "min": 60, "h": 3600, "d": 86_400]
        guard let unit = words.last.flatMap({ units[$0] }) else { return nil }
        guard words.count == 2 else { return words.count == 1 ? unit : nil }
        guard let count = Int64(words[0]), count > 0, count <= 100_000 else { return nil }
        return count * unit
    }
}
