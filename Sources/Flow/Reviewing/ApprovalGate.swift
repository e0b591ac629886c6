import LibCrypto
import Mappings
package import Privacy
package import Programmes
import Records
import Submissions
import Synchronization

/// Lets through what a mapping makes only while it is approved (逐份核验审批): asked at the start and
/// again for every submission, so that a decision that is withdrawn, altered or past its last day
/// stops the next one.
package final class ApprovalGate: Sendable {
    /// In rehearsal anything may run.
    package static let open = ApprovalGate(site: nil, store: nil)

    private let site: Site?
    private let store: ApprovalStore?
    /// What is decided on does not change while the site's files are in memory.
    private let bindings = Mutex<[String: ApprovalBinding]>([:])

    private init(site: Site?, store: ApprovalStore?) {
        self.site = site
        self.store = store
    }

    /// The gate of a site. Throws `DefinitionError`, `CryptoFailure` for an officer's key.
    package convenience init(_ site: Site) throws {
        if site.configuration.environment == .production {
            self.init(site: site, store: try site.approvals())
        } else {
            self.init(site: nil, store: nil)
        }
    }

    /// Looks at the decisions on a mapping and on those of its parts as they are on disk now.
    ///
    /// - Returns: SHA-256 of the mapping's own decision, hex; `nil` in rehearsal.
    /// - Throws: `ApprovalFailure`, `DefinitionError`.
    @discardableResult package func pass(_ file: MappingFile) throws -> String? {
        guard let site, let store else { return nil }
        let part = site.programme(of: file)
        // What a case is made of leaves with it: its parts' mappings are approved too.
        let parts = file.mapping.parts.flatMap(\.mappings).compactMap {
            part.programme.mapping(named: $0)
        }
        let day = site.clock().day
        for file in parts { _ = try store.check(try binding(of: file, site), on: day) }
        return try store.check(try binding(of: file, site), on: day).digest
    }

    private func binding(of file: MappingFile, _ site: Site) throws -> ApprovalBinding {
        if let known = bindings.withLock({ $0[file.path] }) { return known }
        let binding = try site.binding(of: file)
        bindings.withLock { $0[file.path] = binding }
        return binding
    }
}

extension Site {
    /// Where approvals lie, checked with the officers' keys. Throws `DefinitionError` where a key's
    /// file is not there, `CryptoFailure` where it is no key.
    package func approvals() throws -> ApprovalStore {
        ApprovalStore(folder: configuration.folder + "/approvals", officers: try officers())
    }

    /// Who may approve mappings, with their keys.
    package func officers() throws -> [ApprovalOfficer] {
        try configuration.privacy.officers.map { officer in
            try ApprovalOfficer(
                name: officer.name, role: officer.role, department: officer.department,
                key: try VerifyingKey(pem: try text(officer.key)), upTo: officer.upTo)
        }
    }

    /// What an approval of a mapping is bound to, as it is now.
    package func binding(of file: MappingFile) throws -> ApprovalBinding {
        let part = programme(of: file)
        return ApprovalBinding(
            mapping: file.mapping.name, programme: part.name, profile: part.profile.name,
            files: file.content, schema: part.schema, sheet: try sheet(of: file))
    }

    /// Refuses a mapping that nobody approved as it is now; in rehearsal anything may run.
    package func demandApproval(of file: MappingFile) throws {
        try ApprovalGate(self).pass(file)
    }
}
