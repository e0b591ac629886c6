import Foundation
import Testing

/// What the command says of a review sheet that it wrote.
struct SheetSeen: Decodable {
    struct Annex: Decodable {
        struct Records: Decodable {
            let sent: Int
            let waiting: Int
        }
        let records: Records?
    }
    let sha256: String
    let annex: Annex
}

extension TestSite {
    /// Writes the review sheet of a source, as an officer gets it.
    func sheetSeen(of source: String = "county-hospital") throws -> SheetSeen {
        let out = folder + "/seen.pdf"
        let made = try Program().run(
            ["mapping", "sheet", source, "--out", out, "--json", "--site", folder])
        #expect(made.status == 0, "\(made.err)")
        return try JSONDecoder().decode(SheetSeen.self, from: Data(made.out.utf8))
    }
}
