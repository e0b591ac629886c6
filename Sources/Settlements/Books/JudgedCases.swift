import Evidence
import Records

/// A case that was judged: the case, the version whose record counts, the version that it rests on,
/// and the number of what it is paid as or of why it is not.
struct JudgedNote: Sendable {
    let record: UInt32
    let sent: UInt32
    let version: UInt32
    let outcome: UInt32
}

extension Settlement {
    /// Paid cases in their order; each is written out when it is asked for, since a year has a
    /// million.
    package struct PaidCases: Sendable, RandomAccessCollection {
        let book: CaseBook
        var items: [FundedItem] = []
        var notes = LongList<JudgedNote>()

        package var startIndex: Int { 0 }
        package var endIndex: Int { notes.count }

        package subscript(index: Int) -> PaidCase {
            let note = notes[index]
            let (record, version) = book.shelf.written(note)
            return PaidCase(record: record, version: version, item: items[Int(note.outcome)])
        }

        func item(at index: Int) -> FundedItem { items[Int(notes[index].outcome)] }

        /// All prices added up.
        var fen: Money {
            let counts = book.shelf.counts(notes, outcomes: items.count) { _ in true }
            return zip(items, counts).reduce(.zero) { $0 + $1.0.price * Int64($1.1.cases) }
        }

        /// What each institution is paid for each item.
        var byInstitution: [Statement.InstitutionLine] {
            let shelf = book.shelf
            var counts: [UInt64: JudgedCount] = [:]
            for note in notes {
                let sent = shelf.sentAs[shelf.versions[note.sent].sentAs]
                let key = UInt64(sent.institution) << 32 | UInt64(note.outcome)
                counts[key, default: JudgedCount()].cases += 1
                counts[key, default: JudgedCount()].persons += sent.traits.persons
            }
            return counts.map { key, count in
                let item = items[Int(key & 0xFFFF_FFFF)]
                return Statement.InstitutionLine(
                    institution: shelf.institutions[UInt32(key >> 32)], item: item.name,
                    title: item.title, cases: count.cases, persons: count.persons,
                    fen: item.price * Int64(count.cases))
            }.sorted { ($0.institution, $0.item) < ($1.institution, $1.item) }
        }

        /// Those that are chosen by their places, in their order and as compact.
        func filtered(_ isChosen: (Int) -> Bool) -> PaidCases {
            var chosen = PaidCases(book: book, items: items)
            for index in indices where isChosen(index) { chosen.notes.append(notes[index]) }
            return chosen
        }

        /// Where the case of a record stands among these.
        var places: Places { Places(self) }

        /// Looks records up among paid cases.
        struct Places {
            private let shelf: BookShelf
            private var places: [UInt32]

            init(_ paid: PaidCases) {
                shelf = paid.book.shelf
                places = Array(repeating: noNumber, count: shelf.newest.count)
                for (place, note) in paid.notes.enumerated() {
                    places[Int(note.record)] = UInt32(place)
                }
            }

            subscript(record: RecordID) -> Int? {
                guard let number = shelf.number(of: record), places[Int(number)] != noNumber else {
                    return nil
                }
                return Int(places[Int(number)])
            }
        }

        func of(_ period: SettlementPeriod) -> PaidCases {
            PaidCases(book: book, items: items, notes: book.shelf.notes(notes, servedIn: period))
        }

        /// For each case of the book by its number whether it is among these.
        var cases: [Bool] {
            var cases = Array(repeating: false, count: book.shelf.newest.count)
            for note in notes { cases[Int(note.record)] = true }
            return cases
        }

        /// The paid case of a record, if it is one.
        func first(of record: RecordID) -> PaidCase? {
            guard let number = book.shelf.number(of: record) else { return nil }
            return notes.firstIndex { $0.record == number }.map { self[$0] }
        }
    }

    /// Cases in force that are paid nothing, as `PaidCases` are kept.
    package struct UnpaidCases: Sendable, RandomAccessCollection {
        let book: CaseBook
        var notes = LongList<JudgedNote>()

        package var startIndex: Int { 0 }
        package var endIndex: Int { notes.count }

        package subscript(index: Int) -> UnpaidCase {
            let note = notes[index]
            let (record, version) = book.shelf.written(note)
            return UnpaidCase(
                record: record, version: version,
                reason: UnpaidReason.allCases[Int(note.outcome)])
        }

        func of(_ period: SettlementPeriod) -> UnpaidCases {
            UnpaidCases(book: book, notes: book.shelf.notes(notes, servedIn: period))
        }

        /// The unpaid case of a record, if it is one.
        func first(of record: RecordID) -> UnpaidCase? {
            guard let number = book.shelf.number(of: record) else { return nil }
            return notes.firstIndex { $0.record == number }.map { self[$0] }
        }
    }
}

/// Cases and persons of one item or reason.
struct JudgedCount {
    var cases = 0
    var persons = 0
}

extension BookShelf {
    /// The record that counts, and the version that it rests on: nearly always that record's own.
    fileprivate func written(_ note: JudgedNote) -> (SubmittedRecord, CaseVersion) {
        let version = version(versions[note.version], of: RecordID(records[note.record]))
        let isOwn = note.sent == note.version
        return (isOwn ? version.sent ?? sentRecord(note) : sentRecord(note), version)
    }

    private func sentRecord(_ note: JudgedNote) -> SubmittedRecord {
        sentRecord(note.sent, of: note.record)
    }

    /// The record of a version that was sent, as every candidate's was.
    func sentRecord(_ place: UInt32, of record: UInt32) -> SubmittedRecord {
        guard let sent = sent(versions[place], of: RecordID(records[record])) else {
            preconditionFailure("what is judged was sent")
        }
        return sent
    }

    /// Those of a period. Mostly that is all, and then nothing is copied.
    fileprivate func notes(
        _ notes: LongList<JudgedNote>, servedIn period: SettlementPeriod
    ) -> LongList<JudgedNote> {
        func isServed(_ note: JudgedNote) -> Bool {
            period.contains(CalendarDate(daysSince1970: versions[note.sent].servedOn).month)
        }
        guard let other = notes.firstIndex(where: { !isServed($0) }) else { return notes }
        var chosen = LongList<JudgedNote>()
        for note in notes[..<other] { chosen.append(note) }
        for note in notes[other...] where isServed(note) { chosen.append(note) }
        return chosen
    }

    /// Cases and persons by outcome.
    func counts(
        _ notes: LongList<JudgedNote>, outcomes: Int, where isCounted: (JudgedNote) -> Bool
    ) -> [JudgedCount] {
        var counts = Array(repeating: JudgedCount(), count: outcomes)
        for note in notes where isCounted(note) {
            counts[Int(note.outcome)].cases += 1
            counts[Int(note.outcome)].persons += sentAs[versions[note.sent].sentAs].traits.persons
        }
        return counts
    }
}

extension SettlementTraits {
    /// Persons that the record names.
    var persons: Int { spouses.count { $0 } }
}
