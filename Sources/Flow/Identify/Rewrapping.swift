import Evidence
import LibCrypto
package import Privacy
import Records
import Storage

/// The vault's data keys are wrapped for the people of now (重新封装), by two of them who open a layer
/// each: nobody else can, and neither alone.
extension IdentifyDesk {
    /// Data keys that are done in one transaction. Whoever is stopped goes on by doing it again.
    private static let stretch = 100

    /// Takes a turn: the first person takes the outer layers off; the second one, of another
    /// department, wraps the keys for the pairs of now, and the earlier wrappings are erased.
    ///
    /// - Parameter key: his own; or one that he had before, which the list has under `former`.
    /// - Throws: `IdentifyFailure`, `CryptoFailure`, `StorageFailure`.
    package func rewrap(
        by name: String, with key: CustodyKey
    ) async throws -> RewrapReading {
        var keys = 0
        while true {
            let (reading, goesOn) = try await guarded("", by: name, key.fingerprint) {
                transaction, now in
                try stretch(by: name, key, now, in: transaction)
            }
            keys += reading.keys
            guard goesOn else {
                var whole = reading
                whole.keys = keys
                return whole
            }
        }
    }

    /// Does one stretch; whether there is another one.
    private func stretch(
        by name: String, _ key: CustodyKey, _ now: Timestamp,
        in transaction: any Transaction
    ) throws -> (RewrapReading, goesOn: Bool) {
        guard let person = custody.person(named: name) else {
            throw IdentifyFailure(.who, place: name)
        }
        guard custody.keys(of: person).contains(key.fingerprint) else {
            throw IdentifyFailure(.key, place: name)
        }
        guard custody.pairs.contains(where: { $0.outer.name == name }) else {
            throw IdentifyFailure(.role, place: name)
        }
        let hand = RewrapHand(person: person, key: key, now: now, transaction: transaction)
        try demandConfirmed(in: transaction)
        try demandClock(in: transaction)
        let open = try openRewrapping(hand)
        if let open, open.by != name { return try wrapAnew(open, hand) }
        let stale = try Register().keysNotWrapped(for: custody.pairNames, in: transaction)
        guard !stale.isEmpty else {
            return (
                RewrapReading(state: .level, id: nil, keys: 0, left: 0, until: nil), false
            )
        }
        return try takeOuterOff(stale, open, hand)
    }

    /// Whose turn it is, in one transaction.
    private struct RewrapHand {
        let person: CustodyPerson
        let key: CustodyKey
        let now: Timestamp
        let transaction: any Transaction
    }

    /// What somebody began, as he signed it; what was begun for other people than those of now is
    /// ended. Throws `changed` where it is not as it was signed.
    private func openRewrapping(_ hand: RewrapHand) throws -> RewrapBook.Open? {
        guard let open = try RewrapBook(in: hand.transaction).open else { return nil }
        let after = custody.pairNames.sorted()
        for fact in open.begun {
            guard let words = fact.text.flatMap(RewrapWords.init(canonical:)),
                words.id == open.id, words.region == region, words.turn == .first,
                words.by == open.by, words.by == fact.by,
                Set(words.before.flatMap(\.keys)) == Set(fact.keys)
            else { throw IdentifyFailure(.changed, place: open.id) }
            guard words.after == after else {
                try end(open.id, hand.now, in: hand.transaction)
                return nil
            }
            guard isSigned(fact.text, fact.signature, by: words.by, words.key) else {
                throw IdentifyFailure(.changed, place: open.id)
            }
        }
        return open
    }

