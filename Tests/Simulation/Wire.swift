import Delivery
import Records

/// The way to the national side as one process has it, with all that can happen on a way.
struct Wire: Transport {
    let world: World
    let machine: Machine

    private var dice: Dice { world.dice }
    private var nation: Nation { world.nation }
    private var referee: Referee { world.referee }

    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        guard !machine.isDead else { throw .notSent(.init(.unreachable)) }
        let send = world.rules.judgeSend(shipment.submission, by: machine)
        if world.isPoison(shipment.submission) {
            world.diedOfPoison(machine)
            throw .uncertain(.init(.broken))
        }
        if let failure = refusedAtTheDoor() {
            await world.thread.sleep(seconds: latency)
            throw failure
        }
        do throws(TransportFailure) {
            return try await exchange(shipment, as: send)
        } catch {
            if case .uncertain = error { doubts(send) }
            throw error
        }
    }

    /// The county has no answer to believe; of one that was overtaken nobody hears.
    private func doubts(_ send: Referee.Send) {
        if !machine.isOvertaken { referee.endedInDoubt(send) }
    }

    /// What fails before a byte of the submission has left.
    private func refusedAtTheDoor() -> TransportFailure? {
        if dice.strikes(.unreachable, 0.5) { return .notSent(.init(.unreachable)) }
        if dice.strikes(.denied, 0.2) {
            let codes: [TransportCode] = [.denied, .certificate, .untrusted, .address]
            return .refused(.init(codes[dice.number(.denied, below: codes.count)]))
        }
        return nil
    }

    private func exchange(
        _ shipment: Shipment, as send: Referee.Send
    ) async throws(TransportFailure) -> SendAnswer {
        let id = shipment.submission
        world.mayStir(2)
        await world.thread.sleep(seconds: latency)
        if dice.strikes(.lostRequest, 0.5) {
            await world.thread.sleep(seconds: 120)
            throw .uncertain(.init(.timeout))
        }
        if dice.strikes(.delayedRequest, 0.4) {
            let wait = Int64(1 + dice.number(.delayedRequest, below: 40_000))
            nation.delay(shipment, until: world.thread.now.adding(seconds: wait))
            await world.thread.sleep(seconds: 120)
            throw .uncertain(.init(.timeout))
        }
        if dice.strikes(.busy, 0.5) {
            // A 503 of something on the way, which had let the request through.
            if dice.number(.busy, below: 2) == 0 { arrive(shipment) }
            throw busy()
        }
        if dice.strikes(.tooLarge, 0.2) {
            nation.hasSplit(id)
            throw .refused(.init(.tooLarge))
        }
        if dice.strikes(.refusal, 0.1) {
            throw .refused(.init(dice.number(.refusal, below: 2) == 0 ? .rejected : .conflict))
        }
        if dice.strikes(.garbage, 0.2) { return page(insteadFor: send) }
        guard let answer = arrive(shipment) else { throw .refused(.init(.conflict)) }
        if dice.strikes(.repeatedRequest, 0.5) {
            let wait = Int64(dice.number(.repeatedRequest, below: 4_000))
            nation.delay(shipment, until: world.thread.now.adding(seconds: wait))
        }
        // The process may be stopped for hours with the answer at its door.
        await pauseOrWait()
        return try answered(answer, to: send)
    }

    /// A page of something on the way, with the word success in it.
    private func page(insteadFor send: Referee.Send) -> SendAnswer {
        doubts(send)
        let paper = Paper(Array("<html>200 OK</html>".utf8), by: nil)
        return SendAnswer(outcome: "HTTP-200", document: paper.document)
    }

    @discardableResult
    private func arrive(_ shipment: Shipment) -> Nation.Answer? {
        nation.catchUp(to: world.thread.now)
        return nation.arrive(shipment, now: world.thread.now)
    }

    /// The answer to what was stored, as it comes through.
    private func answered(
        _ answer: Nation.Answer, to send: Referee.Send
    ) throws(TransportFailure) -> SendAnswer {
        if dice.strikes(.lostAnswer, 0.6) { throw .uncertain(.init(.broken)) }
        if dice.strikes(.serverError, 0.4) { throw .uncertain(.init(.server)) }
        if dice.strikes(.garbage, 0.4) { return page(insteadFor: send) }
        if dice.strikes(.wrongReceipt, 0.5), let other = otherPaper(than: send.submission) {
            doubts(send)
            nation.handOut(other)
            return SendAnswer(outcome: "HTTP-200", document: other.document)
        }
        guard case .receipt(let paper) = answer else {
            return SendAnswer(outcome: "HTTP-202", document: nil)
        }
        if dice.strikes(.forged, 0.3) {
            doubts(send)
            return SendAnswer(outcome: "HTTP-200", document: paper.forged().document)
        }
        nation.handOut(paper)
        return SendAnswer(outcome: "HTTP-200", document: paper.document)
    }

    /// Rather about one that waits here for its turn to be sent: the rarest place for a receipt.
    private func otherPaper(than submission: SubmissionID) -> Paper? {
        let leased = world.rules.snapshot?.submissions.filter { $0.value.state == .leased }
        return nation.otherPaper(than: submission, wanted: Set((leased ?? [:]).keys))
    }

    func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        try await way()
        nation.catchUp(to: world.thread.now)
        let answer = nation.inquire(submission)
        let doubtful = referee.doubts(about: submission)
        await pauseOrWait()
        if dice.strikes(.lostAnswer, 0.4) { throw .uncertain(.init(.timeout)) }
        switch answer {
        case .unknown:
            if !machine.isDead { referee.mayGoAgain(doubtful) }
            return .unknown
        case .pending: return .pending
        case .paper(let paper):
            if dice.strikes(.wrongReceipt, 0.3), let other = otherPaper(than: submission) {
                nation.handOut(other)
                return .document(other.document)
            }
            if dice.strikes(.forged, 0.2) { return .document(paper.forged().document) }
            nation.handOut(paper)
            return .document(paper.document)
        }
    }

    func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        try await way()
        nation.catchUp(to: world.thread.now)
        if dice.strikes(.strayCursor, 0.3) {
            return FeedPage(next: "\((Int(cursor) ?? 0) + 3)", items: [])
        }
        let some = dice.number(.latency, below: 3) == 0 ? 1 : limit
        let page = nation.page(after: Int(cursor) ?? 0, limit: some)
        for paper in page.papers { nation.handOut(paper) }
        if dice.strikes(.lostAnswer, 0.2) { throw .uncertain(.init(.timeout)) }
        return FeedPage(next: "\(page.next)", items: page.papers.map(\.document))
    }

    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        throw .refused(.init(.rejected))
    }

    /// What may happen to any question.
    private func way() async throws(TransportFailure) {
        guard !machine.isDead else { throw .notSent(.init(.unreachable)) }
        world.rules.judgeQuestion(by: machine)
        await world.thread.sleep(seconds: latency)
        if dice.strikes(.unreachable, 0.3) { throw .notSent(.init(.unreachable)) }
        if dice.strikes(.denied, 0.1) { throw .refused(.init(.denied)) }
        if dice.strikes(.busy, 0.2) { throw busy() }
        if dice.strikes(.serverError, 0.2) { throw .uncertain(.init(.server)) }
        if dice.strikes(.lostRequest, 0.2) { throw .uncertain(.init(.timeout)) }
    }

    private var latency: Double { 0.05 + 3 * dice.fraction(.latency) }

    private func busy() -> TransportFailure {
        switch dice.number(.busy, below: 4) {
        case 0: return .notSent(.init(.busy))
        case 1: return .notSent(.init(.busy, retryAfter: .unusable))
        default:
            let seconds = Int64(1 + dice.number(.busy, below: 7_200))
            world.rules.quiet(seconds: seconds, heardBy: machine)
            return .notSent(.init(.busy, retryAfter: .seconds(seconds)))
        }
    }

    /// Stopped for hours, while another process takes over; or just the way back.
    private func pauseOrWait() async {
        if dice.strikes(.pause, 0.2), !machine.isOvertaken {
            machine.stop()
            let most = Double(3_600 + dice.number(.pause, below: 90_000))
            await world.thread.sleep(seconds: most, isStill: true)
        } else {
            await world.thread.sleep(seconds: latency)
        }
    }
}
