import ArgumentParser
import Flow
import Foundation
import Records

/// The whole way in one process.
struct Demo: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("全流程演示：300 对虚构夫妇，直到结算。", "The whole way with 300 invented couples."),
            discussion: said(
                "在站点目录中演练：接收、密封、双向 TLS 上报、回执、对账、结算、核验证据包。再运行一次，什么也不改变。",
                "Takes in, seals, sends over mutual TLS, reconciles, settles, verifies, in one folder. "
                    + "A second run changes nothing."))
    }

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @Option(help: ArgumentHelp(said("样例目录（默认在映射目录旁）。", "The folder samples, if elsewhere.")))
    var samples: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let path = common.site == "." ? Places.absolute("demo-site") : common.siteFolder
        let mappings = try Places.mappings(mappings)
        let samples = try Places.samples(samples, besides: mappings) + "/preconception-2012"
        let sample = samples + "/county-hospital-2012.csv"
        guard FileManager.default.fileExists(atPath: sample) else {
            throw CommandFailure(.noSamples, place: sample)
        }
        let show = DemoShow(path: path, mappings: mappings, sample: sample, output: output)
        return try await show.run()
    }
}
