import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Records

/// Makes a site's folder.
struct Init: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("新建站点目录，已有文件一律保留。", "Make a site's folder; keep what is there."))
    }

    @Argument(help: ArgumentHelp(said("目录。", "The folder.")))
    var dir: String

    @Flag(help: ArgumentHelp(said("演练站点：虚构的县、口令和国家平台身份。", "For rehearsals: an invented county.")))
    var rehearsal = false

    @Option(help: ArgumentHelp(said("算法套件：gm 或 intl。", "gm or intl.")))
    var suite = CipherSuite.gm

    @Option(
        help: ArgumentHelp(
            said(
                "接口方式：https、soap、sftp 或 assisted。", "How the national side is reached.")))
    var binding = Binding.https

    @Option(help: ArgumentHelp(said("映射目录（默认自动查找）。", "The folder mappings, if not found.")))
    var mappings: String?

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let path = Places.absolute(dir)
        let folder = SiteFolder(
            path: path, mappings: try Places.mappings(mappings), isRehearsal: rehearsal,
            suite: suite, binding: binding)
        let made = try folder.make()
        try output.give(made)
        for name in made.made { output.line("✓ \(Places.shown(path))/\(name)") }
        for name in made.kept {
            output.line("· \(name) 已存在，保留不动", "· \(name) was there and is kept")
        }
        if rehearsal {
            output.line(
                "下一步：shangbao keys init --site \(dir)", "Next: shangbao keys init --site \(dir)")
        } else {
            output.paragraph(
                output.language == .chinese
                    ? "下一步：填写 \(dir)/shangbao.yaml、designated.csv 与 qualified.csv，"
                        + "再运行 shangbao keys init --site \(dir)"
                    : "Next: fill in \(dir)/shangbao.yaml, designated.csv and qualified.csv, then "
                        + "shangbao keys init --site \(dir)")
        }
        return .done
    }
}

extension CipherSuite: ExpressibleByArgument {}
extension Binding: ExpressibleByArgument {}
