import Definitions
import Foundation
import TestKit
import Testing

/// L-101 compares what she was charged with what the money file says is hers to bear.
struct PersonalChargeTests {
    @Test func `the check and the money speak of the same amount`() throws {
        var funding = try Section(path: Project.mappings + "/funding/liaocheng-2016.yaml")
        var personal = 0
        for var payer in try funding.sections("payers") where try payer.text("payer") == "person" {
            for var term in try payer.sections("bears") {
                #expect(try term.text("item") == "serum")
                personal += try #require(try term.integer("fen"))
            }
        }
        var programme = try Section(path: Project.mappings + "/prenatal-screening/programme.yaml")
        var bounds: [String: [String]] = [:]
        for var rule in try programme.sections("rules") where try rule.text("code") == "L-101" {
            var type: [String] = []
            for var condition in try rule.sections("when") { type.append(try condition.text("is")) }
            bounds[type.joined()] = [try rule.text("min"), try rule.text("max")]
        }
        let yuan = String(personal / 100)
        #expect(personal % 100 == 0 && bounds["1"] == [yuan, yuan])
        // NIPT is paid by city and county alone.
        #expect(bounds["2"] == ["0", "0"] && bounds.count == 2)
    }
}
