import ArgumentParser
import Definitions
import Delivery
import Flow
import Foundation
import Records
import Schedules
import Storage

/// Stops a schedule.
struct SchedulePause: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "pause",
            abstract: said("暂停一个日程，直到恢复。", "Stop a schedule until it is resumed."),
            discussion: said(
                "暂停期间错过的运行不再补。", "What falls into the pause is not made up for."))
    }

    @OptionGroup var schedule: ScheduleArgument
    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (name, decision, now) = (schedule.name, reason.decision, site.clock())
        _ = try site.configuration.calendar.existing(name)
        try await site.withDatabase(.guest) { database in
            let isDone = try await database.write {
                try ScheduleBook().pause(
                    name, by: decision.by, because: decision.because, now: now, in: $0)
            }
            guard isDone else { throw ScheduleFailure(ScheduleCodes.wrongState, name) }
        }
        try output.give(["schedule": name, "by": decision.by, "because": decision.because])
        output.line("✓ \(name) 已暂停", "✓ \(name) is paused")
        return .done
    }
}

/// Lets a schedule go on.
struct ScheduleResume: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "resume",
            abstract: said("恢复暂停的日程，从下一次起运行。", "Let it go on, from its next run."))
    }

    @OptionGroup var schedule: ScheduleArgument
    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let (name, person, now) = (schedule.name, NSUserName(), site.clock())
        let calendar = site.configuration.calendar
        let found = try calendar.existing(name)
        try await site.withDatabase(.guest) { database in
            let isDone = try await database.write {
                try ScheduleBook().resume(name, by: person, now: now, in: $0)
            }
            guard isDone else { throw ScheduleFailure(ScheduleCodes.wrongState, name) }
        }
        let next = try calendar.next(of: found, after: now.minute)?.starts
        try output.give(["schedule": name, "by": person, "next": next?.dateTime ?? ""])
        let time = next.map(Figure.minute) ?? said("无", "never")
        output.line("✓ \(name) 已恢复，下次 \(time)", "✓ \(name) goes on; next \(time)")
        return .done
    }
}
