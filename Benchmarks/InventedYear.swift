import Evidence
import Foundation
import LibCrypto
import Records

/// A clinic's file of one month, as the ledger sees it.
struct InventedFile: Sendable {
    let intake: IntakeID
    let name: String
    let digest: String
    let moment: Timestamp
    var stretches: [InventedStretch] = []

    var rows: Int { stretches.reduce(0) { $0 + $1.rows } }
}

/// A stretch of its rows.
struct InventedStretch: Sendable {
    var nextRow = 2
    var rows = 0
    var kept: [Fact.KeptRow] = []
    var batches: [InventedBatch] = []
}

/// One submission and what the national side says to it.
struct InventedBatch: Sendable {
    let submission: SubmissionID
    let digest: String
    var records: [SubmittedRecord] = []
    var rows: [Int] = []
    var warnings: [Int: [Finding]] = [:]
    var verdicts: [RecordVerdict] = []
    var disputed: [(RecordID, Int)] = []
    var reversed: [(RecordID, Int)] = []
}

/// A county's year of cases that nobody ever had: twenty clinics, twelve months, and in the January
/// after what is still to be corrected.
struct InventedYear {
    private static let clinics = 20
    /// Rows that are prepared and written together.
    private static let stretchRows = 500

    /// What comes of a case in its clinic's next file.
    private struct Later {
        let record: SubmittedRecord
    }

    private let cases: Int
    private var made = 0
    private var files = 0
    private var numbers = SplitMix(state: 2012)
    private var later: [[Later]] = Array(repeating: [], count: InventedYear.clinics)
    /// Some who came already: now and then one of them comes again for the same child.
    private var claimants: [(claimant: String, child: Int)] = []

    init(cases: Int) {
        self.cases = cases
    }

    /// The next file by month and clinic; `nil` at the end.
    mutating func nextFile() -> InventedFile? {
        let all = 12 * Self.clinics
        guard files < all + Self.clinics else { return nil }
        let (month, clinic) = (files / Self.clinics, files % Self.clinics)
        files += 1
        let upTo = min(cases, Int(Double(cases) * Double(files) / Double(all)))
        let fresh = upTo - made
        made = upTo
        var file = InventedFile(
            intake: IntakeID(hex(16)), name: "clinic-\(clinic + 1)-\(month + 1).csv",
            digest: hex(32), moment: moment(of: month, clinic))
        let corrections = later[clinic]
        later[clinic] = []
        var rest = corrections.count + fresh
        var row = 2
        while rest > 0 {
            let count = min(rest, Self.stretchRows)
            let done = corrections.count + fresh - rest
            let again = corrections.dropFirst(done).prefix(count)
            file.stretches.append(
                stretch(again: again.map(\.record), fresh: count - again.count, month, clinic, row))
            row += count
            rest -= count
        }
        return file
    }

    private mutating func stretch(
        again: [SubmittedRecord], fresh: Int, _ month: Int, _ clinic: Int, _ firstRow: Int
    ) -> InventedStretch {
        var stretch = InventedStretch()
        stretch.rows = again.count + fresh
        stretch.nextRow = firstRow + stretch.rows
        var sent = again.enumerated().map { (row: firstRow + $0.offset, record: $0.element) }
        for place in again.count..<(again.count + fresh) {
            let record = record(month, clinic)
            let row = firstRow + place
            if let kept = kept(record, row, clinic) {
                stretch.kept.append(kept)
            } else {
                sent.append((row, record))
            }
        }
        var rest = sent[...]
        while !rest.isEmpty {
            let size = Int.random(in: 50...200, using: &numbers)
            stretch.batches.append(batch(of: Array(rest.prefix(size)), clinic))
            rest = rest.dropFirst(size)
        }
        return stretch
    }

    /// A couple's check.
    private mutating func record(_ month: Int, _ clinic: Int) -> SubmittedRecord {
        let chance = Int.random(in: 0..<1000, using: &numbers)
        var who = (claimant: base32(32), child: chance % 10 < 7 ? 1 : 2)
        if chance < 8, let known = claimants.randomElement(using: &numbers) { who = known }
        if chance % 50 == 0, claimants.count < 5000 { claimants.append(who) }
        let day = CalendarDate(
            year: ClosingLedger.year, month: month + 1,
            day: Int.random(in: 1...28, using: &numbers))
        return SubmittedRecord(
            record: RecordID(hex(16)), version: 1, action: .submit,
            institution: "99010112345678901\(10_001 + clinic)",
            servedOn: day ?? CalendarDate(daysSince1970: 15_400),
            traits: SettlementTraits(
                isFree: !(10..<20).contains(chance),
                spouses: (20..<40).contains(chance) ? [true, false] : [true, true],
                isComplete: !(40..<50).contains(chance)),
            claimant: who.claimant, childOrder: who.child)
    }

