import Foundation
import LibCrypto
import Mappings
import Privacy
import Records

let approvalDay = moment.day
let approvalSchema = Array("<xs:schema/>".utf8)

/// The profile's file and a schema as they lie there.
let approvalInterface: [(path: String, bytes: [UInt8])] = [
    ("test/to-reference-1/profile.yaml", Array("profile: reference-1\n".utf8)),
    ("test/to-reference-1/schema/submission.xsd", approvalSchema),
]

/// A county with an officer, his key, a mapping, and a folder of approvals.
struct ApprovalCounty {
    let folder: Folder
    let key: SigningKey
    let officer: ApprovalOfficer
    let store: ApprovalStore

    init(_ suite: CipherSuite = .gm, upTo: Int = 5) throws {
        folder = try Folder()
        key = try SigningKey(generating: suite)
        officer = try ApprovalOfficer(
            name: "周审核", role: "隐私负责人", department: "信息科", key: key.verifyingKey(),
            upTo: upTo)
        store = ApprovalStore(folder: folder.path, officers: [officer])
    }

    func binding(
        _ files: [(path: String, bytes: [UInt8])] = files,
        interface: [(path: String, bytes: [UInt8])] = approvalInterface,
        schema: [UInt8] = approvalSchema,
        mapping: String = "test-csv@1", sheet: ReviewSheet? = nil
    ) throws -> ApprovalBinding {
        ApprovalBinding(
            mapping: mapping, programme: "test-programme", profile: "reference-1", files: files,
            interface: interface, schema: schema, sheet: try sheet ?? makeSheet(makeMapping()))
    }

    @discardableResult func decide(
        _ decision: Approval.Decision = .approved, on binding: ApprovalBinding? = nil,
        author: String = "李编写", decidedAt: Timestamp = moment, signedBy other: SigningKey? = nil,
        days: Int = 365, reason: String = "必要且适度"
    ) throws -> Approval {
        let binding = try binding ?? self.binding()
        let approval = try Approval(
            of: binding, decision: decision, by: officer, author: author, decidedAt: decidedAt,
            validUntil: approvalDay.adding(days: days), reason: reason)
        try store.record(approval, sheet: binding.sheet, signedBy: other ?? key)
        return approval
    }

    func refusal(
        of binding: ApprovalBinding? = nil, on day: CalendarDate = approvalDay,
        by store: ApprovalStore? = nil
    ) throws -> String? {
        let binding = try binding ?? self.binding()
        do throws(ApprovalFailure) {
            _ = try (store ?? self.store).check(binding, on: day)
            return nil
        } catch { return error.entry.code }
    }

    /// The decision's file with this ending.
    func name(_ ending: String) -> String {
        "test-csv@1@\(MappingContent.digest(of: files).prefix)\(ending)"
    }

    func change(_ name: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = try folder.bytes(name)
        body(&bytes)
        try folder.write(bytes, to: name)
    }
}
