import Evidence
import LibCrypto
import Privacy
import Records
import Storage

/// What the steps of an identification share.
extension IdentifyDesk {
    /// A person's turn on a request, with his key in hand and the request as it was signed.
    struct Turn {
        let person: CustodyPerson
        let key: CustodyKey
        let found: IdentifyBook.Case
        let request: IdentifyRequest
        let now: Timestamp
        let transaction: any Transaction
    }

    /// Does one signed step on a request, as `step` does.
    ///
    /// - Parameter takesAway: whether it only ends something, which a wrong clock does not hinder.
    func step(
        _ id: String, by name: String, with key: CustodyKey, takesAway: Bool = false,
        _ work: @Sendable (Turn) throws -> Void
    ) async throws -> IdentifyReading {
        try await step(id, by: name, key.fingerprint, takesAway: takesAway) { transaction, now in
            let person = try self.person(name, key)
            try demandConfirmed(name, in: transaction)
            let (found, request) = try genuine(id, in: transaction)
            if !takesAway { try demandClock(in: transaction) }
            try work(
                Turn(
                    person: person, key: key, found: found, request: request, now: now,
                    transaction: transaction))
        }
    }

    /// Does one step of a request in one transaction; returns how far the request is then.
    func step(
        _ id: String, by name: String, _ key: String? = nil, takesAway: Bool = false,
        _ work: @Sendable (any Transaction, Timestamp) throws -> Void
    ) async throws -> IdentifyReading {
        try await guarded(id, by: name, key, takesAway: takesAway) { transaction, now in
            try work(transaction, now)
            guard let found = try IdentifyBook(in: transaction).found(id) else {
                throw IdentifyFailure(.request, place: id)
            }
            return try reading(of: found, at: now, in: transaction)
        }
    }

    /// How far a request is, with the cases that have left the vault since.
    func reading(
        of found: IdentifyBook.Case, at now: Timestamp, in transaction: any Transaction
    ) throws(StorageFailure) -> IdentifyReading {
        let isOver = ![.asked, .half, .open].contains(found.state(at: now))
        let gone =
            isOver
            ? [] : try Register().notInVault(found.asked.records.map(\.text), in: transaction)
        // Two of them approve.
        let others = custody.people.filter { $0.role != .requester && $0.name != found.asked.by }
        let isEmergency = found.request?.breakGlass == true && found.reviewed == nil
        return IdentifyReading(
            found, at: now, gone: gone, lacksReviewer: isEmergency && others.count < 3)
    }

    /// Does something in one transaction; notes it where it was not allowed. What is over by then
    /// is ended first.
    ///
    /// - Parameters:
    ///   - key: the fingerprint of the key in hand: whose it is may not be who he says.
    ///   - takesAway: the step itself ends the request, which a wrong clock would end otherwise.
    func guarded<Value: Sendable>(
        _ id: String, by name: String, _ key: String? = nil, takesAway: Bool = false,
        _ work: @Sendable (any Transaction, Timestamp) throws -> Value
    ) async throws -> Value {
        try await endOverdue(but: takesAway ? id : nil)
        do {
            return try await database.write { transaction in
                try work(transaction, moment(in: transaction))
            }
        } catch let failure as IdentifyFailure {
            try await database.write { transaction in
                // What is not on the list, and no id, may be anybody's name: it is not kept.
                let isKnown = custody.person(named: name) != nil
                let isID = id.wholeMatch(of: /[a-z2-7]{10}/) != nil
                try append(
                    Fact.Identified(
                        request: isID ? id : "?", step: .denied, by: isKnown ? name : "?",
                        records: [], result: failure.entry.code, key: key), moment(in: transaction),
                    in: transaction)
            }
            throw failure
        }
    }

    /// Erases what has expired, and all that is pending while the clock is behind the ledger; notes
    /// that the people of custody changed. Throws `StorageFailure`, `DecodingError`.
    ///
    /// - Parameter spared: a request that is not ended for the clock: its own step ends it.
    package func endOverdue(but spared: String? = nil) async throws {
        let isDue = try await database.read { transaction in
            let now = try moment(in: transaction)
            let news = try rewrapNews(in: transaction, now)
            return try news.lapsed != nil || news.isDue || news.isLevel
                || !keyNews(in: transaction, now).isEmpty
                || !overdue(in: transaction, now, but: spared).isEmpty
        }
        guard isDue else { return }
        try await database.write { transaction in
            let now = try moment(in: transaction)
            _ = try KeyBook.note(
                custody.people.map(KeyBook.Listed.init), of: .custody, at: now, in: transaction)
            try noteRewrapNews(in: transaction, now)
            for found in try overdue(in: transaction, now, but: spared) {
                try erase(found.id, in: transaction)
                let isOfTime = found.state(at: now) == .expired
                try append(
                    Fact.Identified(
                        request: found.id, step: .expired, by: "", records: found.asked.records,
                        result: isOfTime ? "done" : IdentifyFailure(.clock).entry.code),
                    now, in: transaction)
            }
        }
    }

