package import Records
package import Storage

/// Another worker on the same server does this just now (另一台在做): nothing of ours was kept, and
/// nothing is lost. Whoever comes later looks again.
package struct AnotherWorker: ExplainedFailure {
    package var entry: CodeEntry { AnotherWorker.code }
    package var place: String? { nil }
    package var detail: String? { nil }

    package static let code = CodeEntry(
        "E-WORKER",
        what: Wording(
            zh: "另一台工作机正在接收这个文件，或刚处理过同样的记录；本次没有改动任何东西。",
            en: "Another worker takes this file just now, or has just seen to the same records; "
                + "nothing was changed here."),
        next: Wording(
            zh: "无需处理；手工接收的，稍后再收一次，会从那里接着做。",
            en: "Nothing to do. What was taken by hand is taken once more a little later, and goes "
                + "on from there."))

    package init() {}
}

extension Database {
    /// One transaction of what was decided before it began. What another worker did in between
    /// shows as a constraint of these tables, by its name on a server: a record is open once, an
    /// item is opened once, and each of its stretches is written once.
    ///
    /// Throws `AnotherWorker`, and what `write` throws.
    @discardableResult
    package func writeDecided<Outcome: Sendable>(
        _ work: @Sendable (any Transaction) throws -> Outcome
    ) async throws -> Outcome {
        do {
            return try await write(work)
        } catch let failure as StorageFailure {
            guard case .constraint(let name) = failure.reason,
                ["item_one_open", "intake_pkey", "stretch_note_pkey"].contains(name)
            else { throw failure }
            throw AnotherWorker()
        }
    }
}