    /// The first turn: leaves, for each who may come second, the inner layer.
    private func takeOuterOff(
        _ stale: [Register.WrappedKey], _ open: RewrapBook.Open?, _ hand: RewrapHand
    ) throws -> (RewrapReading, goesOn: Bool) {
        let id = try open?.id ?? String(IdentityVault.keyID().prefix(10))
        let seconds = custody.pairs.filter { $0.outer.name == hand.person.name }
            .reduce(into: Set<String>()) { $0.formUnion(custody.keys(of: $1.inner)) }
        let names = seconds.map { NestedKey.pairName(hand.key.fingerprint, $0) }
        let begun = Set(open?.begun.flatMap(\.keys) ?? [])
        let able = stale.filter { !begun.contains($0.key) && !$0.pairs.isDisjoint(with: names) }
        guard !able.isEmpty || !begun.isEmpty else {
            throw IdentifyFailure(.pair, place: hand.person.name)
        }
        let these = able.prefix(IdentifyDesk.stretch)
        for wrapped in these {
            for layers in try Register().nestedKeys(
                wrapped.key, outer: hand.key.fingerprint, in: hand.transaction)
            where seconds.contains(layers.inner) {
                let inner: [UInt8]
                do throws(CryptoFailure) {
                    inner = try layers.withoutOuter(hand.key.unwrapping)
                } catch { throw IdentifyFailure(.vault, place: wrapped.key) }
                try hand.transaction.run(
                    """
                    INSERT INTO identify_layer (request, key, inner_key, wrapped)
                    VALUES (\(id), \(wrapped.key), \(layers.inner), \(inner))
                    """)
            }
        }
        if !these.isEmpty {
            try sign(.begun, id, Array(these), turn: .first, first: [], hand)
        }
        let since = open?.since ?? hand.now
        let reading = RewrapReading(
            state: .half, id: id, keys: these.count, left: stale.count,
            until: since.adding(seconds: IdentifyBook.approvalSeconds).dateTime)
        return (reading, able.count > these.count)
    }

    /// The second turn: takes the inner layer off, wraps anew, and erases what was.
    private func wrapAnew(
        _ open: RewrapBook.Open, _ hand: RewrapHand
    ) throws -> (RewrapReading, goesOn: Bool) {
        guard let other = custody.person(named: open.by) else {
            throw IdentifyFailure(.changed, place: open.id)
        }
        guard other.department != hand.person.department else {
            throw IdentifyFailure(.department, place: hand.person.name)
        }
        guard Custody.canPair(other, hand.person) else {
            throw IdentifyFailure(.role, place: hand.person.name)
        }
        let layers = try hand.transaction.run(
            """
            SELECT key, wrapped FROM identify_layer
            WHERE request = \(open.id) AND inner_key = \(hand.key.fingerprint)
            ORDER BY key LIMIT \(IdentifyDesk.stretch + 1)
            """
        ).map { (row) throws(StorageFailure) in (key: try row.text(0), wrapped: try row.bytes(1)) }
        guard !layers.isEmpty else { throw IdentifyFailure(.pair, place: hand.person.name) }
        let stale = try Register().keysNotWrapped(
            for: custody.pairNames, in: hand.transaction)
        let these = layers.prefix(IdentifyDesk.stretch)
        var done: [Register.WrappedKey] = []
        for (keyID, wrapped) in these {
            if let key = stale.first(where: { $0.key == keyID }) {
                try wrapAnew(keyID, wrapped, hand)
                done.append(key)
            }
            try Register().eraseLayers(
                where: "request = \(open.id) AND key = \(keyID)", in: hand.transaction)
        }
        let first = open.begun.compactMap(\.text).map {
            Hex.encode(Hash.sha256.digest(Array($0.utf8)))
        }
        if !done.isEmpty {
            try sign(.wrapped, open.id, done, turn: .second, first: first, hand)
        }
        let goesOn = layers.count > these.count
        if !goesOn { try finish(open.id, hand) }
        let reading = RewrapReading(
            state: .done, id: open.id, keys: done.count, left: stale.count - done.count,
            until: nil)
        return (reading, goesOn)
    }

    /// Wraps one data key for the pairs of now. A key that does not open the vault's row takes no
    /// other's place: the wrappings that do would be lost.
    private func wrapAnew(_ keyID: String, _ layer: [UInt8], _ hand: RewrapHand) throws {
        let row = try hand.transaction.run(
            "SELECT record, sealed FROM vault WHERE key = \(keyID) ORDER BY record LIMIT 1")
        let nested: [NestedKey]
        do throws(CryptoFailure) {
            let dataKey = try hand.key.unwrapping.unwrap(layer)
            guard let first = row.first, let record = try? RecordID(first.text(0)),
                let sealed = try? first.text(1),
                IdentityVault.opens(sealed, of: record, keyID: keyID, dataKey)
            else { throw CryptoFailure(.authenticationFailed, "vault row") }
            nested = try NestedKey.all(of: dataKey, for: custody)
        } catch { throw IdentifyFailure(.vault, place: keyID) }
        let register = Register()
        try register.eraseWrappings(where: "key = \(keyID)", in: hand.transaction)
        try register.write(nested, of: keyID, in: hand.transaction)
        // What a pending request left to somebody who is not named any more.
        for left in try hand.transaction.run(
            "SELECT DISTINCT inner_key FROM identify_layer WHERE key = \(keyID)")
        {
            let inner = try left.text(0)
            guard !custody.people.contains(where: { $0.fingerprint == inner }) else { continue }
            try register.eraseLayers(
                where: "key = \(keyID) AND inner_key = \(inner)", in: hand.transaction)
        }
    }

