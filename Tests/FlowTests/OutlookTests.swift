import Delivery
import Flow
import Foundation
import Records
import Schedules
import Testing

/// Every state and reason has its paragraph: why, what next and when, what a person can do.
struct OutlookTests {
    private static let id = "019a0000-0000-7000-8000-000000000001"
    private static let record = RecordID(String(repeating: "9f", count: 16))
    private let now = at("2026-03-01 10:00")

    private func way(
        openFrom: Timestamp? = nil, code: String? = nil, reconciling: Bool = false,
        turn: @escaping @Sendable (Way.Errand, Timestamp) -> Way.Turn = {
            .schedule("nightly", at: $1.adding(seconds: 3600))
        }
    ) -> Way {
        Way(
            now: now, openFrom: openFrom ?? now, laneCode: code, isReconciling: reconciling,
            turn: turn)
    }

    private func stand(
        _ state: DeliveryState, reason: String? = nil, attempts: Int = 1, outcome: String? = nil,
        isRefused: Bool = false
    ) -> SubmissionStand {
        SubmissionStand(
            id: OutlookTests.id, state: state, reason: reason, attempts: attempts,
            lastOutcome: outcome, wasSent: attempts > 0, openRecords: 2, records: 5,
            isRefused: isRefused, nextStep: at("2026-03-01 10:30"),
            deadline: at("2026-03-08 10:00"))
    }

    /// All positions with a name each, in a fixed order.
    private var submissions: [(String, Outlook)] {
        var all: [(String, Outlook)] = []
        for state in DeliveryState.allCases where state != .held {
            all.append((state.rawValue, .of(stand(state, outcome: "T-BUSY"), on: way())))
        }
        for reason in QueueReason.allCases {
            all.append(
                ("held \(reason.rawValue)", .of(stand(.held, reason: reason.rawValue), on: way())))
        }
        all.append(("due, new", .of(stand(.due, attempts: 0), on: way())))
        all.append(
            (
                "due, lane closed, by hand",
                .of(
                    stand(.due, attempts: 0),
                    on: way(openFrom: at("2026-03-01 12:00"), code: "T-DENIED") {
                        .anyRound(from: $1)
                    })
            ))
        all.append(
            ("due, paused", .of(stand(.due, attempts: 0), on: way { _, _ in .paused("nightly") })))
        all.append(
            ("due, unknown year", .of(stand(.due, attempts: 0), on: way { _, _ in .unknown })))
        all.append(("due, reconciling", .of(stand(.due, attempts: 0), on: way(reconciling: true))))
        var paced = way()
        paced.paceOpens = at("2026-03-01 11:00")
        all.append(("due, paced", .of(stand(.due, attempts: 0), on: paced)))
        for scope in LaneStop.Scope.allCases {
            var stopped = way { _, _ in .anyRound(from: at("2026-03-01 10:30")) }
            stopped.stopped = scope
            for attempts in [0, 2] {
                all.append(
                    (
                        "due, \(scope.rawValue) stopped, \(attempts) attempts",
                        .of(stand(.due, attempts: attempts, outcome: "T-BUSY"), on: stopped)
                    ))
            }
        }
        all.append(("final, refused", .of(stand(.final, isRefused: true), on: way())))
        all.append(
            (
                "held, never sent",
                .of(stand(.held, reason: QueueReason.person.rawValue, attempts: 0), on: way())
            ))
        return all
    }

    private func item(_ state: ItemState, action: RecordAction = .submit) -> Outlook {
        let item = Item(
            position: 0, record: OutlookTests.record, version: 2, action: action, state: state,
            code: "E2104", serial: "N20260001", field: "laboratory/haemoglobin")
        return .of(
            RecordStand(
                record: OutlookTests.record, version: 2,
                newest: .item(item, stand(.awaiting)), inForce: nil,
                packsAgain: state == .transient ? at("2026-03-01 10:20") : nil), on: way())
    }

    private var records: [(String, Outlook)] {
        var all = ItemState.allCases.map { ("record \($0.rawValue)", item($0)) }
        all.append(("record withdrawn", item(.accepted, action: .withdraw)))
        for fate in ["excluded", "quarantined", "held", "superseded"] {
            let stand = RecordStand(
                record: OutlookTests.record, version: 3,
                newest: .row(fate: fate, number: 12, file: "file-0a1b", codes: ["L-005"]),
                inForce: 2, packsAgain: nil)
            all.append(("row \(fate)", .of(stand, on: way())))
        }
        return all
    }

    @Test func `every state and reason has words in both languages, and a person a way out`() {
        for (name, outlook) in submissions + records {
            for text in [outlook.why, outlook.next] {
                #expect(!text.zh.isEmpty && !text.en.isEmpty, "\(name)")
                #expect(text.zh.unicodeScalars.contains { $0.value > 0x4E00 }, "\(name)")
                #expect(!text.en.unicodeScalars.contains { $0.value > 0x2FFF }, "\(name)")
            }
            if name.hasPrefix("held") || name == "record disputed" || name == "record unknown" {
                #expect(outlook.at == nil, "\(name) waits for a person")
                #expect(outlook.steps.contains { $0.command.hasPrefix("shangbao ") }, "\(name)")
            }
        }
    }

