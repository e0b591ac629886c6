import Definitions
import Foundation
import LibCrypto
import Mappings
import Privacy
import Records
import Testing

struct ApprovalTests {
    @Test(arguments: CipherSuite.allCases)
    func `What was approved may be used, until its last day`(_ suite: CipherSuite) throws {
        let county = try ApprovalCounty(suite)
        #expect(try county.refusal() == "E-APPROVAL-NONE")
        let made = try county.decide()
        #expect(try county.refusal() == nil)
        #expect(try county.refusal(on: approvalDay.adding(days: 365)) == nil)
        #expect(try county.refusal(on: approvalDay.adding(days: 366)) == "E-APPROVAL-EXPIRED")
        let found = try county.store.check(county.binding(), on: approvalDay)
        #expect(found == made && found.digest == made.digest)
        #expect(found.role == "隐私负责人" && found.department == "信息科" && found.level == 4)
    }

    @Test func `A change of one byte in any file, a new file or another XSD ends the approval`()
        throws
    {
        let county = try ApprovalCounty()
        try county.decide()
        for file in files.indices {
            for byte in files[file].bytes.indices {
                var changed = files
                changed[file].bytes[byte] ^= 1
                let binding = try county.binding(changed)
                #expect(try county.refusal(of: binding) == "E-APPROVAL-CHANGED")
            }
            var moved = files
            moved[file].path += "x"
            #expect(try county.refusal(of: county.binding(moved)) == "E-APPROVAL-CHANGED")
            let fewer = files.filter { $0.path != files[file].path }
            #expect(try county.refusal(of: county.binding(fewer)) == "E-APPROVAL-CHANGED")
        }
        #expect(try county.refusal(of: county.binding(files + [("a", [])])) == "E-APPROVAL-CHANGED")
        #expect(try county.refusal(of: county.binding(schema: [1])) == "E-APPROVAL-CHANGED")
        #expect(try county.refusal(of: county.binding(files.reversed())) == nil)
    }

