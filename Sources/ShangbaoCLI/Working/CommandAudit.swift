import ArgumentParser
import Flow
import Foundation
import Privacy
import Records
import Synchronization

/// What a command is about, for the audit trail: names of ours, never a personal value.
struct AuditSubject: Sendable {
    /// A record, a submission, a mapping, a year.
    var object: String?
    /// Who says that he does it.
    var person: String?
    var reason: String?
}

/// Writes down that a command was begun on a site, and how it ended (审计记录).
///
/// It begins when the site is opened: before anything of it was read or done. What cannot be
/// written down is not done.
final class CommandAudit: Sendable {
    /// One command a process.
    static let current = CommandAudit()

    private struct State {
        var action = ""
        var subject = AuditSubject()
        var begun: (trail: AuditTrail, entry: AuditEntry, clock: @Sendable () -> Timestamp)?
    }

    private let state = Mutex(State())

    /// What comes, if it opens a site.
    func prepare(_ action: String, _ subject: AuditSubject) {
        state.withLock { $0 = State(action: action, subject: subject) }
    }

    /// Throws `AuditFailure`.
    func begin(_ site: Site) throws(AuditFailure) {
        let (action, subject, isNew) = state.withLock { ($0.action, $0.subject, $0.begun == nil) }
        guard isNew, !action.isEmpty else { return }
        var entry = AuditEntry(
            account: NSUserName(), person: subject.person, action: action, object: subject.object,
            reason: subject.reason, result: "begun")
        let trail = site.auditTrail
        entry.ends = try trail.append(entry, at: site.clock()).seq
        let (begun, clock) = (entry, site.clock)
        state.withLock { $0.begun = (trail, begun, clock) }
    }

    /// Says what else it was about, known only once it looked: the row of its end has it.
    func found(_ objects: [String]) {
        state.withLock { state in
            guard let entry = state.begun?.entry else { return }
            let known = entry.object?.split(separator: " ").map(String.init) ?? []
            let all = known + objects.filter { !known.contains($0) }
            state.begun?.entry.object = all.joined(separator: " ")
        }
    }

    /// Notes how it ended; the row before says that it was begun, so this one stops nothing.
    func end(_ result: String) {
        guard let (trail, begun, clock) = state.withLock({ $0.begun }) else { return }
        state.withLock { $0.begun = nil }
        var entry = begun
        entry.reason = nil
        entry.result = result
        _ = try? trail.append(entry, at: clock())
    }
}

extension ParsableCommand {
    /// How a command is called, without the program's name: `receipts show`.
    static var calledAs: String {
        func path(from command: any ParsableCommand.Type) -> [String]? {
            if command == Self.self { return [] }
            for each in command.configuration.subcommands {
                if let rest = path(from: each) { return [each._commandName] + rest }
            }
            return nil
        }
        return path(from: Shangbao.self)?.joined(separator: " ") ?? Self._commandName
    }
}
