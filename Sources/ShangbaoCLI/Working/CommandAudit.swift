import ArgumentParser
import Flow
import Foundation
import Privacy
import Records
import Synchronization

/// What a command is about, for the audit trail: names of ours, never a personal value.
struct AuditSubject: Sendable {
    /// A list of the site that names people.
    enum Roll: Sendable { case custody, officers, signers, any }

    /// A record, a submission, a mapping, a year.
    var object: String?
    /// Who says that he does it.
    var person: String?
    var reason: String?
    /// The list on which the person must stand: who is not on it is `?`, as in the ledger.
    var roll: Roll?
    /// Somebody else whom it concerns, `?` where he is on no such list; before the reason.
    var concerning: String?
    /// What sets it apart from the same command without it: `--reveal`.
    var manner: String?

    /// What is known of it on a site, as a row that it was begun.
    func entry(of action: String, on site: Site) -> AuditEntry {
        let whom = concerning.map { name in
            let isAccount = roll == .any && name.unicodeScalars.allSatisfy(\.isASCII)
            return isAccount || site.names(on: roll ?? .any).contains(name) ? name : "?"
        }
        let words = [whom, reason].compactMap(\.self)
        return AuditEntry(
            account: NSUserName(),
            person: person.map { name in
                roll.map { site.names(on: $0).contains(name) } ?? true ? name : "?"
            },
            action: ([action] + [manner].compactMap(\.self)).joined(separator: " "),
            object: object, reason: words.isEmpty ? nil : words.joined(separator: "："),
            result: "begun")
    }
}

extension AuditSubject {
    /// Files that somebody has; what they are called may name a person.
    static func files(_ count: Int, of source: String?) -> AuditSubject {
        let number = count == 1 ? "1-file" : "\(count)-files"
        return AuditSubject(object: [number, source].compactMap(\.self).joined(separator: " "))
    }

    /// SHA-256 of the first files, hex, as the ledger names them.
    static func digests(of files: [String]) -> [String] {
        files.prefix(20).compactMap { try? Arrival.digest(ofFileAt: Places.absolute($0)) }
    }
}

extension Site {
    /// Who is named on a list, those who left too.
    fileprivate func names(on roll: AuditSubject.Roll) -> Set<String> {
        let custody = configuration.custody.map { $0.people + $0.former } ?? []
        return switch roll {
        case .custody: Set(custody.map(\.name))
        case .officers: Set(configuration.privacy.officers.map(\.name))
        case .signers: Set(configuration.evidence.signers.map(\.name))
        case .any: names(on: .custody).union(names(on: .officers)).union(names(on: .signers))
        }
    }
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
        var entry = subject.entry(of: action, on: site)
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