    @Test func `what is due waits for the pace, and for a person who stopped sending`() {
        var paced = way { _, moment in .anyRound(from: moment) }
        paced.paceOpens = at("2026-03-01 11:00")
        let waiting = Outlook.of(stand(.due, attempts: 0), on: paced)
        #expect(waiting.at == at("2026-03-01 11:00"))
        #expect(waiting.why.en.contains("pace") && waiting.why.zh.contains("限速"))
        for (scope, attempts, isBarred) in [
            (LaneStop.Scope.sends, 0, true), (.sends, 2, true), (.retries, 0, false),
            (.retries, 2, true),
        ] {
            var stopped = way { _, moment in .anyRound(from: moment) }
            stopped.stopped = scope
            let told = Outlook.of(stand(.due, attempts: attempts), on: stopped)
            #expect((told.at == nil) == isBarred, "\(scope) \(attempts)")
            #expect(told.next.en.contains("once a person") == isBarred, "\(scope) \(attempts)")
            #expect(
                told.steps.contains { $0.command.hasPrefix("shangbao lane start") } == isBarred)
            #expect(told.steps.contains { $0.command == "shangbao deliver" } != isBarred)
        }
    }

    /// What may have arrived is never offered for taking back.
    @Test func `only what never left can be cancelled`() {
        func cancels(_ outlook: Outlook) -> Bool {
            outlook.steps.contains { $0.command.contains("queue cancel") }
        }
        for state in DeliveryState.allCases {
            for reason in QueueReason.allCases {
                let sent = stand(state, reason: state == .held ? reason.rawValue : nil)
                #expect(!cancels(.of(sent, on: way())), "\(state) \(reason)")
            }
        }
        #expect(cancels(.of(stand(.due, attempts: 0), on: way())))
    }

    @Test func `the paragraphs are those that were agreed on`() throws {
        var text = ""
        for (name, outlook) in submissions + records {
            text += "== \(name)\n\(outlook.why.zh)\(outlook.next.zh)\n"
            text += "\(outlook.why.en) \(outlook.next.en)\n"
            text += "at \(outlook.at.map { "\($0.minute)" } ?? "-"); codes "
            text += outlook.codes.joined(separator: " ") + "\n"
            for step in outlook.steps {
                text += "$ \(step.command)  \(step.does.zh)  \(step.does.en)\n"
            }
        }
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("outlooks.txt")
        if ProcessInfo.processInfo.environment["SHANGBAO_RECORD"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        #expect(text == kept)
    }

    // MARK: The calendar

    private func turn(
        _ schedules: [Schedule], windows: [String] = [], _ errand: Way.Errand = .send,
        notBefore moment: String, paused: Set<String> = []
    ) throws -> Way.Turn {
        UploadCalendar(
            schedules: schedules,
            openTimes: OpenTimes(
                windows: try windows.map { try DayWindow($0) }, blackout: nil,
                calendar: HolidayCalendar()), county: "county"
        ).turn(errand, notBefore: at(moment), paused: paused)
    }

    @Test func `the next run that can do it is named with its time`() throws {
        let nightly = try Schedule.daily("nightly", "22:00")
        let answers = try Schedule.every("answers", "30 min", .collect)
        let files = try Schedule.every("files", "15 min", .take([]))
        let all = [files, answers, nightly]
        #expect(
            try turn(all, notBefore: "2026-03-01 10:00")
                == .schedule("nightly", at: at("2026-03-01 22:00")))
        #expect(
            try turn(all, notBefore: "2026-03-01 22:00")
                == .schedule("nightly", at: at("2026-03-01 22:00")))
        #expect(
            try turn(all, notBefore: "2026-03-01 22:01")
                == .schedule("nightly", at: at("2026-03-02 22:00")))
        #expect(
            try turn(all, .fetch, notBefore: "2026-03-01 10:01")
                == .schedule("answers", at: at("2026-03-01 10:30")))
        #expect(
            try turn(all, notBefore: "2026-03-01 10:00", paused: ["nightly"])
                == .paused("nightly"))
    }

    @Test func `without a schedule it is whoever comes, in the open times`() throws {
        #expect(
            try turn([], windows: ["22:00-06:00"], notBefore: "2026-03-01 10:00")
                == .anyRound(from: at("2026-03-01 22:00")))
        #expect(
            try turn([], notBefore: "2026-03-01 10:00") == .anyRound(from: at("2026-03-01 10:00")))
        let files = try Schedule.every("files", "15 min", .take([]))
        #expect(
            try turn([files], notBefore: "2026-03-01 10:00")
                == .anyRound(from: at("2026-03-01 10:00")))
    }
}
