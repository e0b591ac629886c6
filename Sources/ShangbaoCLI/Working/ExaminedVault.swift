import Flow
import Records
import Storage

/// What `shangbao doctor` finds of the identity vault, where the site keeps one.
extension Examination {
    mutating func vault(_ site: Site, _ view: any Database) async {
        guard site.configuration.custody != nil else { return }
        let what = said("身份保管库", "identity vault")
        do {
            let desk = try IdentifyDesk(site: site, database: view)
            let digest = try await desk.digest(days: 7)
            let standing = digest.vault
            let told = standing.told
            note(
                told == nil, what,
                told?.found
                    ?? said(
                        "\(standing.keys) 把密钥封给现在的人", "\(standing.keys) keys, for the people of now"
                    ),
                next: told?.next)
            for sample in digest.samples {
                note(
                    !sample.isLate, said("身份还原抽查", "identification sample"), sample.told,
                    next: Wording(
                        zh: "shangbao identify sample --month \(sample.month)，由未参与的人复核。",
                        en: "shangbao identify sample --month \(sample.month); who had no part "
                            + "reviews them."))
            }
        } catch { note(error, what) }
    }
}
