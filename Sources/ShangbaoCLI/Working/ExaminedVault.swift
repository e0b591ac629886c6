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
            let standing = try await desk.vaultStanding()
            let told = standing.told
            note(
                told == nil, what,
                told?.found
                    ?? said(
                        "\(standing.keys) 把密钥封给现在的人", "\(standing.keys) keys, for the people of now"
                    ),
                next: told?.next)
        } catch { note(error, what) }
    }
}
