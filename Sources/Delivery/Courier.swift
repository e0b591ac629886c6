package import Records
package import Storage

/// Carries submissions to one endpoint and receipts back, at our own pace: one round at a time, a
/// bounded number of sends in it, and the network never inside a transaction.
package actor Courier {
    /// What a round did.
    package struct Round: Sendable, Hashable {
        package var sent = 0
        package var asked = 0
        /// Attempts whose end came too late: another worker had gone on, so it changed nothing.
        package var stale = 0
        /// Receipts that came by the feed, by what was made of them.
        package var collected: [Disposition: Int] = [:]
    }

    /// Receipts in one page of the feed, and pages in one round.
    private static let pageItems = 50
    private static let roundPages = 200

    private let database: any Database
    private let outbox: Outbox
    private let collector: Collector
    /// `nil` where nothing goes over a wire: then a round only does what time asks for.
    private let transport: (any Transport)?
    private let endpoint: Endpoint
    private let inFlight: Int
    private let clock: Clock
    private let jitter: @Sendable () -> Double
    private let failPoint: FailPointHook
    private let wire: WireGuard?
    private let leases: LeaseKeeper?
    private let tally: DeliveryTally
    private var isUnderWay = false
    /// What held retries back when the last round began.
    private var held: HeldRetries?

    /// - Parameters:
    ///   - inFlight: how many submissions may be on the wire at once.
    ///   - jitter: gives numbers from 0 up to 1.
    ///   - wire: notes each send on this machine's own disk before its first byte.
    ///   - leases: keeps claims where several workers share a database.
    ///   - tally: counts what the database does not keep.
    package init(
        database: any Database, outbox: Outbox, transport: (any Transport)?, endpoint: Endpoint,
        inFlight: Int = 2, clock: @escaping Clock, jitter: @escaping @Sendable () -> Double,
        wire: WireGuard? = nil, leases: LeaseKeeper? = nil,
        tally: DeliveryTally = DeliveryTally(), failPoint: @escaping FailPointHook = { _ in }
    ) {
        self.wire = wire
        self.leases = leases
        self.tally = tally
        self.database = database
        self.outbox = outbox
        self.transport = transport
        self.endpoint = endpoint
        self.inFlight = max(1, inFlight)
        self.clock = clock
        self.jitter = jitter
        self.failPoint = failPoint
        collector = Collector(
            database: database, outbox: outbox, endpoint: endpoint, clock: clock,
            failPoint: failPoint)
    }

    /// Once, before the first round: what was under way when the process last ended, and receipts
    /// that were stored but not applied.
    ///
    /// Throws `StorageFailure`, `EncodingError`.
    package func start() async throws {
        let now = clock()
        try await wire?.open()
        let taken = try await database.write { try outbox.recover(now: now, in: $0) }
        tally.note(reclaims: taken.reclaims)
        try await collector.applyStored()
    }

    /// One round: fetch receipts, ask for what is doubtful, send what is due.
    ///
    /// A round that is called while another is under way does nothing. When the task is cancelled,
    /// what was not sent yet is given back, and what is on the wire is waited for.
    /// Throws `StorageFailure`, `EncodingError`.
    ///
    /// - Parameters:
    ///   - expires: whether what is past its deadline is held; not while the clock may be wrong.
    ///   - mayGoOn: asked before each send: what was claimed before a window closed is given back.
    @discardableResult
    package func round(
        limit: Int, expires: Bool = true, while mayGoOn: @escaping @Sendable () -> Bool = { true }
    ) async throws -> Round {
        guard !isUnderWay else { return Round() }
        isUnderWay = true
        defer { isUnderWay = false }
        var round = Round()
        let now = clock()
        let isOpen = try await begin(expires: expires, now: now)
        guard isOpen, let transport, try await collect(by: transport, into: &round) else {
            return round
        }
        try await ask(by: transport, limit: limit, into: &round)
        (round.sent, round.stale) = try await deliver(
            by: transport, limit: limit, while: mayGoOn)
        tally.note(staleWrites: round.stale)
        return round
    }

    /// What time asks for, whether or not anything can be sent; whether the lane is open.
    private func begin(expires: Bool, now: Timestamp) async throws -> Bool {
        let (before, isWired) = (held, transport != nil)
        let (isOpen, taken, found) = try await database.write {
            [outbox, name = endpoint.name] transaction in
            let taken = try outbox.reclaim(endpoint: name, now: now, in: transaction)
            if expires { try outbox.expire(endpoint: name, now: now, in: transaction) }
            let found =
                isWired
                ? try outbox.heldRetries(
                    endpoint: name, after: before, now: now, in: transaction) : nil
            return (try Lane.load(name, in: transaction).isOpen(at: now), taken, found)
        }
        held = found
        if let found { tally.note(found) }
        tally.note(reclaims: taken.reclaims)
        return isOpen
    }

    /// Fetches the feed to its end; false if the lane must wait.
    private func collect(
        by transport: any Transport, into round: inout Round
    ) async throws -> Bool {
        var cursor = try await database.read { [name = endpoint.name] in
            try $0.run("SELECT cursor FROM feed WHERE endpoint = \(name)").first?.text(0) ?? "0"
        }
        for _ in 0..<Courier.roundPages {
            let page: FeedPage
            do throws(TransportFailure) {
                page = try await transport.receipts(after: cursor, limit: Courier.pageItems)
            } catch {
                return try await noteLane(error)
            }
            // An empty page must not move the cursor (EXCHANGE 4): receipts would be passed over.
            guard !page.items.isEmpty || page.next == cursor else {
                return try await noteLane(.uncertain(.init(.noReceipt)))
            }
            for item in page.items {
                let taken = try await collector.take(item)
                round.collected[taken.disposition, default: 0] += 1
            }
            guard page.next != cursor else { break }
            cursor = page.next
            try await keep(cursor)
            if page.items.isEmpty { break }
        }
        return try await noteLane(nil)
    }

    /// Only after every receipt before it is on disk.
    private func keep(_ cursor: String) async throws {
        failPoint(.beforeCursorMoved)
        try await database.write { [name = endpoint.name] transaction in
            try transaction.run(
                """
                INSERT INTO feed (endpoint, cursor) VALUES (\(name), \(cursor))
                ON CONFLICT (endpoint) DO UPDATE SET cursor = excluded.cursor
                """)
        }
        failPoint(.afterCursorMoved)
    }

    /// Notes how the feed went; whether the lane is open.
    private func noteLane(_ failure: TransportFailure?) async throws -> Bool {
        let now = clock()
        let random = jitter()
        return try await database.write { [outbox, name = endpoint.name] transaction in
            let before = try Lane.load(name, in: transaction)
            var lane = before
            if let failure {
                lane.note(failure, of: .look, by: outbox.policy.rules, now: now, random: random)
            } else {
                lane.noteSuccess(of: .look, by: outbox.policy.rules, now: now)
            }
            if lane != before { try lane.save(in: transaction) }
            return lane.isOpen(at: now)
        }
    }

    /// Asks for the receipts of what is doubtful or overdue, one after the other.
    private func ask(
        by transport: any Transport, limit: Int, into round: inout Round
    ) async throws {
        let now = clock()
        let questions = try await database.read { [outbox, name = endpoint.name] in
            try outbox.questions(endpoint: name, limit: limit, now: now, in: $0)
        }
        for question in questions where !Task.isCancelled {
            round.asked += 1
            let outcome = try await reply(to: question, by: transport)
            let now = clock()
            let random = jitter()
            try await database.write { [outbox] in
                try outbox.settle(question, outcome, now: now, random: random, in: $0)
            }
            if case .failed = outcome { return }
        }
    }

    private func reply(
        to question: Outbox.Question, by transport: any Transport
    ) async throws -> Outbox.QuestionOutcome {
        let answer: InquiryAnswer
        do throws(TransportFailure) {
            answer = try await transport.receipt(of: question.submission)
        } catch {
            return .failed(error)
        }
        switch answer {
        case .unknown: return .unknown
        case .pending: return .pending
        // What they are known to have is waited for; the same bytes of the other go once more.
        case .untold: return question.state == .awaiting ? .pending : .unknown
        case .document(let document):
            let taken = try await collector.take(document)
            let isAnswer = taken.disposition.isBelieved && taken.submission == question.submission
            return isAnswer ? .answered : .failed(.uncertain(.init(.noReceipt)))
        }
    }

    /// Sends what is due, a few at a time; how many went out, and how many of them ended too late.
    private func deliver(
        by transport: any Transport, limit: Int, while mayGoOn: @escaping @Sendable () -> Bool
    ) async throws -> (sent: Int, stale: Int) {
        let now = clock()
        failPoint(.beforeLeased)
        let (claims, width) = try await database.write { [outbox, name = endpoint.name] in
            (
                try outbox.claim(endpoint: name, limit: limit, now: now, in: $0),
                try outbox.atOnce(name, in: $0)
            )
        }
        failPoint(.afterLeased)
        let keeping = leases.map { leases in Task { try await leases.keep() } }
        defer { keeping?.cancel() }
        return try await withThrowingTaskGroup(of: Sent.self) { group in
            var waiting = claims.makeIterator()
            var (sent, stale, underWay, width) = (0, 0, 0, width)
            while true {
                while underWay < min(inFlight, width), let claim = waiting.next() {
                    group.addTask { try await self.deliver(claim, by: transport, while: mayGoOn) }
                    underWay += 1
                }
                guard let end = try await group.next() else { break }
                underWay -= 1
                width = end.width ?? width
                if end.fate != .nothing { sent += 1 }
                if end.fate == .tooLate { stale += 1 }
            }
            return (sent, stale)
        }
    }

    /// What one claim came to.
    private struct Sent {
        enum Fate {
            /// Nothing was handed to the transport.
            case nothing
            case settled
            /// Another worker had taken it over: what came of it changed nothing.
            case tooLate
        }

        let fate: Fate
        /// How many may be under way at once from now on.
        var width: Int?
    }

    /// One attempt, between its two commits.
    private func deliver(
        _ claim: Outbox.Claim, by transport: any Transport, while mayGoOn: @Sendable () -> Bool
    ) async throws -> Sent {
        let now = clock()
        guard !Task.isCancelled, mayGoOn() else {
            try await database.write { [outbox] in
                try outbox.release(claim, nextStep: now, in: $0)
            }
            return Sent(fate: .nothing)
        }
        failPoint(.beforeOnWire)
        let lease = leases?.began()
        let stand = wire?.stand ?? .file
        let marked = try await database.write { [outbox] transaction in
            try outbox.markOnWire(claim, now: now, in: transaction).map {
                (shipment: $0, mark: try outbox.mark(stand, in: transaction))
            }
        }
        failPoint(.afterOnWire)
        guard let (shipment, mark) = marked else { return Sent(fate: .nothing) }
        try await wire?.note(shipment, fence: claim.fence, mark)
        // A worker that was stopped for minutes leaves what others may have taken over: if they
        // have not, the next round asks for it.
        if let leases, let lease, !leases.counts(since: lease) { return Sent(fate: .nothing) }
        let outcome = try await attempt(shipment, by: transport)
        let end = clock()
        let random = jitter()
        failPoint(.beforeSettled)
        let (counted, width) = try await database.write { [outbox] in
            (
                try outbox.settle(claim, outcome, now: end, random: random, in: $0),
                try outbox.atOnce(claim.endpoint, in: $0)
            )
        }
        failPoint(.afterSettled)
        return Sent(fate: counted ? .settled : .tooLate, width: width)
    }

    /// The network, outside any transaction; then the receipt, if one came.
    private func attempt(
        _ shipment: Shipment, by transport: any Transport
    ) async throws -> AttemptOutcome {
        let answer: SendAnswer
        do throws(TransportFailure) {
            answer = try await transport.send(shipment)
        } catch {
            failPoint(.afterSend)
            return .failed(error)
        }
        failPoint(.afterSend)
        guard let document = answer.document else { return .answered(answer.outcome) }
        let taken = try await collector.take(document)
        let isAnswer = taken.disposition.isBelieved && taken.submission == shipment.submission
        return isAnswer ? .answered(answer.outcome) : .failed(.uncertain(.init(.noReceipt)))
    }
}
