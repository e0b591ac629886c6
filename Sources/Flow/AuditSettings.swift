import Definitions

/// Where the audit trail is, and who may read it (`audit` in `shangbao.yaml`).
package struct AuditSettings: Sendable {
    /// `audit/trail.log` of the site where nothing else is said.
    package let file: String
    /// The accounts that may search and export it; everybody who can read the file where empty.
    package let readers: [String]

    init(_ section: inout Section, file path: (String) -> String) throws(DefinitionError) {
        guard var audit = try section.optionalSection("audit") else {
            file = path("audit/trail.log")
            readers = []
            return
        }
        file = path(try audit.optionalText("file") ?? "audit/trail.log")
        readers = try audit.texts("readers")
        try audit.finish()
    }
}
