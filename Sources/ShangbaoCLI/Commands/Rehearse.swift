import ArgumentParser
import Flow
import Foundation
import Privacy
import Records
import Rehearsal

/// The pretend national side, until it is stopped.
struct Rehearse: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("启动演练用的国家平台，直到停止。", "Run the pretend national side until stopped."),
            discussion: said(
                "地址取自站点的 national.address，账本在 national/。故障脚本每行一条，如 post 2: drop-after-storing。",
                "Its address is the site's national.address, its ledger lies in national/. A script "
                    + "has one fault a line, such as post 2: drop-after-storing."))
    }

    @Option(help: ArgumentHelp(said("故障脚本。", "A script of faults to play.")))
    var faults: String?

    @Flag(help: ArgumentHelp(said("先收下，以后再答复。", "Take now, answer later.")))
    var later = false

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite(isAudited: false)
        let keyring = try await common.openKeyring(of: site)
        var script = FaultScript()
        if let faults {
            guard let bytes = FileManager.default.contents(atPath: Places.absolute(faults)) else {
                throw CommandFailure(.usage, place: faults, detail: "--faults")
            }
            script = try FaultScript(parsing: String(decoding: bytes, as: UTF8.self))
        }
        let side = try await NationalSide.open(
            for: site, keyring, mode: later ? .later(collects: 2, received: true) : .atOnce,
            faults: script)
        let stop = StopSignal()
        let address = site.configuration.national.address
        try await side.serving {
            try output.give(["address": address], isLine: true)
            output.line(
                "演练用国家平台：\(address)（Ctrl-C 结束）",
                "The pretend national side: \(address) (Ctrl-C ends it)")
            output.line(
                "另开一个终端：shangbao deliver --site \(common.site)",
                "In another terminal: shangbao deliver --site \(common.site)")
            fflush(nil)
            await stop.wait()
        }
        return .done
    }
}