    @Test func `The refusal names the files that are otherwise`() throws {
        let county = try ApprovalCounty()
        try county.decide()
        var changed = files
        changed[1].bytes.append(0)
        let failure = try #require(throws: ApprovalFailure.self) {
            try county.store.check(county.binding(changed), on: approvalDay)
        }
        #expect(failure.detail == "test/words/qual.csv")
    }

    @Test func `Another sheet, such as one for another recipient, ends the approval`() throws {
        let county = try ApprovalCounty()
        try county.decide()
        let other = ReviewSheet(
            mapping: try makeMapping(), on: try makeGround(),
            recipient: .init(
                profile: "reference-1", channel: "SFTP", name: recipient.name, key: recipient.key),
            content: MappingContent.digest(of: files))
        #expect(try county.refusal(of: county.binding(sheet: other)) == "E-APPROVAL-CHANGED")
    }

    @Test func `Another name, key or address of the recipient ends the approval and is named`()
        throws
    {
        let county = try ApprovalCounty()
        try county.decide()
        let others: [(ReviewSheet.Recipient, String)] = [
            (
                .init(profile: "reference-1", channel: "HTTPS", name: "x", key: recipient.key),
                "name"
            ),
            (.init(profile: "reference-1", channel: "HTTPS", name: "nat-2026", key: "cd"), "key"),
            (.init(profile: "reference-1", channel: "HTTPS", name: "nat-2026", key: nil), "key"),
            (
                .init(
                    profile: "reference-1", channel: "SFTP", name: "nat-2026", key: recipient.key),
                "address"
            ),
        ]
        for (other, word) in others {
            let sheet = try makeSheet(makeMapping(), recipient: other)
            let failure = try #require(throws: ApprovalFailure.self) {
                try county.store.check(county.binding(sheet: sheet), on: approvalDay)
            }
            #expect(failure.reason == .changed && failure.detail?.hasSuffix(word) == true)
        }
    }

    @Test func `A byte of the profile's file or of a schema beside it ends the approval`() throws {
        let county = try ApprovalCounty()
        try county.decide()
        for file in approvalInterface.indices {
            var changed = approvalInterface
            changed[file].bytes[0] ^= 1
            let failure = try #require(throws: ApprovalFailure.self) {
                try county.store.check(county.binding(interface: changed), on: approvalDay)
            }
            #expect(failure.reason == .changed && failure.detail == approvalInterface[file].path)
            let fewer = approvalInterface.filter { $0.path != approvalInterface[file].path }
            #expect(
                try county.refusal(of: county.binding(interface: fewer)) == "E-APPROVAL-CHANGED")
        }
        let more = approvalInterface + [("test/to-reference-1/schema/other.xsd", approvalSchema)]
        #expect(try county.refusal(of: county.binding(interface: more)) == "E-APPROVAL-CHANGED")
    }

    @Test func `What was rejected may not be used, until it is approved after all`() throws {
        let county = try ApprovalCounty()
        try county.decide(.rejected)
        #expect(try county.refusal() == "E-APPROVAL-REJECTED")
        try county.decide(.approved)
        #expect(try county.refusal() == nil)
    }

    @Test func `Every decision is kept, and the newest is in force`() throws {
        let county = try ApprovalCounty()
        let made = try (0..<11).map { number in
            try county.decide(
                number.isMultiple(of: 2) ? .approved : .rejected,
                decidedAt: moment.adding(seconds: Int64(number)))
        }
        #expect(county.store.genuine(mapping: "test-csv@1").map(\.approval) == made)
        #expect(try county.store.check(county.binding(), on: approvalDay) == made[10])
        try county.decide(.rejected, decidedAt: moment.adding(seconds: 20))
        #expect(try county.refusal() == "E-APPROVAL-REJECTED")
        #expect(try county.folder.names.count == 12 * 3)
        // An earlier one does not stand in for a newer one that was altered.
        try county.decide(.approved, decidedAt: moment.adding(seconds: 30))
        let newest = county.name("-13.json")
        try county.change(newest) { $0[$0.count / 2] ^= 1 }
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
    }

    @Test func `A decision that was edited after signing is forged`() throws {
        let county = try ApprovalCounty()
        try county.decide(.rejected)
        let name = county.name(".json")
        let text = String(decoding: try county.folder.bytes(name), as: UTF8.self)
        let edited = text.replacing("\"rejected\"", with: "\"approved\"")
        #expect(edited != text)
        try county.folder.write(Array(edited.utf8), to: name)
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
    }

    @Test func `A sheet that was edited after signing is forged, and a missing one too`() throws {
        let county = try ApprovalCounty()
        try county.decide()
        let name = county.name(".sheet.json")
        try county.change(name) { $0[$0.count / 2] ^= 1 }
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try FileManager.default.removeItem(atPath: county.folder.file(name))
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
    }

    @Test(arguments: CipherSuite.allCases)
    func `A signature that is missing, changed or another's is forged`(_ suite: CipherSuite) throws
    {
        let county = try ApprovalCounty(suite)
        let approval = try county.decide()
        let name = county.name(".sig")
        let good = try county.folder.bytes(name)
        try county.change(name) { $0[$0.count - 20] ^= 1 }
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        let other = try SigningKey(generating: suite).sign(approval.canonicalText)
        let text = "\(approval.key)\n\(Base64.standard.encode(other))\n"
        try county.folder.write(Array(text.utf8), to: name)
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try county.folder.write(Array(good.prefix(9)), to: name)
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try FileManager.default.removeItem(atPath: county.folder.file(name))
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        try county.folder.write(good, to: name)
        #expect(try county.refusal() == nil)
    }

    @Test func `An SM2 signature without a distinguishing identifier is forged`() throws {
        let county = try ApprovalCounty(.gm)
        try county.decide()
        let folder = try Folder()
        let pem = try county.key.pem().withUnsafeBytes { Array($0) }
        try folder.write(pem, to: "key.pem")
        let text = try county.folder.bytes(county.name(".json"))
        try folder.write(text, to: "text")
        func sign(_ options: [String]) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
            process.arguments =
                ["dgst", "-sm3", "-sign", folder.file("key.pem")] + options
                + ["-out", folder.file("sig"), folder.file("text")]
            process.standardInput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            let base64 = Base64.standard.encode(try folder.bytes("sig"))
            return "\(county.officer.fingerprint)\n\(base64)\n"
        }
        try county.folder.write(Array(sign([]).utf8), to: county.name(".sig"))
        #expect(try county.refusal() == "E-APPROVAL-FORGED")
        let named = try sign(["-sigopt", "distid:1234567812345678"])
        try county.folder.write(Array(named.utf8), to: county.name(".sig"))
        #expect(try county.refusal() == nil)
    }

    @Test func `Only whom the site names may decide, and only with the key that it names`() throws {
        let county = try ApprovalCounty()
        #expect(throws: ApprovalFailure.self) {
            try county.decide(signedBy: SigningKey(generating: .gm))
        }
        #expect(try county.folder.names == [])
        try county.decide()
        let nobody = ApprovalStore(folder: county.folder.path, officers: [])
        #expect(try county.refusal(by: nobody) == "E-APPROVAL-OFFICER")
        let successor = try ApprovalOfficer(
            name: "周审核", role: "", department: "",
            key: SigningKey(generating: .gm).verifyingKey(), upTo: 5)
        let changed = ApprovalStore(folder: county.folder.path, officers: [successor])
        #expect(try county.refusal(by: changed) == "E-APPROVAL-OFFICER")
    }

    @Test func `Nobody approves above his level, nor what has to be mended`() throws {
        let county = try ApprovalCounty(upTo: 3)
        func refusal(_ decision: Approval.Decision, _ binding: ApprovalBinding) -> String? {
            do {
                try county.decide(decision, on: binding)
                return nil
            } catch { return (error as? ApprovalFailure)?.entry.code }
        }
        #expect(refusal(.approved, try county.binding()) == "E-APPROVAL-LEVEL")
        #expect(refusal(.rejected, try county.binding()) == nil)
        let clear = try makeSheet(makeMapping(advice: "keep: x"))
        let higher = try ApprovalCounty()
        let failure = #expect(throws: ApprovalFailure.self) {
            try higher.decide(on: higher.binding(sheet: clear))
        }
        #expect(failure?.entry.code == "E-APPROVAL-FINDINGS" && failure?.detail == "M04")
        try higher.decide(.rejected, on: higher.binding(sheet: clear))
    }

    @Test func `What the county's own keys signed before is not an officer's decision`() throws {
        let county = try ApprovalCounty()
        for ending in [".json", ".gm.sig", ".intl.sig"] {
            try county.folder.write(Array("{}".utf8), to: county.name(ending))
        }
        #expect(try county.refusal() == "E-APPROVAL-OLD")
    }

    @Test func `A decision on one mapping is not one on another of the same content`() throws {
        let county = try ApprovalCounty()
        try county.decide()
        for ending in [".json", ".sig", ".sheet.json"] {
            let bytes = try county.folder.bytes(county.name(ending))
            try county.folder.write(
                bytes, to: county.name(ending).replacing("test-csv@1", with: "test-csv@2"))
        }
        let other = try county.binding(mapping: "test-csv@2")
        #expect(try county.refusal(of: other) == "E-APPROVAL-FORGED")
    }

    @Test(arguments: [
        "周审核", " 周 审核 ", "", "周\u{200B}审核", "\u{FEFF}周审核", "周·审核", "週審核", "周审核（本人）",
        "李编写、周审核", " ", "。", "-", "无",
    ])
    func `Nobody approves a mapping of their own, nor one of nobody's`(_ author: String) throws {
        let county = try ApprovalCounty()
        let failure = #expect(throws: ApprovalFailure.self) { try county.decide(author: author) }
        #expect(failure?.reason == .selfApproval)
    }

    @Test(arguments: ["周审核员", "李编写", "Li Bian", "李编写（妇幼科）"])
    func `A name that has another in it is somebody else's`(_ author: String) throws {
        try ApprovalCounty().decide(author: author)
    }

    @Test func `Each finding to be weighed is answered by its code`() throws {
        let county = try ApprovalCounty()
        let open = try makeSheet(makeMapping(ignored: "备注"))
        try #require(open.findings.map(\.code) == ["M09"])
        let binding = try county.binding(sheet: open)
        let failure = #expect(throws: ApprovalFailure.self) {
            try county.decide(on: binding, reason: "必要且适度")
        }
        #expect(failure?.reason == .reason)
        #expect(failure?.detail == "M09")
        try county.decide(on: binding, reason: "必要；M09：机构另有用途")
        // A rejection says why in its own words.
        try county.decide(.rejected, on: binding, reason: "不必要")
    }

    @Test func `A decision gives its reason, and a last day within three years`() throws {
        let county = try ApprovalCounty()
        func refusal(_ days: Int, _ reason: String) throws -> ApprovalFailure.Reason? {
            do {
                try county.decide(days: days, reason: reason)
                return nil
            } catch let failure as ApprovalFailure { return failure.reason }
        }
        #expect(try refusal(365, "") == .reason)
        #expect(try refusal(365, " \u{3000}\n") == .reason)
        #expect(try refusal(-1, "必要") == .term)
        #expect(try refusal(3 * 366, "必要") == .term)
        #expect(try county.folder.names == [])
        #expect(try refusal(0, "必要") == nil)
        #expect(try refusal(3 * 365, "必要") == nil)
    }

    @Test func `A mapping's name does not lead out of the folder`() throws {
        let county = try ApprovalCounty()
        let outside = try county.binding(mapping: "../escaped@1")
        #expect(throws: ApprovalFailure.self) { try county.decide(on: outside) }
        #expect(try county.refusal(of: outside) == "E-APPROVAL-NONE")
        #expect(try county.folder.names == [])
    }

    @Test func `The sheet approved last is found again, unless it was changed`() throws {
        let county = try ApprovalCounty()
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == nil)
        try county.decide()
        let later = try county.binding([("x", [1])])
        try county.decide(.rejected, on: later, decidedAt: moment.adding(seconds: 60))
        let sheet = try makeSheet(makeMapping())
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == sheet)
        #expect(county.store.genuine(mapping: "test-csv@1").count == 2)
        try county.change(county.name(".sheet.json")) { $0[$0.count / 2] ^= 1 }
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == nil)
    }

    @Test func `The sheet approved last is that of the same name, whatever the version`() throws {
        let county = try ApprovalCounty()
        try county.decide()
        let other = try makeSheet(makeMapping(legalBasis: "另一份"))
        try county.decide(
            on: county.binding([("x", [1])], mapping: "test-csv@2", sheet: other),
            decidedAt: moment.adding(seconds: 60))
        try county.decide(
            on: county.binding([("y", [1])], mapping: "test-csv-2@1"),
            decidedAt: moment.adding(seconds: 90))
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@3") == other)
        #expect(county.store.lastApprovedSheet(mapping: "test-csv@1") == other)
        #expect(county.store.lastApprovedSheet(mapping: "test@1") == nil)
        #expect(
            county.store.history(mapping: "test-csv@3").map(\.approval.mapping)
                == ["test-csv@1", "test-csv@2"])
    }
}