    /// A row that stays at home: of some of them a mended one comes with the next file.
    private mutating func kept(
        _ record: SubmittedRecord, _ row: Int, _ clinic: Int
    ) -> Fact.KeptRow? {
        let (fate, code): (FindingEffect, String)
        let isKnown: Bool
        switch Int.random(in: 0..<1000, using: &numbers) {
        case 0..<20: (fate, code, isKnown) = (.quarantined, "L-001", true)
        case 20..<25: (fate, code, isKnown) = (.excluded, "R-01", true)
        case 25..<30: (fate, code, isKnown) = (.held, "H-CONSENT", true)
        case 30..<31: (fate, code, isKnown) = (.quarantined, "V-DATE", false)
        default: return nil
        }
        if fate == .quarantined, isKnown, Bool.random(using: &numbers) {
            later[clinic].append(Later(record: record.later(.submit)))
        }
        return Fact.KeptRow(
            row: row, record: isKnown ? record.record : nil, version: isKnown ? 1 : 0,
            fate: fate.rawValue,
            findings: [Finding(code: code, effect: fate, field: "wife.idNumber")],
            institution: isKnown ? record.institution : nil,
            month: isKnown ? record.servedOn.month : nil,
            traits: isKnown && fate != .excluded ? record.traits : nil)
    }

    private mutating func batch(
        of sent: [(row: Int, record: SubmittedRecord)], _ clinic: Int
    ) -> InventedBatch {
        let random = (0..<10).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        let moment = moment(of: files / Self.clinics, clinic)
        var batch = InventedBatch(
            submission: SubmissionID(uuidVersion7(at: moment, random: random)), digest: hex(32))
        for (place, (row, record)) in sent.enumerated() {
            batch.records.append(record)
            batch.rows.append(row)
            if place % 32 == 31 {
                batch.warnings[place] = [
                    Finding(code: "L-017", effect: .warning, field: "wife.height")
                ]
            }
            answer(record, clinic, &batch)
        }
        return batch
    }

    /// What the national side says, and what the clinic makes of it next month.
    private mutating func answer(
        _ record: SubmittedRecord, _ clinic: Int, _ batch: inout InventedBatch
    ) {
        let isLater = record.version > 1
        let chance = Int.random(in: 0..<1000, using: &numbers)
        if chance < 20, !isLater {
            batch.verdicts.append(
                RecordVerdict(
                    record: record.record, version: record.version, verdict: .rejected,
                    code: "E2104", field: "wife/idNumber"))
            if chance < 12 { later[clinic].append(Later(record: record.later(.submit))) }
            return
        }
        let serial = "2012\(Int.random(in: 100_000_000_000...999_999_999_999, using: &numbers))"
        batch.verdicts.append(
            RecordVerdict(
                record: record.record, version: record.version, verdict: .accepted,
                serial: serial))
        guard !isLater else { return }
        switch chance {
        case 20..<30: later[clinic].append(Later(record: record.later(.amend)))
        case 30..<35: later[clinic].append(Later(record: record.later(.withdraw)))
        case 35: batch.disputed.append((record.record, record.version))
        case 36: batch.reversed.append((record.record, record.version))
        default: break
        }
    }

    private func moment(of month: Int, _ clinic: Int) -> Timestamp {
        // From 2012-02-01: each month's files in the month after.
        Timestamp(microseconds: 1_328_054_400_000_000)
            .adding(seconds: Int64(month * 2_592_000 + clinic * 36_000))
    }

    private mutating func hex(_ bytes: Int) -> String {
        Hex.encode((0..<bytes).map { _ in UInt8.random(in: 0...255, using: &numbers) })
    }

    private mutating func base32(_ characters: Int) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        return String(
            decoding: (0..<characters).map { _ in alphabet[Int(numbers.next() >> 59)] },
            as: UTF8.self)
    }
}

extension SubmittedRecord {
    /// The version that follows.
    fileprivate func later(_ action: RecordAction) -> SubmittedRecord {
        SubmittedRecord(
            record: record, version: version + 1, action: action, institution: institution,
            servedOn: servedOn, traits: traits, claimant: claimant, childOrder: childOrder)
    }
}

/// Random numbers that are the same each time (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
