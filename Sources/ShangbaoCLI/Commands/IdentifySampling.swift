import ArgumentParser
import Flow
import Records

/// Draws a month's requests for review.
struct IdentifySampling: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "sample",
            abstract: said("每月抽查：抽出要复核的申请。", "The month's requests to look into."),
            discussion: said(
                "紧急的全查，其余抽十分之一、至少 3 份；重验签名。由未参与的人 identify review，下月底之前。",
                "Every emergency, and of the others a tenth, at least 3; signatures are verified "
                    + "anew. Who had no part reviews them before the end of the next month."))
    }

    @Option(
        help: ArgumentHelp(
            said("哪一月，如 2026-03；默认上个月。", "As 2026-03; the last month if absent."),
            valueName: "month"))
    var month: String?

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: month) }

    func validate() throws {
        guard month == nil || CalendarMonth(iso: month ?? "") != nil else {
            throw ValidationError(said("--month 应如 2012-03。", "--month: as 2012-03."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withView { database in
            let sample = try await IdentifyDesk(site: site, database: database).sample(
                of: month.flatMap { CalendarMonth(iso: $0) })
            try output.give(sample)
            output.line(
                "\(sample.month)：两人批准 \(sample.approved) 份，抽出 \(sample.drawn.count) 份",
                "\(sample.month): \(sample.approved) approved by two, \(sample.drawn.count) drawn")
            for drawn in sample.drawn {
                output.line()
                show(drawn, output)
            }
            if sample.isLate {
                output.line()
                output.line("! 下月底已过，还有没复核的", "! the next month is over, and some wait for review")
            }
            return sample.isLate || !sample.isSound ? .unbalanced : .done
        }
    }

    private func show(_ drawn: IdentifySample.Drawn, _ output: Output) {
        IdentifyPage(drawn.request).show(output)
        var lines = Columns(sides: [.left, .left])
        let seen = drawn.request.revealed
        lines.add([
            said("看过", "seen"),
            said(
                "打开 \(drawn.request.opened) 次，明文 \(seen.count) 次（\(Set(seen).count) 例）",
                "opened \(drawn.request.opened) times, in the clear \(seen.count) "
                    + "(\(Set(seen).count) cases)"),
        ])
        for signature in drawn.signatures {
            let (mark, words) =
                switch signature.state {
                case .genuine: ("✓", said("签名属实", "signature genuine"))
                case .unlisted: ("!", said("公钥不在名单里，无法核对", "key not listed: not verified"))
                case .broken: ("✗", said("签名不符", "signature does not fit"))
                }
            lines.add([signature.step, "\(mark) \(signature.by)  \(words)"])
        }
        if let reviewer = drawn.request.reviewedBy {
            lines.add([said("复核", "reviewed"), "\(reviewer)  \(drawn.finding ?? "")"])
        } else {
            lines.add([
                said("待复核", "to review"),
                "shangbao identify review \(drawn.request.id) --because …"
                    + said(" --by 姓名 --key 私钥", " --by NAME --key FILE"),
            ])
        }
        output.table(lines)
    }
}

extension SampleStanding {
    /// What a person is told of it.
    var told: String {
        said(
            "\(month) 抽查还有 \(waiting) 份没复核" + (isLate ? "，已逾期" : ""),
            "\(month): \(waiting) of the sample wait for review" + (isLate ? ", late" : ""))
    }
}
