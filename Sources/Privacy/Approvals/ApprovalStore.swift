import Glibc
package import LibCrypto
package import Records

/// The folder of decisions: for each reviewed content `<mapping>@<sha256 prefix>.json`, the review
/// sheet `….sheet.json` that it was about, and the officer's detached signature `….sig`. A later
/// decision on the same content is `<mapping>@<sha256 prefix>-2.json` and so on: none takes the
/// place of another, and the newest is in force.
///
/// A signature file has two lines: the SHA-256 of the officer's public key, and the base64 of the
/// DER over the exact bytes.
package struct ApprovalStore: Sendable {
    package let folder: String
    /// Who may decide; nobody else's signature counts.
    package let officers: [ApprovalOfficer]

    package init(folder: String, officers: [ApprovalOfficer]) {
        self.folder = folder
        self.officers = officers
    }

    /// The decision that lets something be used on a day, as it is now. Anything else throws.
    package func check(
        _ binding: ApprovalBinding, on day: CalendarDate
    ) throws(ApprovalFailure) -> Approval {
        let mapping = binding.mapping
        guard let approval = try approval(mapping: mapping, digest: binding.content) else {
            throw whyNone(binding)
        }
        let different = binding.differences(from: approval)
        guard different.isEmpty else {
            throw ApprovalFailure(
                .changed, mapping: mapping, detail: ApprovalStore.list(different))
        }
        guard approval.decision == .approved else {
            throw ApprovalFailure(.rejected, mapping: mapping)
        }
        guard day <= approval.validUntil else {
            throw ApprovalFailure(
                .expired, mapping: mapping, detail: approval.validUntil.description)
        }
        guard isWithinPower(approval) else {
            throw ApprovalFailure(.level, mapping: mapping, detail: approval.approver)
        }
        return approval
    }

    /// Whether the officer still may let leave what he let leave.
    func isWithinPower(_ approval: Approval) -> Bool {
        officers.first { $0.name == approval.approver }.map { approval.level <= $0.upTo } ?? false
    }

    /// Nobody decided on exactly this: whether on another version, and what is new in this one.
    private func whyNone(_ binding: ApprovalBinding) -> ApprovalFailure {
        let mapping = binding.mapping
        if let last = newest(mapping) {
            let different = ApprovalStore.list(binding.differences(from: last.approval))
            return ApprovalFailure(.changed, mapping: mapping, detail: different)
        }
        let names = officers.map(\.name)
        if decisions.contains(where: { $0.mapping == mapping }) {
            return ApprovalFailure(.changed, mapping: mapping)
        }
        return ApprovalFailure(
            .none, mapping: mapping,
            detail: names.isEmpty ? "privacy.officers 未写 none" : ApprovalStore.list(names))
    }

    static func list(_ words: [String]) -> String {
        words.prefix(5).joined(separator: ", ") + (words.count > 5 ? " …" : "")
    }

    /// The newest signed decision on exactly this content, whatever it says; `nil` if none.
    /// Throws `forged`, `officer`, `siteSigned`, `changed`, `unreadable`.
    package func approval(
        mapping: String, digest: MappingContent
    ) throws(ApprovalFailure) -> Approval? {
        guard ApprovalStore.isSafe(mapping) else { return nil }
        let newest = decisions.last { $0.mapping == mapping && $0.content == digest.prefix }
        guard let newest, let signed = try signed(newest) else { return nil }
        guard signed.approval.content == digest else {
            throw ApprovalFailure(.changed, mapping: mapping)
        }
        return signed.approval
    }

    /// A decision with what proves it.
    package struct Signed: Sendable {
        package let approval: Approval
        package let sheet: ReviewSheet
        package let officer: ApprovalOfficer
        /// DER.
        package let signature: [UInt8]
    }

    /// One decision by its file's name; `nil` where there is no such file.
    private func signed(_ decision: DecisionName) throws(ApprovalFailure) -> Signed? {
        let (name, mapping) = (decision.text, decision.mapping)
        guard let text = try read(name + ".json", mapping) else { return nil }
        guard let file = try read(name + ".sig", mapping) else {
            // Before officers had keys, the county's two keys signed.
            let isOld = try read(name + ".gm.sig", mapping) != nil
            throw ApprovalFailure(isOld ? .siteSigned : .forged, mapping: mapping)
        }
        guard let approval = Approval(canonical: text), approval.mapping == mapping else {
            throw ApprovalFailure(.forged, mapping: mapping)
        }
        guard let officer = officers.first(where: { $0.name == approval.approver }),
            officer.fingerprint == approval.key
        else { throw ApprovalFailure(.officer, mapping: mapping, detail: approval.approver) }
        let lines = file.split(separator: UInt8(ascii: "\n"))
        guard lines.count == 2, lines[0].elementsEqual(officer.fingerprint.utf8),
            let signature = try? Base64.standard.decode(Array(lines[1])),
            officer.key.verify(signature: signature, over: text)
        else { throw ApprovalFailure(.forged, mapping: mapping, detail: officer.name) }
        guard let bytes = try read(name + ".sheet.json", mapping),
            DigestPair(of: bytes) == approval.sheet, let sheet = ReviewSheet(json: bytes)
        else { throw ApprovalFailure(.forged, mapping: mapping, detail: "sheet") }
        return Signed(approval: approval, sheet: sheet, officer: officer, signature: signature)
    }

    /// All genuine decisions on a mapping, in the order in which they were made; what is not
    /// genuine is passed over.
    package func genuine(mapping: String) -> [Signed] {
        genuine(decisions.filter { $0.mapping == mapping })
    }

    /// All genuine decisions on a mapping in whatever version, in the order in which they were
    /// made (历次审核决定); what is not genuine is passed over.
    package func history(mapping: String) -> [Signed] {
        let base = ApprovalStore.baseName(mapping)
        return genuine(decisions.filter { ApprovalStore.baseName($0.mapping) == base })
    }

    private func genuine(_ decisions: [DecisionName]) -> [Signed] {
        // Decisions of one moment stay in the order of their numbers: the sort is stable.
        decisions.compactMap { decision in (try? signed(decision)).flatMap { $0 } }
            .sorted { $0.approval.decidedAt < $1.approval.decidedAt }
    }

    /// The newest genuine approval of a mapping.
    private func newest(_ mapping: String) -> Signed? {
        genuine(mapping: mapping).last { $0.approval.decision == .approved }
    }

    /// The sheet of the newest genuine approval of a mapping of this name, whatever its version,
    /// for a list of changes; `nil` if none.
    package func lastApprovedSheet(mapping: String) -> ReviewSheet? {
        history(mapping: mapping).last { $0.approval.decision == .approved }?.sheet
    }

    /// A mapping's name without its version: `county-csv` of `county-csv@2`.
    package static func baseName(_ mapping: String) -> String {
        mapping.lastIndex(of: "@").map { String(mapping[..<$0]) } ?? mapping
    }

    /// Signs a decision with the officer's key and stores it with its sheet, beside those before.
    package func record(
        _ approval: Approval, sheet: ReviewSheet, signedBy key: SigningKey
    ) throws(ApprovalFailure) {
        let mapping = approval.mapping
        let signature: [UInt8]
        do {
            guard try key.verifyingKey().fingerprint() == approval.key else {
                throw ApprovalFailure(.officer, mapping: mapping, detail: approval.approver)
            }
            signature = try key.sign(approval.canonicalText)
        } catch let failure as ApprovalFailure {
            throw failure
        } catch { throw ApprovalFailure(.unreadable, mapping: mapping, detail: "sign") }
        try record(approval, sheet: sheet, signature: signature)
    }

    /// Stores a decision that the officer signed, wherever that was.
    ///
    /// - Parameter signature: DER, over the decision's one JSON text.
    /// - Throws: `forged` where it is not his, `unreadable`.
    package func record(
        _ approval: Approval, sheet: ReviewSheet, signature: [UInt8]
    ) throws(ApprovalFailure) {
        let mapping = approval.mapping
        guard ApprovalStore.isSafe(mapping), DigestPair(of: sheet.json) == approval.sheet else {
            throw ApprovalFailure(.unreadable, mapping: mapping, detail: "sheet")
        }
        let text = approval.canonicalText
        guard let officer = officers.first(where: { $0.name == approval.approver }),
            officer.fingerprint == approval.key,
            officer.key.verify(signature: signature, over: text)
        else { throw ApprovalFailure(.forged, mapping: mapping, detail: approval.approver) }
        // Also what a crash left half-way keeps its number.
        let taken = decisions + decisionNames(ending: ".sheet.json")
        let last = taken.filter { $0.mapping == mapping && $0.content == approval.content.prefix }
            .map(\.number).max()
        let name = DecisionName(
            mapping: mapping, content: approval.content.prefix, number: (last ?? 0) + 1
        ).text
        let file = "\(approval.key)\n\(Base64.standard.encode(signature))\n"
        try write(name + ".sheet.json", sheet.json, mapping)
        try write(name + ".sig", Array(file.utf8), mapping)
        try write(name + ".json", text, mapping)
    }

    /// All decisions in the folder, genuine or not, in the order of their names and numbers.
    var decisions: [DecisionName] { decisionNames(ending: ".json") }

    private func decisionNames(ending: String) -> [DecisionName] {
        names(ending: ending).compactMap { DecisionName(String($0.dropLast(ending.count))) }
            .sorted()
    }

    /// The files of the folder that end so.
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
        return names
    }

    func read(_ name: String, _ mapping: String) throws(ApprovalFailure) -> [UInt8]? {
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
            let path = folder + "/" + name
            try PrivateFile.replace(path, with: bytes, mode: 0o644) {
                () throws(PrivateFile.Refusal) in
                // Two decisions at once: neither takes the other's place.
                guard access(path, F_OK) != 0 else { throw .exposed }
            }
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
