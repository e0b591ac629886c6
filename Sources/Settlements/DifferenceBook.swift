package import Evidence
package import Records

/// The differences that were written down, and what became of each (差异单): a fold over the ledger.
package struct DifferenceBook: Sendable {
    package enum State: String, Sendable, Codable, CaseIterable {
        case open
        /// The last comparison did not find it again; a person still closes it.
        case gone
        case closed

        package var title: Wording {
            switch self {
            case .open: Wording(zh: "未关闭", en: "open")
            case .gone: Wording(zh: "已消失", en: "gone")
            case .closed: Wording(zh: "已关闭", en: "closed")
            }
        }
    }

    /// One step that was taken with it.
    package struct Step: Sendable {
        package let at: Timestamp
        package let handled: Fact.DifferenceHandled
    }

    /// One difference as a case (一张差异单).
    package struct Sheet: Sendable {
        /// That of its line in the ledger.
        package let number: Int64
        package let openedAt: Timestamp
        package let differed: Fact.Differed
        package internal(set) var owner: String?
        package internal(set) var dueOn: CalendarDate
        package internal(set) var state = State.open
        /// How it was solved, once it is closed.
        package internal(set) var outcome: String?
        package internal(set) var closedAt: Timestamp?
        /// In their order.
        package internal(set) var steps: [Step] = []

        /// Whether it should have been closed before a day.
        package func isOverdue(on day: CalendarDate) -> Bool {
            state != .closed && dueOn < day
        }

        /// Whole days from its opening to a day, or to its closing.
        package func age(on day: CalendarDate) -> Int {
            let end = closedAt?.day ?? day
            return max(0, Int(end.daysSince1970 - openedAt.day.daysSince1970))
        }

        /// What makes a difference of another comparison the same one.
        package var key: Difference.Key {
            Difference.Key(
                level: differed.level, kind: differed.kind, reason: differed.reason,
                subject: Difference.subject(
                    level: differed.level, record: differed.record, serial: differed.serial,
                    institution: differed.institution, month: differed.month,
                    service: differed.service))
        }

        /// Its reason in both languages; that of a newer program as it was written.
        package var reason: Wording {
            DifferenceReason(rawValue: differed.reason)?.title
                ?? Wording(zh: differed.reason, en: differed.reason)
        }
    }

    /// In the order of their numbers.
    package private(set) var sheets: [Sheet] = []
    private var places: [Int64: Int] = [:]

    package init() {}

    /// Adds the next fact of the ledger; those of other kinds change nothing.
    ///
    /// - Parameters:
    ///   - seq: the fact's number in the ledger.
    ///   - moment: when it was written.
    package mutating func add(_ fact: Fact, seq: Int64, at moment: Timestamp) {
        switch fact {
        case .differed(let differed):
            places[seq] = sheets.count
            sheets.append(
                Sheet(
                    number: seq, openedAt: moment, differed: differed, owner: differed.owner,
                    dueOn: differed.dueOn))
        case .differenceHandled(let handled):
            guard let place = places[handled.number] else { return }
            sheets[place].take(handled, at: moment)
        default: break
        }
    }

    /// The one of that number.
    package subscript(number: Int64) -> Sheet? { places[number].map { sheets[$0] } }

    /// Those that nobody has closed, and how many of them are late on a day.
    package func standing(on day: CalendarDate) -> (open: Int, overdue: Int) {
        (
            sheets.count { $0.state != .closed }, sheets.count { $0.isOverdue(on: day) }
        )
    }
}

extension DifferenceBook.Sheet {
    fileprivate mutating func take(_ handled: Fact.DifferenceHandled, at moment: Timestamp) {
        steps.append(DifferenceBook.Step(at: moment, handled: handled))
        switch handled.step {
        case "assigned":
            owner = handled.owner ?? owner
            dueOn = handled.dueOn ?? dueOn
        case "gone": if state == .open { state = .gone }
        case "back": if state == .gone { state = .open }
        case "closed":
            state = .closed
            outcome = handled.outcome
            closedAt = moment
        default: break
        }
    }
}
