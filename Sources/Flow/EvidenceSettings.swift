import Definitions
package import LibCrypto

/// By what a county's evidence packs are signed and stamped (`evidence` in `shangbao.yaml`).
package struct EvidenceSettings: Sendable {
    /// A time-stamping authority (时间戳服务, RFC 3161).
    package struct TimestampAuthority: Sendable {
        package let address: String
        /// The file of its certificates that are trusted, PEM.
        package let roots: String
    }

    /// Certificate files by the suite of their key, PEM, those that lead to the root behind it.
    /// Without one the key signs its own.
    package let certificates: [CipherSuite: String]
    /// Packs bear no time stamp without one.
    package let timestamp: TimestampAuthority?
    /// Who may sign statements, by name.
    package let signers: [Signer]
    /// So many days after its end a period may be closed.
    package let closeAfterDays: Int

    /// Somebody who signs statements (签署人).
    package struct Signer: Sendable {
        package let name: String
        /// As what, e.g. 财务复核.
        package let role: String
        /// The file of his public key, PEM.
        package let key: String
    }

    /// Answers may take three days (RELIABILITY 3.8).
    private static let closeAfterDays = 3

    init(
        _ section: inout Section, file: (String) -> String
    ) throws(DefinitionError) {
        guard var evidence = try section.optionalSection("evidence") else {
            certificates = [:]
            timestamp = nil
            signers = []
            closeAfterDays = EvidenceSettings.closeAfterDays
            return
        }
        var certificates: [CipherSuite: String] = [:]
        if var named = try evidence.optionalSection("certificates") {
            for suite in CipherSuite.allCases {
                certificates[suite] = try named.optionalText(suite.rawValue).map(file)
            }
            try named.finish()
        }
        self.certificates = certificates
        var signers: [Signer] = []
        if var named = try evidence.optionalSection("signers") {
            for name in named.keys {
                var signer = try named.section(name)
                signers.append(
                    Signer(
                        name: name, role: try signer.text("role"),
                        key: file(try signer.text("key"))))
                try signer.finish()
            }
            try named.finish()
        }
        self.signers = signers
        closeAfterDays =
            try evidence.integer("closeAfter") ?? EvidenceSettings.closeAfterDays
        guard (0...60).contains(closeAfterDays) else {
            throw evidence.error(at: "closeAfter", "应为 0 至 60 天。", "0 to 60 days.")
        }
        if var authority = try evidence.optionalSection("timestamp") {
            let address = try authority.text("address")
            guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
                throw authority.error(
                    at: "address", "应以 http:// 或 https:// 开头。",
                    "It begins with http:// or https://.")
            }
            timestamp = TimestampAuthority(
                address: address, roots: file(try authority.text("roots")))
            try authority.finish()
        } else {
            timestamp = nil
        }
        try evidence.finish()
    }
}
