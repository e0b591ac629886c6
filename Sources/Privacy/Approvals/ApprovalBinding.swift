import LibCrypto

/// Digests of one text by both hashes.
package struct DigestPair: Hashable, Sendable, Codable {
    /// 64 hexadecimal digits.
    package let sha256: String
    /// 64 hexadecimal digits.
    package let sm3: String

    /// - Parameter bytes: what is digested.
    package init(of bytes: [UInt8]) {
        sha256 = Hex.encode(Hash.sha256.digest(bytes))
        sm3 = Hex.encode(Hash.sm3.digest(bytes))
    }
}

/// Everything that an approval holds for, as it is now (审批绑定的内容): one byte of it otherwise,
/// and the approval is for something else.
package struct ApprovalBinding: Hashable, Sendable {
    /// One file that the mapping is made of: itself, its tables, the programme, its code lists.
    package struct File: Hashable, Sendable, Codable {
        /// Below `mappings/`.
        package let path: String
        package let digests: DigestPair
    }

    /// `name@version`.
    package let mapping: String
    package let programme: String
    package let profile: String
    package let files: [File]
    /// The profile's own file and its schemas, as they lie there (国家规格文件).
    package private(set) var interface: [File]
    /// Over all of `files`.
    package let content: MappingContent
    /// Of the profile's schema, as it is generated.
    package let xsd: DigestPair
    package let sheet: ReviewSheet

    /// - Parameters:
    ///   - files: path and bytes of what the mapping is made of.
    ///   - interface: path and bytes of the profile's file and of its schemas.
    ///   - schema: the profile's schema, as it is generated.
    ///   - sheet: what the officer reads.
    package init(
        mapping: String, programme: String, profile: String,
        files: [(path: String, bytes: [UInt8])], interface: [(path: String, bytes: [UInt8])],
        schema: [UInt8], sheet: ReviewSheet
    ) {
        self.mapping = mapping
        self.programme = programme
        self.profile = profile
        self.files = ApprovalBinding.digested(files)
        self.interface = ApprovalBinding.digested(interface)
        content = MappingContent.digest(of: files)
        xsd = DigestPair(of: schema)
        self.sheet = sheet
    }

    /// The same with the profile's files as they lie there now.
    package func with(interface: [(path: String, bytes: [UInt8])]) -> ApprovalBinding {
        var binding = self
        binding.interface = ApprovalBinding.digested(interface)
        return binding
    }

    /// Paths with digests, in the order of the paths.
    package static func digested(_ files: [(path: String, bytes: [UInt8])]) -> [File] {
        files.map { File(path: $0.path, digests: DigestPair(of: $0.bytes)) }
            .sorted { $0.path < $1.path }
    }

    /// What is otherwise than an approval says, in words that name files; empty where it holds.
    package func differences(from approval: Approval) -> [String] {
        var different = sheet.recipient.differences(from: approval.recipient)
        let before = Dictionary(
            approval.files.map { ($0.path, $0.digests) }, uniquingKeysWith: { first, _ in first })
        for file in files + interface where before[file.path] != file.digests {
            different.append(file.path)
        }
        let now = Set((files + interface).map(\.path))
        different += approval.files.map(\.path).filter { !now.contains($0) }
        if approval.content != content, different.isEmpty { different.append("mappings") }
        if approval.xsd != xsd || approval.profile != profile { different.append("XSD") }
        if approval.lint != sheet.lint { different.append("M01–M18") }
        let isSheet = approval.sheet == DigestPair(of: sheet.json)
        if !isSheet, different.isEmpty { different.append("审核表 sheet") }
        return different
    }
}
