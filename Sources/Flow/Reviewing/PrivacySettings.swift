import Definitions

/// Who may approve mappings (`privacy` in `shangbao.yaml`).
package struct PrivacySettings: Sendable {
    /// Somebody who approves mappings with a key of his own (审批人).
    package struct Officer: Sendable {
        package let name: String
        /// As what, e.g. 隐私负责人.
        package let role: String
        package let department: String
        /// The file of his public key, PEM.
        package let key: String
        /// The highest level (GB/T 39725, 1 to 5) of fields that he may let leave.
        package let upTo: Int
    }

    package let officers: [Officer]

    init(_ section: inout Section, file: (String) -> String) throws(DefinitionError) {
        guard var privacy = try section.optionalSection("privacy") else {
            officers = []
            return
        }
        var officers: [Officer] = []
        var named = try privacy.section("officers")
        for name in named.keys {
            var officer = try named.section(name)
            let upTo = try officer.integer("upTo") ?? 5
            guard (1...5).contains(upTo) else {
                throw officer.error(at: "upTo", "应为 1 至 5。", "1 to 5.")
            }
            officers.append(
                Officer(
                    name: name, role: try officer.text("role"),
                    department: try officer.text("department"),
                    key: file(try officer.text("key")), upTo: upTo))
            try officer.finish()
        }
        try named.finish()
        try privacy.finish()
        self.officers = officers
    }

    /// The highest level that anybody may let leave; all where nobody is named yet.
    var approvableLevel: Int { officers.map(\.upTo).max() ?? 5 }
}