    private func overdue(
        in transaction: any Transaction, _ now: Timestamp, but spared: String?
    ) throws -> [IdentifyBook.Case] {
        let isBehind = try isBehind(in: transaction)
        return try IdentifyBook(in: transaction).cases.filter {
            !$0.isOver && ($0.state(at: now) == .expired || isBehind && $0.id != spared)
        }
    }

    /// The person of a name, with his own key in hand. Throws `IdentifyFailure`.
    func person(_ name: String, _ key: CustodyKey) throws(IdentifyFailure) -> CustodyPerson {
        guard let person = custody.person(named: name) else {
            throw IdentifyFailure(.who, place: name)
        }
        guard person.fingerprint == key.fingerprint else {
            throw IdentifyFailure(.key, place: name)
        }
        return person
    }

    /// A request that is as its requester signed it, with approvals as they were signed. Throws
    /// `IdentifyFailure`, `StorageFailure`, `DecodingError`.
    func genuine(_ id: String, in transaction: any Transaction) throws -> (
        found: IdentifyBook.Case, request: IdentifyRequest
    ) {
        guard let found = try IdentifyBook(in: transaction).found(id) else {
            throw IdentifyFailure(.request, place: id)
        }
        guard let request = found.request, request.id == id, request.region == region,
            isSigned(found.asked, by: request.requester, request.key)
        else { throw IdentifyFailure(.changed, place: id) }
        // The window is counted from times that were signed.
        guard !found.isMoved,
            try found.lines.allSatisfy({ try Ledger().isWhole($0, in: transaction) })
        else { throw IdentifyFailure(.changed, place: id) }
        for (fact, _) in found.approvals {
            guard let words = fact.text.flatMap(IdentifyDecision.init(canonical:)),
                words.kind == .approve, words.isAbout(request), words.by == fact.by,
                isSigned(fact, by: words.by, words.key)
            else { throw IdentifyFailure(.changed, place: id) }
        }
        return (found, request)
    }

    private func isSigned(_ fact: Fact.Identified, by name: String, _ key: String) -> Bool {
        isSigned(fact.text, fact.signature, by: name, key)
    }

    /// Whether a text bears the signature of somebody who is or was listed with that key.
    func isSigned(_ text: String?, _ coded: String?, by name: String, _ key: String) -> Bool {
        guard let person = custody.person(named: name, key: key), let text, let coded,
            let signature = try? Base64.standard.decode(Array(coded.utf8))
        else { return false }
        return person.verifying.verify(signature: signature, over: Array(text.utf8))
    }

    /// Writes down a decision, signed.
    func sign(
        _ kind: IdentifyDecision.Kind, _ step: Fact.Identified.Step, result: String = "done",
        because: String? = nil, _ turn: Turn
    ) throws {
        let words = IdentifyDecision(
            kind, of: turn.request, by: turn.person, because: because, at: turn.now)
        try note(
            step, of: turn.request, by: turn.person, result: result, signing: words.canonical,
            with: turn.key, turn.now, in: turn.transaction)
    }

    /// Writes down a step with its signature.
    func note(
        _ step: Fact.Identified.Step, of request: IdentifyRequest, by person: CustodyPerson,
        result: String = "done", signing words: [UInt8], with key: CustodyKey, _ now: Timestamp,
        in transaction: any Transaction
    ) throws {
        try append(
            Fact.Identified(
                request: request.id, step: step, by: person.name,
                records: request.records.map { RecordID($0) }, result: result,
                text: String(decoding: words, as: UTF8.self),
                signature: Base64.standard.encode(try key.signing.sign(words)),
                key: person.fingerprint), now, in: transaction)
    }

    func append(
        _ fact: Fact.Identified, _ now: Timestamp, in transaction: any Transaction
    ) throws {
        try Ledger().append([.identified(fact)], at: now, in: transaction)
    }

    /// Erases what a request left: overwritten by as many bytes in its place, then deleted.
    func erase(_ id: String, in transaction: any Transaction) throws(StorageFailure) {
        let register = Register()
        try register.eraseLayers(where: "request = \(id)", in: transaction)
        try register.eraseOpenings(where: "request = \(id)", in: transaction)
    }
}
