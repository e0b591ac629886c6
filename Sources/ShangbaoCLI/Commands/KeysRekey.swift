import ArgumentParser
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage

/// What `keys rotate pid-link` takes after a leak.
struct RekeyOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            said(
                "密钥泄露之后：由密封报文中的证件号重建关联名，须两科室两人各签一次。",
                "After a leak: make link names anew from the numbers; two people sign, one each.")))
    var rekey = false

    @Option(help: ArgumentHelp(said("签名人姓名，如站点文件所写。", "Who signs, as the site's file says.")))
    var by: String?

    @Option(
        help: ArgumentHelp(
            said("签名人本人的私钥（PEM，权限 600）。", "His own private key: PEM, mode 600."),
            valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            said("理由，记入账本；原件已清除的名由谁决定接续，也写在此。", "Why; also for names without a source.")))
    var because: String?

    func check(_ use: KeyUse, _ suite: CipherSuite?) throws {
        if !rekey {
            guard by == nil, key == nil, because == nil else {
                throw ValidationError(
                    said(
                        "--by、--key、--because 只与 --rekey 同用。",
                        "--by, --key, --because: with --rekey."))
            }
            return
        }
        guard use == .pidLink, suite == nil else {
            throw ValidationError(
                said(
                    "--rekey 只用于 pid-link，不带 --suite。", "--rekey is for pid-link, without --suite.")
            )
        }
        guard (by == nil) == (key == nil) else {
            throw ValidationError(said("--by 与 --key 同时给出。", "--by and --key come together."))
        }
        guard because.map({ !$0.allSatisfy(\.isWhitespace) }) ?? true else {
            throw ValidationError(said("--because 不能为空。", "--because must say something."))
        }
    }

    private struct Rekeyed: Encodable {
        let state: String
        var key: KeyLine?
        var renewed: Int?
        var lost: Int?
        var ended: [String]?
    }

    /// Signs where a person says who he is, and does it once two have.
    func perform(
        _ site: Site, _ common: SharedOptions, _ output: Output
    ) async throws -> ExitStatus {
        let signing = try key.map { try PersonalKey(Places.absolute($0)).key }
        return try await site.withDatabase { database in
            var keyring = try site.openKeyring(common.passphrase)
            try await site.check(keyring, in: database)
            let desk = RekeyDesk(site: site, database: database)
            var state = try await desk.state()
            if let by, let signing, state == .none || state == .half {
                state = try await desk.sign(by: by, with: signing, because: because, keyring)
            }
            if state == .half {
                try output.give(Rekeyed(state: state.rawValue))
                output.line("✓ 第一人已签，一天内有效", "✓ the first has signed; it holds for a day")
                output.paragraph(
                    said(
                        "下一步：另一科室的一人运行 shangbao keys rotate pid-link --rekey --by 姓名 --key 私钥。",
                        "Next: somebody of another department runs shangbao keys rotate pid-link "
                            + "--rekey --by NAME --key FILE."))
                return .done
            }
            let progress = Progress(
                KeyUse.pidLink.rawValue, unit: said("个", "names"), total: 0, output: output)
            defer { progress.finish() }
            let outcome = try await desk.run(
                &keyring, because: because, by: by ?? NSUserName()
            ) { progress.show($0) }
            progress.finish()
            try output.give(
                Rekeyed(
                    state: "done", key: KeyLine(outcome.entry), renewed: outcome.renewed,
                    lost: outcome.lost, ended: outcome.ended))
            tell(outcome, output)
            return .done
        }
    }

    private func tell(_ outcome: RekeyOutcome, _ output: Output) {
        let (renewed, lost) = (Figure.grouped(outcome.renewed), Figure.grouped(outcome.lost))
        output.line(
            "✓ pid-link：第 \(outcome.entry.epoch) 代（\(outcome.entry.kid)），重建 \(renewed)，接续 \(lost)",
            "✓ pid-link: epoch \(outcome.entry.epoch) (\(outcome.entry.kid)), \(renewed) made anew, "
                + "\(lost) carried over")
        if outcome.lost > 0 {
            output.paragraph(
                said(
                    "接续的名原件已清除：库中已没有只用泄露密钥就能算出的名，但要认出这些人仍须旧密钥，旧密钥保留。",
                    "Those that were carried over have no source any more. No name in the database can "
                        + "be made with the leaked key alone, and the old keys stay to know them again."
                ))
        } else if !outcome.ended.isEmpty {
            let ids = outcome.ended.joined(separator: " ")
            output.paragraph(
                said(
                    "已不需要、标为泄露的密钥：\(ids)。可用 shangbao keys mark 编号 destroyed 抹去。",
                    "Nothing needs these, and they are marked compromised: \(ids). shangbao keys mark "
                        + "ID destroyed drops them."))
        }
        output.paragraph(
            said(
                "第一代密钥须保留：对外假名和本年度及以前的结算假名由它生成，账本和国家平台已有。它与 pid-out 一同泄露的，运行 shangbao keys "
                    + "rotate pid-out：对国家平台的假名从此由新密钥生成；结算假名从下一年度起。",
                "The first key stays: pseudonyms that others have, and the settlement names of this "
                    + "year and before, are made by way of it. If pid-out leaked with it, run "
                    + "shangbao keys rotate pid-out: pseudonyms for the national side are made by the "
                    + "new key from then on, settlement names from next year on."))
        output.paragraph(
            said(
                "旧备份没有新密钥：shangbao keys export-backup，再 shangbao keys drill，销毁旧备份。",
                "Old backups lack the new key: shangbao keys export-backup, shangbao keys drill, and "
                    + "destroy the old ones."))
    }
}
