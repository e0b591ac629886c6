import ArgumentParser
import Flow
import Foundation
import Privacy
import Records

/// Shows what two others approved: masked, or one row in the clear.
struct IdentifyOpen: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "open",
            abstract: said("申请人打开已批准的：遮蔽显示。", "The requester opens it: masked."),
            discussion: said(
                "--reveal 行号 在终端上显示一行明文，先记入账本。第二人批准后 15 分钟内有效。",
                "--reveal ROW shows one row in the clear, on a terminal alone; the ledger has it "
                    + "first. Within 15 minutes of the second approval."))
    }

    @Argument(help: ArgumentHelp(said("申请编号。", "The request's id.")))
    var id: String

    @Option(help: ArgumentHelp(said("显示这一行的明文。", "Show this row in the clear."), valueName: "row"))
    var reveal: Int?

    @OptionGroup var hand: CustodyHand
    @OptionGroup var common: SharedOptions

    var audited: AuditSubject {
        guard let reveal else { return hand.audited(id) }
        var subject = hand.audited("\(id) row-\(reveal)")
        subject.manner = "--reveal"
        return subject
    }

    private struct Line: Encodable {
        let number: Int
        let record: String
        let persons: [MaskedPerson]
    }

    private struct MaskedPerson: Encodable {
        let role: String
        let name: String
        let idNumber: String

        init(_ person: VaultPerson) {
            role = person.role
            name = Masking.personName(person.name.utf8)
            idNumber = Masking.idNumber(person.idNumber.utf8)
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        if reveal != nil, common.json || isatty(STDOUT_FILENO) != 1 {
            throw IdentifyFailure(.terminal)
        }
        let key = try hand.opened()
        return try await site.withDatabase(.guest) { database in
            let desk = try IdentifyDesk(site: site, database: database)
            if let reveal {
                let row = try await desk.reveal(reveal, of: id, by: hand.by, with: key)
                CommandAudit.current.found([row.record.text])
                show(row, output)
                return .done
            }
            let rows = try await desk.open(id, by: hand.by, with: key)
            CommandAudit.current.found(rows.map(\.record.text))
            let lines = rows.map { row in
                Line(
                    number: row.number, record: row.record.text,
                    persons: row.persons.map(MaskedPerson.init))
            }
            try output.give(lines)
            show(lines, output)
            return .done
        }
    }

    private func show(_ lines: [Line], _ output: Output) {
        var table = Columns([
            (said("行", "row"), .right), (said("病例", "case"), .left),
            (said("人", "who"), .left), (said("姓名", "name"), .left),
            (said("证件号码", "number"), .left),
        ])
        for line in lines {
            if line.persons.isEmpty {
                table.add([
                    "\(line.number)", String(line.record.prefix(12)) + "…", "–",
                    said("已撤回同意，已删除", "consent withdrawn: gone"), "",
                ])
            }
            for (place, person) in line.persons.enumerated() {
                table.add([
                    place == 0 ? "\(line.number)" : "",
                    place == 0 ? String(line.record.prefix(12)) + "…" : "",
                    IdentifyOpen.role(person.role), person.name, person.idNumber,
                ])
            }
        }
        output.table(table, indent: 0)
        output.line()
        output.paragraph(
            said(
                "明文逐行看：加 --reveal 行号。用完：shangbao identify close \(id)",
                "In the clear, one row: --reveal ROW. Then: shangbao identify close \(id)"))
    }

    private func show(_ row: IdentifiedRow, _ output: Output) {
        output.line("\(row.number)  \(row.record.text)")
        var table = Columns(sides: [.left, .left, .left])
        for person in row.persons {
            table.add([IdentifyOpen.role(person.role), person.name, person.idNumber])
        }
        output.table(table)
        output.line("✓ 已记入账本", "✓ the ledger has it")
    }

    private static func role(_ name: String) -> String {
        switch name {
        case "wife": said("女方", "wife")
        case "husband": said("男方", "husband")
        default: name
        }
    }
}
