import Definitions
import LibCrypto
import Mappings
package import Privacy
package import Programmes
import Records
package import Storage
import Submissions
import Synchronization

/// Lets through what a mapping makes only while it is approved (逐份核验审批): asked at the start and
/// again for every submission, also when records are packed again, so that a decision that is
/// withdrawn, altered or past its last day, or another key, stops the next one.
package final class ApprovalGate: Sendable {
    /// In rehearsal anything may run.
    package static let open = ApprovalGate(guarded: nil)

    /// What the gate of a production site looks at.
    private struct Guarded: Sendable {
        let site: Site
        let store: ApprovalStore
        /// Whose key seals what passes here.
        let recipient: ReviewSheet.Recipient
    }

    private let guarded: Guarded?
    /// What is decided on does not change while the site's files are in memory; the profile's
    /// files are read each time.
    private let bindings = Mutex<[String: ApprovalBinding]>([:])
    /// What the ledger knew when it was last asked; the files alone count before that.
    private let noted = Mutex<NotedDecisions?>(nil)

    private init(guarded: Guarded?) {
        self.guarded = guarded
    }

    /// The gate of a site.
    ///
    /// - Parameter recipient: to whom the submissions that pass are sealed; the one in use where it
    ///   is `nil`.
    /// - Throws: `DefinitionError`, `CryptoFailure`, `RecipientFailure` for an officer's or the
    ///   recipient's key.
    package convenience init(_ site: Site, sealingTo recipient: Recipient? = nil) throws {
        guard site.configuration.environment == .production else {
            self.init(guarded: nil)
            return
        }
        self.init(
            guarded: Guarded(
                site: site, store: try site.approvals(),
                recipient: try site.namedRecipient(recipient)))
    }

    /// Asks the ledger who may approve, and what was decided last. Throws `CryptoFailure`,
    /// `StorageFailure`, `DecodingError`.
    package func learn(from database: any Database) async throws {
        guard let guarded else { return }
        let known = try await database.read {
            try NotedDecisions(guarded.store.officers, at: guarded.site.clock(), in: $0)
        }
        noted.withLock { $0 = known }
    }

    private func objection(to approval: Approval) -> ApprovalFailure? {
        noted.withLock { $0?.objection(to: approval) }
    }

    /// Looks at the decisions on a mapping and on those of its parts as they are on disk now.
    ///
    /// - Returns: SHA-256 of the mapping's own decision, hex; `nil` in rehearsal.
    /// - Throws: `ApprovalFailure`, `DefinitionError`.
    @discardableResult package func pass(_ file: MappingFile) throws -> String? {
        guard let guarded else { return nil }
        let part = guarded.site.programme(of: file)
        // What a case is made of leaves with it: its parts' mappings are approved too.
        let parts = file.mapping.parts.flatMap(\.mappings).compactMap {
            part.programme.mapping(named: $0)
        }
        let day = guarded.site.clock().day
        let interface = part.interface
        func check(_ file: MappingFile) throws -> Approval {
            let binding = try binding(of: file, guarded).with(interface: interface)
            let approval = try guarded.store.check(binding, on: day)
            if let failure = objection(to: approval) { throw failure }
            return approval
        }
        for file in parts { _ = try check(file) }
        return try check(file).digest
    }

    /// Looks whether records that left before, or waited, may be sealed again as things are now: a
    /// decision in force on a mapping of their programme has to name this recipient with this key,
    /// and these files of the profile.
    ///
    /// - Parameters:
    ///   - content: of the mapping that made them, SHA-256 hex.
    ///   - approval: the decision by which they left, SHA-256 hex.
    /// - Returns: the decision by which they leave now; their own where it still holds.
    /// - Throws: `ApprovalFailure`.
    func passAgain(content: String, approval: String?, of programme: Programme) throws -> String? {
        guard let guarded else { return nil }
        guard
            let part = guarded.site.programmes.first(where: {
                $0.name == programme.dictionary.programme
            })
        else { return nil }
        let names = Set(part.programme.mappings.map { ApprovalStore.baseName($0.mapping.name) })
        let now = ApprovalStore.Resealing(
            content: content, approval: approval, recipient: guarded.recipient,
            interface: ApprovalBinding.digested(part.interface))
        return try guarded.store.check(
            now, of: names, on: guarded.site.clock().day, objection: objection
        ).digest
    }

    private func binding(of file: MappingFile, _ guarded: Guarded) throws -> ApprovalBinding {
        if let known = bindings.withLock({ $0[file.path] }) { return known }
        let binding = try guarded.site.binding(of: file, for: guarded.recipient)
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
    ///
    /// - Parameter recipient: whose key seals; the one of the site's file where it is `nil`.
    package func binding(
        of file: MappingFile, for recipient: ReviewSheet.Recipient? = nil
    ) throws -> ApprovalBinding {
        let part = programme(of: file)
        return ApprovalBinding(
            mapping: file.mapping.name, programme: part.name, profile: part.profile.name,
            files: file.content, interface: part.interface, schema: part.schema,
            sheet: try sheet(of: file, for: recipient))
    }

    /// To whom what leaves is sealed (接收方), with the fingerprint of the key.
    ///
    /// - Parameter recipient: the one in use where it is `nil`.
    /// - Throws: `CryptoFailure`, `RecipientFailure` for the key's file.
    func namedRecipient(_ recipient: Recipient? = nil) throws -> ReviewSheet.Recipient {
        let national = configuration.national
        // Where no key is named, it is one that nobody has, and another each time.
        let found = try recipient ?? self.recipient()
        return ReviewSheet.Recipient(
            profile: profile.name, channel: national.address,
            name: found?.name ?? national.recipientName,
            key: try found?.certificate.key.fingerprint())
    }

    /// Refuses a mapping that nobody approved as it is now; in rehearsal anything may run.
    ///
    /// - Parameter database: whose ledger is asked, too; the files alone count where it is `nil`.
    package func demandApproval(
        of file: MappingFile, knownTo database: (any Database)? = nil
    ) async throws {
        let gate = try ApprovalGate(self)
        if let database { try await gate.learn(from: database) }
        try gate.pass(file)
    }
}
