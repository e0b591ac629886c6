import Foundation
package import LibCrypto
import LibCurl
package import Records

/// A notice as each kind of channel wants it (各渠道报文): pure functions of the text and the time.
package enum NoticeMessage {
    /// A robot of WeCom or DingTalk: a message of plain text.
    package static func robot(_ text: NoticeText) -> [UInt8] {
        json(["msgtype": .text("text"), "text": .object(["content": .text(text.text)])])
    }

    /// Whether a robot took it: both answer 200 whatever happened, with `errcode` 0 if it did.
    package static func isTaken(_ answer: [UInt8]) -> Bool {
        struct Taken: Decodable { let errcode: Int }
        return (try? JSONDecoder().decode(Taken.self, from: Data(answer)))?.errcode == 0
    }

    /// What DingTalk wants behind the robot's address: the time and a signature over it
    /// (HMAC-SHA256 under the secret, over the time, a line feed and the secret).
    ///
    /// Throws `CryptoFailure`.
    package static func dingtalkSignature(
        secret: String, at now: Timestamp
    ) throws(CryptoFailure) -> String {
        let time = "\(now.microseconds / 1000)"
        let digest = try keyed(secret, Array("\(time)\n\(secret)".utf8))
        let sign = Base64.standard.encode(digest).utf8.map { byte in
            switch byte {
            case UInt8(ascii: "+"): "%2B"
            case UInt8(ascii: "/"): "%2F"
            case UInt8(ascii: "="): "%3D"
            default: String(UnicodeScalar(byte))
            }
        }.joined()
        return "&timestamp=\(time)&sign=\(sign)"
    }

    /// For any endpoint: one object with stable keys.
    package static func webhook(
        _ notice: IncidentBook.Notice, _ text: NoticeText, region: String
    ) -> [UInt8] {
        var fields: [String: JSONField] = [
            "event": .text("incident.\(notice.turn.rawValue)"),
            "incident": .number(notice.number), "code": .text(notice.incident.code),
            "subject": .text(notice.incident.subject), "region": .text(region),
            "since": .text(notice.incident.since.dateTime), "title": wording(text.title),
            "text": .text(text.text),
        ]
        if let ended = notice.incident.ended { fields["ended"] = .text(ended.dateTime) }
        return json(fields)
    }

    /// The header by which an endpoint knows that the body is ours. Throws `CryptoFailure`.
    package static func signature(
        of body: [UInt8], secret: String
    ) throws(CryptoFailure) -> String {
        "X-Shangbao-Signature: sha256=\(Hex.encode(try keyed(secret, body)))"
    }

    /// A letter (RFC 5322): the subject in encoded words, the text in base64.
    ///
    /// - Parameter id: makes its Message-ID, the same at each try, so that a second one is known.
    package static func letter(
        _ text: NoticeText, from: String, to: [String], id: String, at now: Timestamp
    ) -> [UInt8] {
        let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
        let head = [
            "From: <\(from)>", "To: " + to.map { "<\($0)>" }.joined(separator: ", "),
            "Subject: " + encodedWords(text.title.zh + " / " + text.title.en),
            "Date: \(date(now))", "Message-ID: <\(id)@\(domain)>", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: base64",
            "Auto-Submitted: auto-generated", "",
        ]
        let body = broken(Base64.standard.encode(Array((text.text + "\n").utf8)), at: 76)
        return Array((head + body + [""]).joined(separator: "\r\n").utf8)
    }

    // MARK: - Pieces

    private static func keyed(_ secret: String, _ bytes: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        var key = Array(secret.utf8)
        return try KeyedDigest(suite: .intl, key: try SecretBytes(consuming: &key)).digest(bytes)
    }

    /// Encoded words (RFC 2047) of 45 bytes each, cut between characters, folded.
    private static func encodedWords(_ text: String) -> String {
        var words: [String] = []
        var word: [UInt8] = []
        for character in text {
            let bytes = Array(String(character).utf8)
            if word.count + bytes.count > 45 {
                words.append("=?UTF-8?B?\(Base64.standard.encode(word))?=")
                word = []
            }
            word += bytes
        }
        if !word.isEmpty { words.append("=?UTF-8?B?\(Base64.standard.encode(word))?=") }
        return words.joined(separator: "\r\n ")
    }

    private static func broken(_ text: String, at width: Int) -> [String] {
        var lines: [String] = []
        var rest = Substring(text)
        while !rest.isEmpty {
            lines.append(String(rest.prefix(width)))
            rest = rest.dropFirst(width)
        }
        return lines
    }

    /// `Mon, 5 Mar 2012 22:00:04 +0800`.
    private static func date(_ now: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let day = now.day
        let parts = day.parts
        let time = now.dateTime.dropFirst(11).prefix(8)
        let name = days[((Int(day.daysSince1970) % 7) + 7) % 7]
        return "\(name), \(parts.day) \(months[parts.month - 1]) \(parts.year) \(time) +0800"
    }

    private enum JSONField: Encodable {
        case text(String)
        case number(Int64)
        case object([String: JSONField])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .object(let fields): try container.encode(fields)
            }
        }
    }

    private static func wording(_ wording: Wording) -> JSONField {
        .object(["zh": .text(wording.zh), "en": .text(wording.en)])
    }

    private static func json(_ fields: [String: JSONField]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and numbers always have a form.
        return (try? encoder.encode(fields)).map { [UInt8]($0) } ?? []
    }
}
