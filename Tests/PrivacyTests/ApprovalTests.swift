import Definitions
import Foundation
import LibCrypto
import Privacy
import Records
import Testing

/// The XSD's digest in these tests.
private let xsd = String(repeating: "ab", count: 32)
private let today = moment.day

/// A county with keys, a mapping, and a folder of approvals.
private struct County {
    let folder: Folder
    let ring: Keyring
    let store: ApprovalStore

    init() throws {
        folder = try Folder()
        let keys = try Folder()
        ring = try makeRing(keys)
        store = ApprovalStore(folder: folder.path, keys: try ring.verifyingKeys())
    }

    func decide(
        _ decision: Approval.Decision = .approved, content: MappingContent? = nil,
        mapping: String = "test-csv@1", decidedAt: Timestamp = moment,
        signedBy other: Keyring? = nil
    ) throws {
        let sheet = try makeSheet(makeMapping())
        let approval = try Approval(
            mapping: mapping, content: content ?? MappingContent.digest(of: files), xsd: xsd,
            sheet: sheet.sha256, decision: decision, approver: "privacy-officer",
            author: "county-it", decidedAt: decidedAt, validUntil: today.adding(days: 365),
            reason: "必要且适度")
        try store.record(approval, sheet: sheet, signedBy: other ?? ring)
    }

    func refusal(
        _ files: [(path: String, bytes: [UInt8])] = files, xsd: String = xsd,
        mapping: String = "test-csv@1", on day: CalendarDate = today
    ) throws -> String? {
        do throws(ApprovalFailure) {
            _ = try store.check(
                mapping: mapping, digest: MappingContent.digest(of: files), xsd: xsd, on: day)
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

struct ApprovalTests {
    @Test func `What was approved may be used, until its last day`() throws {
        let county = try County()
        #expect(try county.refusal() == "E-APPROVAL-NONE")
        try county.decide()
        #expect(try county.refusal() == nil)
        #expect(try county.refusal(on: today.adding(days: 365)) == nil)
        #expect(try county.refusal(on: today.adding(days: 366)) == "E-APPROVAL-EXPIRED")
        let approval = try county.store.check(
            mapping: "test-csv@1", digest: MappingContent.digest(of: files), xsd: xsd, on: today)
        #expect(approval.approver == "privacy-officer" && approval.decidedAt == moment)
    }

    @Test func `A change of one byte in any file, a new file or another XSD ends the approval`()
        throws
    {
        let county = try County()
        try county.decide()
        for file in files.indices {
            for byte in files[file].bytes.indices {
                var changed = files
                changed[file].bytes[byte] ^= 1
                #expect(try county.refusal(changed) == "E-APPROVAL-CHANGED")
            }
            var moved = files
            moved[file].path += "x"
            #expect(try county.refusal(moved) == "E-APPROVAL-CHANGED")
            #expect(
                try county.refusal(files.filter { $0.path != files[file].path })
                    == "E-APPROVAL-CHANGED")
        }
        #expect(try county.refusal(files + [("a", [])]) == "E-APPROVAL-CHANGED")
        #expect(try county.refusal(xsd: "00") == "E-APPROVAL-CHANGED")
        #expect(try county.refusal(files.reversed() + files) == nil)
    }

    @Test func `What was rejected may not be used, until it is approved after all`() throws {
        let county = try County()
        try county.decide(.rejected)
        #expect(try county.refusal() == "E-APPROVAL-REJECTED")
        try county.decide(.approved)
        #expect(try county.refusal() == nil)
    }

    @Test func `A decision that was edited after signing is forged`() throws {
        let county = try County()
        try county.decide(.rejected)
        let name = county.name(".json")
        let text = String(decoding: try county.folder.bytes(name), as: UTF8.self)
        let edited = text.replacing("\"rejected\"", with: "\"approved\"")
        #expect(edited != text)
        try county.folder.write(Array(edited.utf8), to: name)
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
    }

    @Test(arguments: CipherSuite.allCases)
    func `Either signature missing, changed or under the other key is forged`(
        _ suite: CipherSuite
    ) throws {
        let county = try County()
        try county.decide()
        let name = county.name(".\(suite.rawValue).sig")
        let good = try county.folder.bytes(name)
        let other = try county.folder.bytes(
            county.name(".\(suite == .gm ? "intl" : "gm").sig"))
        try county.change(name) { $0[$0.count - 20] ^= 1 }
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try county.folder.write(other, to: name)
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try county.folder.write(Array(good.prefix(9)), to: name)
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try FileManager.default.removeItem(atPath: county.folder.file(name))
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try county.folder.write(good, to: name)
        #expect(try county.refusal() == nil)
    }

    @Test func `Keys of another county do not sign for this one`() throws {
        let county = try County()
        try county.decide(signedBy: makeRing(Folder()))
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
    }

    @Test func `A decision on one mapping is not one on another of the same content`() throws {
        let county = try County()
        try county.decide()
        for ending in [".json", ".gm.sig", ".intl.sig"] {
            let bytes = try county.folder.bytes(county.name(ending))
            try county.folder.write(
                bytes, to: county.name(ending).replacing("test-csv@1", with: "test-csv@2"))
        }
        #expect(try county.refusal(mapping: "test-csv@2") == "E-APPROVAL-FORGED")
    }

    @Test func `Nobody approves a mapping of their own`() throws {
        #expect(throws: ApprovalFailure.self) {
            try Approval(
                mapping: "m@1", content: MappingContent.digest(of: files), xsd: xsd, sheet: xsd,
                decision: .approved, approver: "a", author: "a", decidedAt: moment,
                validUntil: today, reason: "")
        }
    }

    @Test func `A mapping's name does not lead out of the folder`() throws {
        let county = try County()
        #expect(throws: ApprovalFailure.self) { try county.decide(mapping: "../escaped@1") }
        #expect(try county.refusal(mapping: "../escaped@1") == "E-APPROVAL-NONE")
        #expect(try county.folder.names == [])
    }

    @Test func `The sheet approved last is found again, unless it was changed`() throws {
        let county = try County()
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == nil)
        try county.decide()
        let later = MappingContent.digest(of: [("x", [1])])
        try county.decide(
            .rejected, content: later, decidedAt: moment.adding(seconds: 60))
        let sheet = try makeSheet(makeMapping())
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == sheet)
        try county.change(county.name(".sheet.json")) { $0[$0.count / 2] ^= 1 }
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == nil)
    }

    @Test func `The digest of a set of files is the one that sha256sum makes`() {
        // sha256sum b/two a/one | LC_ALL=C sort -k 2 | sha256sum, and openssl dgst -sm3 likewise,
        // of files that hold `1` and `2` and a line break.
        let content = MappingContent.digest(of: [
            (path: "b/two", bytes: Array("2\n".utf8)), (path: "a/one", bytes: Array("1\n".utf8)),
        ])
        #expect(
            content.sha256 == "bd16bd040680c1b9b1d138741dd21e4a64fbc82d8d0e248d9758f5a9e33eef38")
        #expect(content.sm3 == "3c888674af1bd97dfe4ebe0effe3813e08b1751e1a87a053a8ece4fe9813bfe1")
    }

    @Test func `A path with a line break does not pose as two files`() {
        let one = Hex.encode(Hash.sha256.digest([1]))
        let two = Hex.encode(Hash.sha256.digest([2]))
        let honest = MappingContent.digest(of: [("a", [1]), ("b", [2])])
        let forged = MappingContent.digest(of: [("a\n\(two)  b", [1])])
        #expect(one != two && honest.sha256 != forged.sha256)
    }
}
