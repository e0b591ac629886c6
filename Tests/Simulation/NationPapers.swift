import Delivery
import Records
import Synchronization

/// Deciding and writing receipts.
extension Nation {
    /// Keeps what came, and decides what can be decided at once.
    func store(_ parcel: Parcel, now: Timestamp, _ state: inout State) -> Answer {
        let isRefused = dice.strikes(.refusal, 0.2)
        let isDoomed = !isRefused && dice.strikes(.forgetful, 0.4)
        let words = parcel.records.map { record -> Word in
            if isRefused { return .rejected }
            return isDoomed ? .pending : decide(record, in: parcel.id, &state)
        }
        state.order.append(parcel.id)
        state.ever.insert(parcel.id)
        var newest: Paper?
        let answer: Answer
        // A refusal and half of the receipts come in the answer, the others by the feed.
        if isRefused || !isDoomed && dice.number(.verdicts, below: 2) == 0 {
            let paper = write(parcel, words, isRefused: isRefused, &state)
            answer = .receipt(paper)
            newest = paper
            publish(paper, now: now, &state)
        } else if dice.number(.verdicts, below: 2) == 0 {
            let paper = received(parcel, &state)
            answer = .receipt(paper)
            newest = paper
            announceWords(parcel, words, now: now, &newest, &state)
        } else {
            answer = .later
            announceWords(parcel, words, now: now, &newest, &state)
        }
        state.stored[parcel.id] = Stored(
            parcel: parcel, answer: answer, words: words, isRefused: isRefused,
            isDoomed: isDoomed, newest: newest)
        return answer
    }

    /// An older state of theirs is put back: nothing was decided, and now nothing is known.
    func forget(_ state: inout State) {
        for id in state.order where state.stored[id]?.isDoomed == true {
            guard dice.isCalm || dice.number(.forgetful, below: 4) == 0 else { continue }
            state.stored[id] = nil
        }
        state.order.removeAll { state.stored[$0] == nil }
    }

    private func announceWords(
        _ parcel: Parcel, _ words: [Word], now: Timestamp, _ newest: inout Paper?,
        _ state: inout State
    ) {
        guard words.contains(where: { $0 != .pending }) else { return }
        let paper = write(parcel, words, isRefused: false, &state)
        newest = paper
        publish(paper, now: now, &state)
    }

    /// What becomes of one record, and its effect.
    private func decide(
        _ record: SubmittedRecord, in submission: SubmissionID, _ state: inout State
    ) -> Word {
        let key = VersionKey(record)
        if let known = state.verdicts[key] { return known }
        if dice.strikes(.partial, 0.5) { return .pending }
        if dice.strikes(.transient, 0.4) { return .transient }
        let word: Word
        if dice.strikes(.unknownCode, 0.2) {
            word = .unknown
        } else {
            word = dice.number(.verdicts, below: 5) == 0 ? .rejected : .accepted
        }
        state.effects[key] = submission
        state.verdicts[key] = word
        return word
    }

    /// Later verdicts: one coin for each submission each time somebody looks, all once it is calm.
    func decidePending(now: Timestamp, _ state: inout State) {
        for id in state.order {
            guard var stored = state.stored[id], !stored.isDoomed,
                stored.words.contains(.pending),
                dice.isCalm || dice.number(.verdicts, below: 3) == 0
            else { continue }
            var news: [Int: Word] = [:]
            for (position, record) in stored.parcel.records.enumerated()
            where stored.words[position] == .pending {
                let word = decide(record, in: id, &state)
                stored.words[position] = word
                if word != .pending { news[position] = word }
            }
            if !news.isEmpty {
                // Receipts are not cumulative; some sides make them so all the same.
                let isWhole = dice.number(.verdicts, below: 2) == 0
                let told =
                    isWhole
                    ? Dictionary(
                        uniqueKeysWithValues: stored.words.enumerated().map { ($0, $1) }) : news
                let paper = write(stored.parcel, told, status: "processed", &state)
                stored.newest = paper
                publish(paper, now: now, &state)
            }
            state.stored[id] = stored
        }
    }

    private func write(
        _ parcel: Parcel, _ words: [Word], isRefused: Bool, _ state: inout State
    ) -> Paper {
        let all = Dictionary(uniqueKeysWithValues: words.enumerated().map { ($0, $1) })
        guard isRefused else { return write(parcel, all, status: "processed", &state) }
        state.papers += 1
        let bytes = Scribe.receipt(
            state.papers, for: parcel, [:], status: "refused", code: "E1001")
        return note(bytes, by: true, parcel, .fits, all, isRefusal: true, &state)
    }

