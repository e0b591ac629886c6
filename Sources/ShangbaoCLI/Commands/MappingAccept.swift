import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Mappings
import Privacy
import Programmes
import Records

/// Takes in a decision that the officer signed on a computer of his own.
struct MappingAccept: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "accept",
            abstract: said("收下在别处签好的决定。", "Take in a decision that was signed elsewhere."),
            discussion: said(
                "决定由 mapping approve --out 写出，七天内签好带回；其间什么也不能改。签名用 openssl dgst -sign 即可。",
                "mapping approve --out wrote it; it comes back signed within seven days, and nothing may "
                    + "have changed since. openssl dgst -sign makes the signature."))
    }

    @Argument(help: ArgumentHelp(said("决定的文件。", "The decision's file.")))
    var decision: String

    @Option(
        help: ArgumentHelp(
            said("签名文件：DER，或它的 base64。", "The signature's file: DER, or its base64."),
            valueName: "file"))
    var signature: String

    @OptionGroup var common: SharedOptions

    /// So long a decision may be on its way.
    private static let days = 7

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let approval = try written()
        guard
            let file = try site.mappingsInUse().first(where: {
                $0.mapping.name == approval.mapping
            })
        else { throw ApprovalFailure(.changed, mapping: approval.mapping) }
        let binding = try site.binding(of: file)
        let different = binding.differences(from: approval)
        guard different.isEmpty else {
            throw ApprovalFailure(
                .changed, mapping: approval.mapping, detail: different.joined(separator: ", "))
        }
        let last = try site.approvals().approval(
            mapping: approval.mapping, digest: binding.content)
        if let last, last.digest == approval.digest {
            try output.give(approval)
            output.line("✓ 这个决定已经收下", "✓ this decision is there already")
            return .done
        }
        if let last, last.decidedAt >= approval.decidedAt {
            throw ApprovalFailure(
                .superseded, mapping: approval.mapping, detail: String(last.digest.prefix(16)))
        }
        guard let officer = try site.officers().first(where: { $0.name == approval.approver })
        else { throw ApprovalFailure(.officer, mapping: approval.mapping) }
        let now = site.clock()
        guard approval.decidedAt <= now,
            now <= approval.decidedAt.adding(seconds: Int64(MappingAccept.days) * 86_400)
        else { throw ApprovalFailure(.term, mapping: approval.mapping) }
        // Made anew of what is here, it has to be the same: nothing in it was written by hand.
        let again = try Approval(
            of: binding, decision: approval.decision, by: officer, author: approval.author,
            decidedAt: approval.decidedAt, validUntil: approval.validUntil,
            reason: approval.reason)
        guard again == approval else {
            throw ApprovalFailure(.forged, mapping: approval.mapping)
        }
        let signature = try signed()
        return try await Deciding(site: site, approval: approval, sheet: binding.sheet)
            .store(output) { store throws(ApprovalFailure) in
                try store.record(approval, sheet: binding.sheet, signature: signature)
            }
    }

    private func written() throws -> Approval {
        guard let approval = Approval(canonical: try bytes(of: decision)) else {
            throw ApprovalFailure(.unreadable, mapping: Places.shown(Places.absolute(decision)))
        }
        return approval
    }

    /// DER, or base64 of it with blanks and line ends wherever they may be.
    private func signed() throws -> [UInt8] {
        let found = try bytes(of: signature)
        let text = found.filter { !" \t\r\n".utf8.contains($0) }
        return (try? Base64.standard.decode(text)) ?? found
    }

    private func bytes(of path: String) throws -> [UInt8] {
        let place = Places.absolute(path)
        guard let size = try? FileManager.default.attributesOfItem(atPath: place)[.size] as? Int,
            size <= 1 << 20, let found = FileManager.default.contents(atPath: place)
        else { throw ApprovalFailure(.unreadable, mapping: Places.shown(place)) }
        return Array(found)
    }
}
