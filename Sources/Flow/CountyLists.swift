import Definitions
import Records
import Validation

/// The county's own lists and funding area by which rows are judged (县里的名单): an item is looked at
/// again once one of them was mended.
struct CountyLists: Sendable {
    let designated: CodeList
    let qualified: QualifiedInstitutions?
    let staff: StaffList?
    let quality: QualityReferences?
    let county: ServedCounty

    init(_ kit: PreparationKit) {
        designated = kit.designated
        qualified = kit.qualified
        staff = kit.staff
        quality = kit.quality
        county = kit.county
    }

    /// Reads what the site's file names. Throws `DefinitionError`.
    init(_ site: Site) throws(DefinitionError) {
        designated = try site.designatedInstitutions()
        qualified = try site.qualifiedInstitutions()
        staff = try site.staff()
        quality = try site.qualityReferences()
        county = site.servedCounty
    }

    /// Their rows, each as one text; a list that is not kept adds none.
    var lines: [String] {
        let institutions = designated.codes.map { code in
            "\(code.code) \(code.validFrom?.description ?? "") \(code.validTo?.description ?? "")"
        }
        let area = county.ownFundingArea.map { [$0] } ?? []
        let kept = [qualified?.lines, staff?.lines, quality?.lines].compactMap { $0 }
        return institutions + kept.flatMap { $0 } + area
    }
}
