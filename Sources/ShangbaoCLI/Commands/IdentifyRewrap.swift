import ArgumentParser
import Flow
import Records

/// Wraps the vault's keys for the people of now.
struct IdentifyRewrap: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "rewrap",
            abstract: said("换了人：重新封装保管库的密钥。", "The people changed: wrap the keys anew."),
            discussion: said(
                "两个科室的两人先后运行：第一人解开外层，第二人改封给现在的名单，旧的封装清除。中断了再运行一次。",
                "Two people of two departments, one after the other: the first takes the outer "
                    + "layers off, the second wraps for those who are listed now, and the earlier "
                    + "wrappings are erased. If it was stopped, run it again."))
    }

    @OptionGroup var hand: CustodyHand
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { hand.audited(nil) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let key = try hand.opened()
        return try await site.withDatabase(.guest) { database in
            let reading = try await IdentifyDesk(site: site, database: database).rewrap(
                by: hand.by, with: key)
            try output.give(reading)
            show(reading, output)
            return reading.state == .done && reading.left > 0 ? .toCorrect : .done
        }
    }

    private func show(_ reading: RewrapReading, _ output: Output) {
        switch reading.state {
        case .level:
            output.line(
                "✓ 保管库的密钥都封给现在的人", "✓ all keys of the vault are wrapped for the people of now")
        case .half:
            output.line(
                "✓ \(reading.keys) 把密钥解开了外层，共 \(reading.left) 把要重封",
                "✓ the outer layer is off \(reading.keys) keys; \(reading.left) are to be wrapped")
            output.paragraph(
                said(
                    "下一步：另一科室的人，\((reading.until ?? "").prefix(16)) 之前，"
                        + "shangbao identify rewrap --by 姓名 --key 私钥",
                    "Next: somebody of another department, before "
                        + "\((reading.until ?? "").prefix(16)): shangbao identify rewrap "
                        + "--by NAME --key FILE"))
        case .done:
            output.line(
                "✓ \(reading.keys) 把密钥已重新封装，旧的封装已清除",
                "✓ \(reading.keys) keys are wrapped anew; the earlier wrappings are erased")
            guard reading.left > 0 else { return }
            output.line(
                "! 还有 \(reading.left) 把这两人打不开：由另外两人再做一次",
                "! \(reading.left) more, which these two do not open: two others do it again")
        }
    }
}

extension VaultStanding {
    /// What a person is told of it; `nil` where all is as it should be.
    var told: (found: String, next: Wording)? {
        guard unconfirmed.isEmpty else {
            return (
                said("公钥与登记的不同或是新的，还没有人确认：", "keys that nobody has confirmed: ")
                    + unconfirmed.joined(separator: ", ")
                    + said(
                        "；确认之前，新的病例仍封给原来的人，不能审批",
                        "; until then new cases stay wrapped for those listed before, and nothing is "
                            + "approved"), KeyBook.custodyKey.next
            )
        }
        guard !isLevel else { return nil }
        var found = [
            said(
                "\(keys) 把密钥中 \(stale) 把不是封给现在的人",
                "\(stale) of \(keys) keys are not wrapped for the people of now")
        ]
        if !strangers.isEmpty {
            found.append(
                said("仍封给 ", "still for ") + strangers.joined(separator: ", "))
        }
        for (pair, count) in unable.sorted(by: { $0.key < $1.key }) {
            found.append(said("\(pair) 打不开 \(count) 把", "\(pair) do not open \(count)"))
        }
        if lost > 0 {
            found.append(
                said(
                    "\(lost) 把现在没有两个人能打开", "no two people of now open \(lost)"))
        }
        if let until {
            let day = until.prefix(10)
            found.append(
                isLate
                    ? said("应在 \(day) 前重封，已逾期", "due by \(day), late")
                    : said("应在 \(day) 前重封", "due by \(day)"))
        } else {
            found.append(said("7 天内重封", "due within 7 days"))
        }
        if let begunBy, let begunUntil {
            let time = begunUntil.prefix(16)
            found.append(
                said("\(begunBy) 已开始，第二人到 \(time) 为止", "\(begunBy) began; a second by \(time)"))
        }
        return (found.joined(separator: said("；", "; ")), RewrapBook.toDo.next)
    }
}
