package import Records
package import Storage

/// Takes notices from the book to their channels (通知派发). What cannot be handed over stays in the
/// book, is tried again, and stops nothing else.
package struct NoticeDesk: Sendable {
    private static let atOnce = 20

    private let book = IncidentBook()
    private let channels: [NoticeChannel]
    private let database: any Database
    private let sender: NoticeSender
    private let county: Wording
    private let region: String
    private let clock: Clock
    private let entry: @Sendable (String) -> CodeEntry?

    /// - Parameter entry: what a code means.
    package init(
        channels: [NoticeChannel], database: any Database, sender: NoticeSender, county: Wording,
        region: String, clock: @escaping Clock,
        entry: @escaping @Sendable (String) -> CodeEntry?
    ) {
        self.channels = channels
        self.database = database
        self.sender = sender
        self.county = county
        self.region = region
        self.clock = clock
        self.entry = entry
    }

    /// A notice that was not handed over.
    package struct Failed: Sendable, Hashable {
        package let channel: String
        package let code: String
        package let failure: String
    }

    /// Holds what looks wrong now against the book. Throws `StorageFailure`.
    package func note(_ signs: [Incident.Sign]) async throws -> IncidentBook.Change {
        let (now, names) = (clock(), channels.map(\.name))
        return try await database.write { [book] in
            try book.note(signs, channels: names, now: now, in: $0)
        }
    }

    /// Hands over what is due; what was not taken. Throws `StorageFailure`.
    package func deliver() async throws -> [Failed] {
        let now = clock()
        let due = try await database.read { [book] in
            try book.due(now: now, limit: NoticeDesk.atOnce, in: $0)
        }
        var failed: [Failed] = []
        // What a channel does not take now it does not take a moment later either.
        var isAway: Set<String> = []
        for notice in due where !isAway.contains(notice.channel) && !Task.isCancelled {
            if let failure = try await deliver(notice) {
                isAway.insert(notice.channel)
                failed.append(
                    Failed(
                        channel: notice.channel, code: notice.incident.code, failure: failure))
            }
        }
        return failed
    }

    private func deliver(_ notice: IncidentBook.Notice) async throws -> String? {
        let text = NoticeText(
            notice, entry: entry(notice.incident.code), county: county, region: region)
        guard let channel = channels.first(where: { $0.name == notice.channel }) else {
            let now = clock()
            try await database.write { [book] in
                try book.failed(notice, "no-channel", isGone: true, now: now, in: $0)
            }
            return nil
        }
        var failure: String?
        do throws(NoticeFailure) {
            try await sender.send(notice, text, to: channel, region: region, now: clock())
        } catch { failure = error.description }
        let (now, word) = (clock(), failure)
        try await database.write { [book] transaction in
            if let word {
                try book.failed(notice, word, now: now, in: transaction)
            } else {
                try book.sent(notice, now: now, in: transaction)
            }
        }
        return failure
    }
}
