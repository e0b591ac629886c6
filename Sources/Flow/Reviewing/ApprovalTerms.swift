import Mappings
import Privacy
package import Programmes
package import Records

/// When decisions end (审批到期): everything stops then, so it is said before.
package struct ApprovalTerm: Sendable {
    /// `name@version`.
    package let mapping: String
    /// The last day.
    package let validUntil: CalendarDate

    /// So many days before the last one it is said.
    package static let warningDays = 30
}

extension Site {
    /// The mappings of this site's sources, and of their parts, whose decision ends soon; none in
    /// rehearsal. Those that nobody approved are not among them: they are refused.
    ///
    /// Throws `DefinitionError`, `CryptoFailure` for an officer's key.
    package func approvalsEnding(by now: Timestamp) throws -> [ApprovalTerm] {
        guard configuration.environment == .production else { return [] }
        let store = try approvals()
        let last = now.day.adding(days: ApprovalTerm.warningDays)
        return try mappingsInUse().compactMap { file in
            let content = MappingContent.digest(of: file.content)
            guard
                let found = try? store.approval(mapping: file.mapping.name, digest: content),
                found.decision == .approved, found.validUntil <= last
            else { return nil }
            return ApprovalTerm(mapping: file.mapping.name, validUntil: found.validUntil)
        }
    }

    /// The mappings that the site's sources and their parts are read by, each once. Throws
    /// `DefinitionError`.
    package func mappingsInUse() throws -> [MappingFile] {
        var files: [MappingFile] = []
        for source in configuration.sources {
            let file = try mapping(for: source.name).file
            let programme = programme(of: file).programme
            let parts = file.mapping.parts.flatMap(\.mappings).compactMap {
                programme.mapping(named: $0)
            }
            for each in [file] + parts
            where !files.contains(where: { $0.mapping.name == each.mapping.name }) {
                files.append(each)
            }
        }
        return files
    }
}
