import Glibc
package import LibCrypto
package import Records

/// The folder of decisions: for each reviewed content `<mapping>@<sha256 prefix>.json`, the review
/// sheet `….sheet.json` that it was about, and the detached signatures `….gm.sig`, `….intl.sig`.
///
/// A signature file has two lines: the key's id, and the base64 of the DER over the exact bytes.
package struct ApprovalStore: Sendable {
    package let folder: String
    private let keys: [String: VerifyingKey]

    /// - Parameter keys: the county's public signing keys by id; `Keyring.verifyingKeys()`.
    package init(folder: String, keys: [String: VerifyingKey]) {
        self.folder = folder
        self.keys = keys
    }

    /// The decision that lets this content be used on this day. Anything else throws.
    ///
    /// - Parameter xsd: SHA-256 over the profile's schemas as they are now.
    package func check(
        mapping: String, digest: MappingContent, xsd: String, on day: CalendarDate
    ) throws(ApprovalFailure) -> Approval {
        guard let approval = try approval(mapping: mapping, digest: digest) else {
            let others = decisions(on: mapping)
            throw ApprovalFailure(others.isEmpty ? .none : .changed, mapping: mapping)
        }
        guard approval.xsd == xsd else {
            throw ApprovalFailure(.changed, mapping: mapping, detail: "xsd")
        }
        guard approval.decision == .approved else {
            throw ApprovalFailure(.rejected, mapping: mapping)
        }
        guard day <= approval.validUntil else {
            throw ApprovalFailure(
                .expired, mapping: mapping, detail: approval.validUntil.description)
        }
        return approval
    }

    /// The signed decision on exactly this content, whatever it says; `nil` if there is none.
    /// Throws `forged`, `changed`, `unreadable`.
    package func approval(
        mapping: String, digest: MappingContent
    ) throws(ApprovalFailure) -> Approval? {
        guard ApprovalStore.isSafe(mapping) else { return nil }
        let name = "\(mapping)@\(digest.prefix)"
        guard let text = try read(name + ".json", mapping) else { return nil }
        for suite in CipherSuite.allCases {
            guard let signature = try read("\(name).\(suite.rawValue).sig", mapping),
                isGenuine(signature, over: text, suite)
            else {
                throw ApprovalFailure(.forged, mapping: mapping, detail: suite.rawValue)
            }
        }
        guard let approval = Approval(canonical: text), approval.mapping == mapping else {
            throw ApprovalFailure(.forged, mapping: mapping)
        }
        guard approval.content == digest else { throw ApprovalFailure(.changed, mapping: mapping) }
        return approval
    }

    /// The sheet of the newest genuine approval of a mapping, for a list of changes; `nil` if none.
    package func lastApprovedSheet(mapping: String) -> ReviewSheet? {
        var newest: (at: Timestamp, sheet: ReviewSheet)?
        for name in decisions(on: mapping) {
            guard let text = try? read(name + ".json", mapping),
                let approval = Approval(canonical: text), approval.decision == .approved,
                (try? self.approval(mapping: mapping, digest: approval.content)) == approval,
                let bytes = try? read(name + ".sheet.json", mapping),
                Hex.encode(Hash.sha256.digest(bytes)) == approval.sheet,
                let sheet = ReviewSheet(json: bytes)
            else { continue }
            if newest.map({ $0.at < approval.decidedAt }) ?? true {
                newest = (approval.decidedAt, sheet)
            }
        }
        return newest?.sheet
    }

    /// Signs a decision under both suites and stores it with its sheet. A later decision on the
    /// same content takes the earlier one's place; the ledger has both.
    package func record(
        _ approval: Approval, sheet: ReviewSheet, signedBy keyring: Keyring
    ) throws(ApprovalFailure) {
        guard ApprovalStore.isSafe(approval.mapping), sheet.json.isDigest(approval.sheet) else {
            throw ApprovalFailure(.unreadable, mapping: approval.mapping, detail: "sheet")
        }
        let name = "\(approval.mapping)@\(approval.content.prefix)"
        let text = approval.canonicalText
        try write(name + ".sheet.json", sheet.json, approval.mapping)
        for suite in CipherSuite.allCases {
            let signature: String
            do {
                let held = try keyring.signingKey(suite)
                signature = "\(held.kid)\n\(Base64.standard.encode(try held.key.sign(text)))\n"
            } catch {
                throw ApprovalFailure(
                    .unreadable, mapping: approval.mapping, detail: "sign \(suite.rawValue)")
            }
            try write("\(name).\(suite.rawValue).sig", Array(signature.utf8), approval.mapping)
        }
        try write(name + ".json", text, approval.mapping)
    }

    /// Whether a decision that is kept bears a signature of this key.
    ///
    /// - Parameter kid: of a signing key. Throws `unreadable`.
    package func isSigned(by kid: String) throws(ApprovalFailure) -> Bool {
        for suite in CipherSuite.allCases {
            for name in names(ending: ".\(suite.rawValue).sig") {
                if try read(name, "").map({ $0.starts(with: Array("\(kid)\n".utf8)) }) == true {
                    return true
                }
            }
        }
        return false
    }

    private func isGenuine(_ file: [UInt8], over text: [UInt8], _ suite: CipherSuite) -> Bool {
        let lines = file.split(separator: UInt8(ascii: "\n"))
        guard lines.count == 2, let key = keys[String(decoding: lines[0], as: UTF8.self)],
            key.suite == suite, let signature = try? Base64.standard.decode(Array(lines[1]))
        else { return false }
        return key.verify(signature: signature, over: text)
    }

    /// The names, without ending, of all decisions on a mapping; genuine or not.
    private func decisions(on mapping: String) -> [String] {
        names(ending: ".json").compactMap { name in
            let parts = name.split(separator: ".json", omittingEmptySubsequences: false)
            let isDecision =
                name.hasPrefix(mapping + "@") && parts.count == 2
                && !name.hasSuffix(".sheet.json") && parts[0].count == mapping.count + 17
            return isDecision ? String(parts[0]) : nil
        }
    }

    /// The files of the folder that end so, by name.
    private func names(ending: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(ending) { names.append(name) }
        }
        return names.sorted()
    }

    private func read(_ name: String, _ mapping: String) throws(ApprovalFailure) -> [UInt8]? {
        do throws(PrivateFile.Refusal) {
            return try PrivateFile.read(folder + "/" + name, access: .anyone, limit: 4 << 20)
        } catch .absent {
            return nil
        } catch { throw ApprovalFailure(.unreadable, mapping: mapping, detail: name) }
    }

    private func write(
        _ name: String, _ bytes: [UInt8], _ mapping: String
    ) throws(ApprovalFailure) {
        do throws(PrivateFile.Refusal) {
            try PrivateFile.replace(folder + "/" + name, with: bytes, mode: 0o644) {}
        } catch { throw ApprovalFailure(.unreadable, mapping: mapping, detail: name) }
    }

    /// A mapping's name comes from its file: it must not lead out of the folder.
    private static func isSafe(_ mapping: String) -> Bool {
        !mapping.isEmpty && mapping.first != "."
            && mapping.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "._@-".utf8.contains(byte)
                }
            }
    }
}

extension [UInt8] {
    /// Whether the SHA-256 of these bytes is `digest`, 64 hexadecimal digits.
    fileprivate func isDigest(_ digest: String) -> Bool {
        Hex.encode(Hash.sha256.digest(self)) == digest
    }
}
