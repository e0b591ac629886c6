import Delivery

/// Which events happened, from what the tables show: nothing in the program tells it.
extension Rules {
    func cover(
        _ id: String, _ was: Snapshot.Submission, _ now: Snapshot.Submission,
        _ before: Snapshot, _ after: Snapshot
    ) {
        let events = Rules.events(
            was, now, isRemembered: Rules.isRemembered(id, before, after),
            isAnswered: before.states(of: id) != after.states(of: id))
        guard !events.isEmpty else { return }
        world.referee.cover { coverage in
            for pair in events { coverage.pairs[pair, default: 0] += 1 }
        }
    }

    /// The journal brings an attempt that the database had lost, and it has ended already.
    private static func isRemembered(
        _ id: String, _ before: Snapshot, _ after: Snapshot
    ) -> Bool {
        after.attempts.contains { key, outcome in
            key.submission == id && outcome != "-" && before.attempts[key] == nil
        }
    }

    private static func events(
        _ was: Snapshot.Submission, _ now: Snapshot.Submission, isRemembered: Bool,
        isAnswered: Bool
    ) -> [Coverage.Pair] {
        if isRemembered, now.state == .inDoubt, was.state != .inDoubt {
            return [Coverage.Pair(was.state, .remembered)]
        }
        switch (was.state, now.state) {
        case (.due, .leased): return [Coverage.Pair(.due, .claimed)]
        case (.leased, .due): return [Coverage.Pair(.leased, .released)]
        case (.leased, .onWire): return [Coverage.Pair(.leased, .sendingBegan)]
        case (.onWire, .due): return [Coverage.Pair(.onWire, .notTaken)]
        case (.onWire, .inDoubt): return [Coverage.Pair(.onWire, .lost)]
        case (.awaiting, .due):
            return [Coverage.Pair(.awaiting, .overdue), Coverage.Pair(.inDoubt, .mayRepeat)]
        case (.inDoubt, .due): return [Coverage.Pair(.inDoubt, .mayRepeat)]
        case (.awaiting, .awaiting):
            return isAnswered ? [Coverage.Pair(.awaiting, .stored)] : []
        case (let from, .awaiting): return [Coverage.Pair(from, .stored)]
        case (.final, .final): return []
        case (let from, .final): return [Coverage.Pair(from, .answered)]
        case (.held, .held): return []
        case (let from, .held): return [Coverage.Pair(from, .stopped)]
        case (.held, .due): return [Coverage.Pair(.held, .resumed)]
        case (.held, .inDoubt): return [Coverage.Pair(.held, .askedAgain)]
        case (.due, .cancelled), (.held, .cancelled):
            return [Coverage.Pair(was.state, .cancelled)]
        default: return []
        }
    }
}
