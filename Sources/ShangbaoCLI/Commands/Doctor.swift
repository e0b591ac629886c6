import ArgumentParser
import Flow
import Foundation
import LibCrypto
import LibCurl
import LibXML
import Privacy
import Records
import Storage

/// Looks at everything that must be right before anything can go.
struct Doctor: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("体检：软件版本、文件、密钥、证书、网络。", "Look at libraries, files, keys, network."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        var examination = Examination()
        examination.libraries()
        let folder = common.siteFolder
        if FileManager.default.fileExists(atPath: folder + "/" + Configuration.fileName) {
            do {
                let site = try common.openSite(isAudited: false)
                examination.note(true, "shangbao.yaml", folder)
                await examination.site(site, passphrase: common.passphrase)
            } catch {
                examination.note(error, "shangbao.yaml")
            }
        } else {
            examination.note(CommandFailure(.noSite, place: folder), "shangbao.yaml")
        }
        try output.give(examination.lines)
        for line in examination.lines {
            output.paragraph("\(line.holds ? "✓" : "✗") \(line.what)  \(line.found)")
            if let next = line.next { output.paragraph("→ " + next, indent: 4) }
        }
        let faults = examination.lines.count { !$0.holds }
        output.line()
        output.line(
            faults == 0 ? "一切正常。" : "\(faults) 处要处理。",
            faults == 0 ? "All is well." : "\(faults) to see to.")
        return faults == 0 ? .done : .configuration
    }
}
