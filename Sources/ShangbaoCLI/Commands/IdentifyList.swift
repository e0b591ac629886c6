import ArgumentParser
import Flow
import Foundation
import Records

/// Requests, and how far they are.
struct IdentifyList: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: said("列出申请。", "List the requests."))
    }

    @Flag(help: ArgumentHelp(said("已了结的也列。", "Those that are over, too.")))
    var all = false

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withRequests { desk in
            try await desk.showClock(output)
            let readings = try await desk.readings()
                .filter { all || [.asked, .half, .open].contains($0.state) }
            try output.give(readings)
            try await desk.vaultStanding().show(output)
            guard !readings.isEmpty else {
                output.line("没有待办的申请。", "No request is pending.")
                return .done
            }
            IdentifyPage.table(readings, output)
            return .done
        }
    }
}

extension VaultStanding {
    /// Says where keys are wrapped for others than the people of now.
    func show(_ output: Output) {
        guard let told else { return }
        output.paragraph("! " + said("保管库：", "vault: ") + told.found)
        output.paragraph("→ " + told.next.said, indent: 4)
    }
}

/// The weekly digest.
struct IdentifySummary: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "digest",
            abstract: said("还原周报，交数据保护负责人。", "The week, for the data-protection lead."))
    }

    @Option(help: ArgumentHelp(said("看最近几天。", "So many days back.")))
    var days = 7

    @OptionGroup var common: SharedOptions

    func validate() throws {
        guard (1...366).contains(days) else {
            throw ValidationError(said("--days 为 1 至 366。", "--days is 1 to 366."))
        }
    }

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        return try await site.withRequests { desk in
            let digest = try await desk.digest(days: days)
            try output.give(digest)
            try await desk.showClock(output)
            output.line(
                "身份还原 \(digest.from) 至 \(digest.through)",
                "Identification, \(digest.from) to \(digest.through)")
            output.line()
            show(digest, output)
            for sample in digest.samples { output.line("! \(sample.told)") }
            digest.vault.show(output)
            let isLate =
                digest.vault.isLate || !digest.vault.unconfirmed.isEmpty
                || digest.openReviews.contains(where: \.isLate)
                || digest.samples.contains(where: \.isLate)
            return isLate ? .unbalanced : .done
        }
    }

    private func show(_ digest: IdentifyDigest, _ output: Output) {
        var people = Columns([
            (said("姓名", "who"), .left), (said("申请", "asked"), .right),
            (said("病例", "cases"), .right), (said("看明文", "in the clear"), .right),
            (said("不允许", "not allowed"), .right),
        ])
        for person in digest.people {
            people.add([
                person.name, "\(person.requests)", "\(person.records)", "\(person.revealed)",
                "\(person.denied)",
            ])
        }
        if digest.people.isEmpty {
            output.line("这些天没有申请。", "Nobody asked in these days.")
        } else {
            output.table(people, indent: 0)
        }
        if !digest.requests.isEmpty {
            output.line()
            IdentifyPage.table(digest.requests, output)
        }
        for (code, count) in digest.denied.sorted(by: { $0.key < $1.key }) {
            output.line("✗ \(code) × \(count)")
        }
        for borrowed in digest.borrowed {
            output.line(
                "! 以 \(borrowed.name) 的名义、用\(borrowed.owner.map { " \($0) 的" } ?? "未登记的")"
                    + "密钥：\(borrowed.count) 次",
                "! in the name of \(borrowed.name) with "
                    + (borrowed.owner.map { "the key of \($0)" } ?? "a key that is not listed")
                    + ": \(borrowed.count)")
        }
        for review in digest.openReviews {
            output.line(
                "! \(review.id) 紧急还原未复核，自 \(review.since.prefix(16))"
                    + (review.isLate ? "，已逾期" : ""),
                "! \(review.id) emergency without review since \(review.since.prefix(16))"
                    + (review.isLate ? ", late" : ""))
        }
    }
}
