import Definitions
import Flow
import Foundation
import Testing

/// What `init` writes, and what a site's file may say of money and qualifications.
struct SiteFileTests {
    @Test func `init writes the list of qualifications, and the site's file names it`() throws {
        let site = try TestSite(hasKeys: false)
        let list = try String(contentsOfFile: site.folder + "/qualified.csv", encoding: .utf8)
        let read = try QualifiedInstitutions(text: list, shownAs: "qualified.csv")
        #expect(read.lines.contains { $0.contains(",nipt,") })
        let configuration = try Configuration(folder: site.folder)
        #expect(configuration.qualified == site.folder + "/qualified.csv")
        #expect(configuration.county.fundingArea == nil)
    }

    @Test func `a county in production begins with an empty list and an explanation`() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("site-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try Program().run(["init", folder]).status == 0)
        let list = try String(contentsOfFile: folder + "/qualified.csv", encoding: .utf8)
        #expect(try QualifiedInstitutions(text: list, shownAs: "qualified.csv").lines.isEmpty)
        #expect(list.contains("diagnosis 产前诊断"))

        // What is not filled in is named, place by place, before a ring is made by it.
        func change(_ old: String, _ new: String) throws {
            let file = folder + "/shangbao.yaml"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.contains(old))
            try text.replacing(old, with: new).write(
                toFile: file, atomically: true, encoding: .utf8)
        }
        func refusal() throws -> String {
            try Program().run(["keys", "init", "--site", folder], in: "en").err
        }
        try change("creditCode: 请填写", "creditCode: MA0000T1X99010111G")
        try change("region: \"请填写\"", "region: '990101'")
        #expect(try refusal().contains("A name for the city"))
        try change("city: 请填写", "city: city-9901")
        #expect(try refusal().contains("It is not filled in yet"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/keys/keyring.json"))
    }

    @Test func `a funding area without a division code is named beside the region`() throws {
        let site = try TestSite(hasKeys: false)
        try site.edit("shangbao.yaml") {
            $0.replacing("  # fundingArea: LC-KFQ", with: "  fundingArea: LC-KFQ")
        }
        let county = try Configuration(folder: site.folder).county
        #expect(county.fundingArea == "LC-KFQ" && county.region == "990101")
        try site.edit("shangbao.yaml") { $0.replacing("fundingArea:", with: "fundArea:") }
        let wrong = try site.program.run(["status", "--site", site.folder], in: "en")
        #expect(wrong.status == 78 && wrong.err.contains("fundingArea"))
    }
}
