import Foundation
import LibCrypto
import Records
import Settlements
import Testing

/// Which keys count for what, when an auditor gives the verifier his own.
@Suite struct PackKeyTests {
    @Test func `A key that the auditor does not hold is reported`() async throws {
        let sample = try await SamplePack.make()
        let stranger = try SigningKey(generating: .gm).verifyingKey().pem()
        try Data(stranger.utf8).write(to: sample.folder.appendingPathComponent("stranger.pem"))
        let county = try sample.recount("--county-key ../stranger.pem")
        #expect(county.status == 1)
        #expect(county.output.contains("is none of the county keys that you gave"))
        #expect(county.output.contains("county key ../stranger.pem that you gave verified nothing"))
        let national = try sample.recount("--national-key ../stranger.pem")
        #expect(national.status == 1)
        #expect(national.output.contains("is none of the national keys that you gave"))
    }

    @Test func `A key counts in its own role only`() async throws {
        let sample = try await SamplePack.make()
        let swapped = try sample.recount(
            "--county-key ../national.pem --county-key ../sender-intl.pem "
                + "--national-key ../sender-gm.pem")
        #expect(swapped.status == 1)
        #expect(swapped.output.contains("gm signature of the manifest does not count"))
        #expect(swapped.output.contains("does not count: keys/national-n1.pub.pem"))
        #expect(swapped.output.contains("stands for county and nation both"))
        let both = try sample.recount(SamplePack.allKeys + " --national-key ../sender-gm.pem")
        #expect(both.status == 1)
        #expect(both.output.contains("stands for county and nation both"))
    }

    @Test func `A given key that verified nothing fails`() async throws {
        let sample = try await SamplePack.make()
        let unused = try SigningKey(generating: .intl).verifyingKey().pem()
        try Data(unused.utf8).write(to: sample.folder.appendingPathComponent("unused.pem"))
        let checked = try sample.recount(SamplePack.allKeys + " --national-key ../unused.pem")
        #expect(checked.status == 1)
        #expect(
            checked.output.contains("national key ../unused.pem that you gave verified nothing"))
        #expect(checked.output.contains("findings 1;"), "\(checked.output)")
    }

    @Test func `What was not compared is said, and with whom to compare it`() async throws {
        let sample = try await SamplePack.make()
        let none = try sample.recount()
        #expect(none.status == 0)
        #expect(none.output.contains("the county and national keys were NOT compared"))
        #expect(none.output.contains("compare it with the county's health authority"))
        #expect(none.output.contains("compare it with the national platform"))
        let half = try sample.recount(
            "--county-key ../sender-gm.pem --county-key ../sender-intl.pem")
        #expect(half.status == 0, "\(half.output)")
        #expect(half.output.contains("the national keys were NOT compared"))
        #expect(!half.output.contains("Result: everything holds.\n"))
    }

    @Test func `Bytes behind a signature are refused`() async throws {
        let checked = try await SamplePack.make(.signaturesLonger).recount(SamplePack.allKeys)
        #expect(checked.status == 1)
        #expect(checked.output.contains("the gm signature of the manifest is wrong"))
        #expect(checked.output.contains("the intl signature of the manifest is wrong"))
    }
}