    private func sign(
        _ step: Fact.Rewrapped.Step, _ id: String, _ keys: [Register.WrappedKey],
        turn: RewrapWords.Turn, first: [String], _ hand: RewrapHand
    ) throws {
        let before = Dictionary(grouping: keys, by: { $0.pairs.sorted() })
            .map { RewrapWords.Group(keys: $1.map(\.key).sorted(), pairs: $0) }
            .sorted { $0.pairs.lexicographicallyPrecedes($1.pairs) }
        let words = RewrapWords(
            id: id, region: region, turn: turn, before: before, after: custody.pairNames,
            first: first, by: hand.person, key: hand.key.fingerprint, at: hand.now
        ).canonical
        try Ledger().append(
            [
                .rewrapped(
                    Fact.Rewrapped(
                        rewrap: id, step: step, by: hand.person.name,
                        keys: keys.map(\.key).sorted(),
                        text: String(decoding: words, as: UTF8.self),
                        signature: Base64.standard.encode(try hand.key.signing.sign(words)),
                        key: hand.key.fingerprint))
            ], at: hand.now, in: hand.transaction)
    }

    /// Ends one that is done, erases data keys that open no row, and says so.
    private func finish(_ id: String, _ hand: RewrapHand) throws {
        let register = Register()
        try register.eraseLayers(where: "request = \(id)", in: hand.transaction)
        let idle = try register.eraseIdleKeys(in: hand.transaction)
        var facts: [Fact] = [
            .rewrapped(
                Fact.Rewrapped(rewrap: id, step: .finished, by: hand.person.name, keys: idle))
        ]
        if try register.isWrapped(for: custody.pairNames, in: hand.transaction),
            try RewrapBook(in: hand.transaction).due != nil
        {
            facts.append(.rewrapped(Fact.Rewrapped(rewrap: "", step: .finished, by: "")))
        }
        try Ledger().append(facts, at: hand.now, in: hand.transaction)
    }

    private func end(
        _ id: String, _ now: Timestamp, in transaction: any Transaction
    ) throws {
        try Register().eraseLayers(where: "request = \(id)", in: transaction)
        try Ledger().append(
            [.rewrapped(Fact.Rewrapped(rewrap: id, step: .lapsed, by: ""))], at: now,
            in: transaction)
    }

    /// What time, or another list of people, has brought: a rewrapping that nobody ended in a day
    /// lapses, and so does one that a clock set back would prolong; keys for other people are due,
    /// and are no more once they are as they should be.
    func rewrapNews(
        in transaction: any Transaction, _ now: Timestamp
    ) throws -> (lapsed: String?, isDue: Bool, isLevel: Bool) {
        let book = try RewrapBook(in: transaction)
        let isBehind = try isBehind(in: transaction)
        // Nothing is wrapped for people of whom nobody has said that they are right.
        let isWrapped = try Register().isWrapped(
            for: inForce(in: transaction).pairNames, in: transaction)
        return (
            book.open.flatMap { $0.until < now || isBehind ? $0.id : nil },
            !isWrapped && book.due == nil,
            isWrapped && book.due != nil
        )
    }

    /// Writes that down.
    func noteRewrapNews(in transaction: any Transaction, _ now: Timestamp) throws {
        let news = try rewrapNews(in: transaction, now)
        if let id = news.lapsed { try end(id, now, in: transaction) }
        let step: Fact.Rewrapped.Step? = news.isDue ? .due : news.isLevel ? .finished : nil
        guard let step else { return }
        try Ledger().append(
            [.rewrapped(Fact.Rewrapped(rewrap: "", step: step, by: ""))], at: now,
            in: transaction)
    }
}
