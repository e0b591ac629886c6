import Definitions
import Records

/// The county's own lists by which rows are judged (县里的名单): an item is looked at again once one of them
/// was mended.
struct CountyLists: Sendable {
    let designated: CodeList
    let qualified: QualifiedInstitutions?
    let staff: StaffList?
    let quality: QualityReferences?

    init(_ kit: PreparationKit) {
        designated = kit.designated
        qualified = kit.qualified
        staff = kit.staff
        quality = kit.quality
    }

    /// Reads what the site's file names. Throws `DefinitionError`.
    init(_ site: Site) throws(DefinitionError) {
        designated = try site.designatedInstitutions()
        qualified = try site.qualifiedInstitutions()
        staff = try site.staff()
        quality = try site.qualityReferences()
    }

    /// Their rows, each as one text; a list that is not kept adds none.
    var lines: [String] {
        let institutions = designated.codes.map { code in
            "\(code.code) \(code.validFrom?.description ?? "") \(code.validTo?.description ?? "")"
        }
        return institutions + (qualified?.lines ?? []) + (staff?.lines ?? [])
            + (quality?.lines ?? [])
    }
}
