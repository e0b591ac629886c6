import LibCrypto
import Privacy
import Records
import Testing

/// Records that were packed once are sealed again only for whom somebody approved.
struct ResealingTests {
    private let folder: Folder
    private let key: SigningKey
    private let officer: ApprovalOfficer
    private let store: ApprovalStore
    private let profile: [(path: String, bytes: [UInt8])] = [("test/to-x/profile.yaml", [1])]

    init() throws {
        folder = try Folder()
        key = try SigningKey(generating: .gm)
        officer = try ApprovalOfficer(
            name: "周审核", role: "", department: "", key: key.verifyingKey(), upTo: 5)
        store = ApprovalStore(folder: folder.path, officers: [officer])
    }

    private func named(_ key: String) -> ReviewSheet.Recipient {
        .init(profile: "reference-1", channel: "HTTPS", name: "nat-2026", key: key)
    }

    @discardableResult private func decide(
        _ decision: Approval.Decision = .approved, on mapping: String = "test-csv@1",
        for recipient: ReviewSheet.Recipient, after seconds: Int64 = 0
    ) throws -> Approval {
        let sheet = try makeSheet(makeMapping(), recipient: recipient)
        let binding = ApprovalBinding(
            mapping: mapping, programme: "test-programme", profile: "reference-1", files: files,
            interface: profile, schema: [], sheet: sheet)
        let made = moment.adding(seconds: seconds)
        let approval = try Approval(
            of: binding, decision: decision, by: officer, author: "李编写", decidedAt: made,
            validUntil: made.day.adding(days: 30), reason: "必要")
        try store.record(approval, sheet: sheet, signedBy: key)
        return approval
    }

    private func outcome(
        for key: String, packedBy approval: Approval?, on day: CalendarDate = moment.day,
        _ profile: [(path: String, bytes: [UInt8])]? = nil
    ) throws -> Result<Approval, ApprovalFailure> {
        let packed = ApprovalStore.Resealing(
            content: MappingContent.digest(of: files).sha256, approval: approval?.digest,
            recipient: named(key), interface: ApprovalBinding.digested(profile ?? self.profile))
        return Result { () throws(ApprovalFailure) in
            try store.check(packed, of: ["test-csv"], on: day)
        }
    }

    private func refusal(_ outcome: Result<Approval, ApprovalFailure>) -> ApprovalFailure.Reason? {
        if case .failure(let failure) = outcome { failure.reason } else { nil }
    }

    @Test func `another key is refused until a decision names it`() throws {
        #expect(try refusal(outcome(for: "ab", packedBy: nil)) == ApprovalFailure.Reason.none)
        let first = try decide(for: named("ab"))
        #expect(try outcome(for: "ab", packedBy: first).get() == first)
        let other = try outcome(for: "cd", packedBy: first)
        #expect(refusal(other) == .changed)
        if case .failure(let failure) = other {
            #expect(failure.detail == "接收方公钥 national.recipient key")
        }
        let second = try decide(on: "test-csv@2", for: named("cd"), after: 60)
        #expect(try outcome(for: "cd", packedBy: first).get() == second)
        // A decision on a mapping of another name says nothing about these records.
        try decide(on: "other-csv@1", for: named("ef"), after: 90)
        #expect(try refusal(outcome(for: "ef", packedBy: first)) == .changed)
    }

    @Test func `other files of the profile, a rejection since, and the last day end it`() throws {
        let first = try decide(for: named("ab"))
        let changed = try outcome(
            for: "ab", packedBy: first, [("test/to-x/profile.yaml", [2])])
        #expect(refusal(changed) == .changed)
        let late = moment.day.adding(days: 31)
        #expect(try refusal(outcome(for: "ab", packedBy: first, on: late)) == .expired)
        try decide(.rejected, for: named("ab"), after: 60)
        #expect(try refusal(outcome(for: "ab", packedBy: first)) == .rejected)
        let again = try decide(for: named("ab"), after: 90)
        #expect(try outcome(for: "ab", packedBy: first).get() == again)
    }
}
