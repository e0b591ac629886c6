import Blocking
import LibCrypto
import LibCurl
package import Records

/// Hands notices over, one after the other, on a thread of its own (通知发送).
package actor NoticeSender {
    private let executor = ThreadExecutor()

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    package init() {}

    /// One notice to one channel. Throws `NoticeFailure` where it was not taken: it may be tried
    /// again, and may then come twice to people, never not at all.
    package func send(
        _ notice: IncidentBook.Notice, _ text: NoticeText, to channel: NoticeChannel,
        region: String, now: Timestamp
    ) throws(NoticeFailure) {
        let post = NoticePost(
            authority: channel.authority, proxy: channel.proxy, allowsPlain: channel.isPlain)
        switch channel.way {
        case .mail(let mail):
            let id = "incident-\(notice.number)-\(notice.turn.rawValue).\(region)"
            let letter = NoticePost.Letter(
                from: mail.from, to: mail.to,
                message: NoticeMessage.letter(
                    text, from: mail.from, to: mail.to, id: id, at: now))
            try self.letter(letter, by: mail, post)
        case .webhook(let url, let secret):
            let body = NoticeMessage.webhook(notice, text, region: region)
            var headers = ["Content-Type: application/json"]
            if let secret {
                let word = try secret.text()
                headers.append(
                    try sealed { () throws(CryptoFailure) in
                        try NoticeMessage.signature(of: body, secret: word)
                    })
            }
            let answer = try posted(body, to: try url.text(), headers, post)
            guard (200..<300).contains(answer.status) else {
                throw NoticeFailure("http-\(answer.status)")
            }
        case .wecom(let url):
            try robot(NoticeMessage.robot(text), to: try url.text(), post)
        case .dingtalk(let url, let secret):
            var address = try url.text()
            if let secret {
                let word = try secret.text()
                address += try sealed { () throws(CryptoFailure) in
                    try NoticeMessage.dingtalkSignature(secret: word, at: now)
                }
            }
            try robot(NoticeMessage.robot(text), to: address, post)
        }
    }

    private func letter(
        _ letter: NoticePost.Letter, by mail: NoticeChannel.Mail, _ post: NoticePost
    ) throws(NoticeFailure) {
        var login: (user: String, password: [UInt8])?
        if let user = mail.user, let password = mail.password {
            login = (user, Array(try password.text().utf8) + [0])
        }
        do throws(NoticePost.Failure) {
            try post.mail(letter, by: mail.server, login: login)
        } catch { throw NoticeFailure(error.description) }
    }

    private func robot(
        _ body: [UInt8], to url: String, _ post: NoticePost
    ) throws(NoticeFailure) {
        let answer = try posted(body, to: url, ["Content-Type: application/json"], post)
        guard answer.status == 200 else { throw NoticeFailure("http-\(answer.status)") }
        guard NoticeMessage.isTaken(answer.body) else { throw NoticeFailure("robot-refused") }
    }

    private func posted(
        _ body: [UInt8], to url: String, _ headers: [String], _ post: NoticePost
    ) throws(NoticeFailure) -> NoticePost.Answer {
        do throws(NoticePost.Failure) {
            return try post.post(body, to: url, headers: headers)
        } catch { throw NoticeFailure(error.description) }
    }

    private func sealed(
        _ work: () throws(CryptoFailure) -> String
    ) throws(NoticeFailure) -> String {
        do throws(CryptoFailure) { return try work() } catch { throw NoticeFailure("signature") }
    }
}
