import ArgumentParser
import Flow
import Records

/// All that an approval signs, before it is signed.
struct IdentifyShow: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "show",
            abstract: said("批准之前看：谁、为什么、哪些病例。", "Read one before it is approved."),
            discussion: said(
                "文号、病例编号、谁已批准、现在批准会怎样；签名重验。不显示病例本人的姓名。",
                "Its case number, its cases, who approved, and what an approval would do; "
                    + "signatures are verified anew. Whom the cases are about is not shown."))
    }

    @Argument(help: ArgumentHelp(said("申请编号。", "The request's id.")))
    var id: String

    @OptionGroup var common: SharedOptions

    var audited: AuditSubject { AuditSubject(object: id) }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withRequests { desk in
            let portrait = try await desk.portrait(of: id)
            CommandAudit.current.found(portrait.request.records)
            try output.give(portrait)
            try await desk.showClock(output)
            IdentifyPortraitPage(portrait).show(output)
            return portrait.isGenuine ? .done : .unbalanced
        }
    }
}

extension Site {
    /// Looks at requests. While the clock is behind, what is pending is ended first.
    func withRequests<Outcome>(
        _ work: (IdentifyDesk) async throws -> Outcome
    ) async throws -> Outcome {
        let isBehind = try await withView {
            try await IdentifyDesk(site: self, database: $0).isBehind()
        }
        if isBehind {
            // A run that has the database to itself is no reason to show nothing.
            try? await withDatabase(.guest) {
                try await IdentifyDesk(site: self, database: $0).endOverdue()
            }
        }
        return try await withView { try await work(IdentifyDesk(site: self, database: $0)) }
    }
}

extension IdentifyDesk {
    /// Says that the clock is behind the ledger, where it is.
    func showClock(_ output: Output) async throws {
        guard try await isBehind() else { return }
        let entry = IdentifyFailure(.clock).entry
        output.paragraph("! \(entry.code) " + entry.what.said)
        output.paragraph("→ " + entry.next.said, indent: 4)
    }
}