    private func write(
        _ parcel: Parcel, _ words: [Int: Word], status: String, _ state: inout State
    ) -> Paper {
        state.papers += 1
        let bytes = Scribe.receipt(state.papers, for: parcel, words, status: status)
        return note(bytes, by: true, parcel, .fits, words, &state)
    }

    /// They have it, and nothing more.
    func received(_ parcel: Parcel, _ state: inout State) -> Paper {
        write(parcel, [:], status: "received", &state)
    }

    private func note(
        _ bytes: [UInt8], by nation: Bool, _ parcel: Parcel, _ fit: Meaning.Fit,
        _ words: [Int: Word], isRefusal: Bool = false, _ state: inout State
    ) -> Paper {
        let paper = Paper(bytes, by: nation ? Parties.nation : Parties.stranger)
        state.meanings[paper.digest] = Meaning(
            submission: parcel.id, fit: fit, words: words.filter { $0.value != .pending },
            isRefusal: isRefusal)
        return paper
    }

    /// Puts a receipt into the feed, now or later, and whatever else chance puts beside it.
    private func publish(_ paper: Paper, now: Timestamp, _ state: inout State) {
        var wait = Int64(dice.number(.verdicts, below: 60))
        if dice.strikes(.late, 0.5) { wait += Int64(dice.number(.late, below: 200_000)) }
        if dice.strikes(.shuffled, 0.5) { wait = Int64(dice.number(.shuffled, below: 7_200)) }
        state.announced.append((now.adding(seconds: wait), paper))
        if dice.strikes(.repeated, 0.6) {
            let again = wait + Int64(dice.number(.repeated, below: 20_000))
            state.announced.append((now.adding(seconds: again), paper))
        }
        if dice.strikes(.forged, 0.3) {
            // The very bytes come first without their signature.
            state.announced.append((now, paper.forged()))
        }
        guard let meaning = state.meanings[paper.digest], meaning.fit == .fits,
            let parcel = state.parcels[meaning.submission]
        else { return }
        for stray in strays(about: parcel, meaning, &state) {
            let wait = Int64(dice.number(.verdicts, below: 4_000))
            state.announced.append((now.adding(seconds: wait), stray))
        }
    }

    /// Documents that should not be, each by its own fault.
    private func strays(
        about parcel: Parcel, _ meaning: Meaning, _ state: inout State
    ) -> [Paper] {
        var papers: [Paper] = []
        let all = Dictionary(
            uniqueKeysWithValues: parcel.records.indices.map { ($0, Word.accepted) })
        if dice.strikes(.forged, 0.3) {
            state.papers += 1
            let bytes = Scribe.receipt(state.papers, for: parcel, all)
            papers.append(note(bytes, by: false, parcel, .fits, all, &state))
        }
        if dice.strikes(.contradiction, 0.3), !meaning.isRefusal {
            let flipped = meaning.words.compactMapValues { word -> Word? in
                switch word {
                case .accepted: .rejected
                case .rejected: .accepted
                case .transient, .unknown, .pending: nil
                }
            }
            if !flipped.isEmpty {
                papers.append(write(parcel, flipped, status: "processed", &state))
            }
        }
        if dice.strikes(.strange, 0.3) {
            state.papers += 1
            let kind = dice.number(.strange, below: 3)
            let bytes = Scribe.receipt(
                state.papers, for: parcel, all,
                sender: kind == 0 ? "12990101MA0000T2XC" : Parties.sender,
                digest: kind == 1 ? String(repeating: "0", count: 64) : nil,
                submission: kind == 2 ? "s-9999" : nil)
            papers.append(note(bytes, by: true, parcel, .strange, all, &state))
        }
        if dice.strikes(.odd, 0.15) {
            state.papers += 1
            let twice = Scribe.entry(parcel.records[0], .rejected, serial: 0)
            let foreign = Scribe.entry(Parties.record(0xFFFF), .accepted, serial: 0)
            let more = dice.number(.odd, below: 2) == 0 ? twice : foreign
            let bytes = Scribe.receipt(state.papers, for: parcel, all, more: more)
            papers.append(note(bytes, by: true, parcel, .odd, all, &state))
        }
        return papers
    }
}
