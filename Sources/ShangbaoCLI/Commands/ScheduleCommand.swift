import ArgumentParser
import Definitions
import Flow
import Foundation
import Records
import Schedules

/// The upload calendar.
struct ScheduleCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "schedule",
            abstract: said("上报日程与截止日：查看、预览、暂停、立即运行。", "What runs when, and deadlines."),
            subcommands: [
                ScheduleList.self, ScheduleNext.self, SchedulePreview.self, ScheduleDeadlines.self,
                ScheduleRun.self, SchedulePause.self, ScheduleResume.self,
            ])
    }
}

/// Which schedule a command is about.
struct ScheduleArgument: ParsableArguments {
    @Argument(
        help: ArgumentHelp(said("日程名称，见 schedule list。", "Its name, as in schedule list.")))
    var name: String
}

extension Schedule {
    /// What it does, in words.
    var workWords: String {
        switch work {
        case .take(let sources):
            said("接收 ", "take ")
                + (sources.isEmpty ? said("全部来源", "all sources") : sources.joined(separator: " "))
        case .deliver: said("上报", "deliver")
        case .collect: said("取回执", "collect")
        case .reconcile: said("对账", "reconcile")
        case .all: said("接收并上报", "all")
        }
    }

    /// When it runs, in words.
    var timeWords: String {
        var words = [timing.wording.said]
        if let on { words.append(said("仅 ", "on ") + on.description) }
        if let notOn { words.append(said("除 ", "not on ") + notOn.description) }
        if !windows.isEmpty { words.append(windows.map(\.description).joined(separator: " ")) }
        for requirement in requirements {
            switch requirement.subject {
            case .schedule(let name): words.append(said("在 \(name) 之后", "after \(name)"))
            case .source(let name):
                words.append(
                    said("等 \(name) 的文件", "after \(name)'s file")
                        + (requirement.rows > 0
                            ? said("（\(requirement.rows) 行）", " (\(requirement.rows) rows)") : "")
                )
            }
        }
        return words.joined(separator: said("，", ", "))
    }
}

extension ScheduleBook.State {
    /// A mark for a narrow column.
    var mark: String {
        switch self {
        case .done: "✓"
        case .failed, .interrupted: "✗"
        case .waiting: "…"
        case .running: "▶"
        case .skipped, .missed: "–"
        }
    }

    var title: Wording {
        switch self {
        case .waiting: Wording(zh: "等前置条件", en: "waiting")
        case .running: Wording(zh: "运行中", en: "running")
        case .done: Wording(zh: "完成", en: "done")
        case .failed: Wording(zh: "未成功", en: "failed")
        case .skipped: Wording(zh: "跳过", en: "skipped")
        case .missed: Wording(zh: "错过", en: "missed")
        case .interrupted: Wording(zh: "中断", en: "interrupted")
        }
    }
}
