package import LibCrypto
import LibXML
import Privacy
package import Records

/// Packing could not go on: nothing of the batch leaves.
package struct PackingFailure: ExplainedFailure {
    package enum Reason: Sendable {
        /// The generated schema does not compile: a broken dictionary.
        case schemaUnusable
        /// libxml2 refuses what the compiled check passed: we are wrong, so we stop.
        case checksDisagree
        /// More bytes than the profile allows: pack fewer records.
        case tooLarge
        /// Sealing, signing or compressing failed.
        case sealing
        /// The device that holds the signing key did not sign.
        case device(DeviceFault)
    }

    package let reason: Reason
    package let detail: String?

    init(_ reason: Reason, detail: String? = nil) {
        self.reason = reason
        self.detail = detail
    }

    /// A failure on the way to the signature, that of a device by its own code.
    init(_ failure: any Error) {
        let fault = (failure as? CryptoFailure)?.device
        self.init(fault.map { .device($0) } ?? .sealing, detail: fault?.detail)
    }

    /// The device that failed, as the site's file calls it.
    package var place: String? {
        if case .device(let fault) = reason { fault.device } else { nil }
    }

    package var entry: CodeEntry {
        switch reason {
        case .schemaUnusable: PackingCodes.schemaUnusable
        case .checksDisagree: PackingCodes.checksDisagree
        case .tooLarge: PackingCodes.tooLarge
        case .sealing: PackingCodes.sealing
        case .device(let fault): KeyFailure(fault).entry
        }
    }
}

extension Error {
    /// What was the matter with the device that holds a signing key, where this is about one.
    package var deviceFault: DeviceFault? {
        switch self {
        case let failure as CryptoFailure: failure.device
        case let failure as KeyFailure: failure.fault
        case let failure as PackingFailure:
            if case .device(let fault) = failure.reason { fault } else { nil }
        default: nil
        }
    }
}

/// What packing may say.
package enum PackingCodes {
    static let schemaUnusable = CodeEntry(
        "E-SCHEMA",
        what: Wording(
            zh: "由数据元目录生成的 XSD 无法使用。", en: "The XSD made of the dictionary does not compile."),
        next: Wording(zh: "运行 shangbao lint 并按提示修改。", en: "Run shangbao lint and mend."))
    static let checksDisagree = CodeEntry(
        "E-SCHEMA-DISAGREE",
        what: Wording(
            zh: "编译校验与 libxml2 的结论不一致，已停止组包。",
            en: "The compiled check and libxml2 disagree; packing stopped."),
        next: Wording(
            zh: "在规范文件中设 schemaCheck: every，并联系开发方。",
            en: "Set schemaCheck: every in the profile, and tell the developers."))
    static let tooLarge = CodeEntry(
        "E-SIZE",
        what: Wording(zh: "报文超过规范允许的大小。", en: "The submission exceeds the profile's size."),
        next: Wording(zh: "减小规范中的 batch。", en: "Lower batch in the profile."))
    static let sealing = CodeEntry(
        "E-SEALING",
        what: Wording(
            zh: "加密、签名或压缩失败，未发送任何内容。",
            en: "Sealing, signing or compressing failed; nothing was sent."),
        next: Wording(zh: "运行 shangbao doctor 检查密钥。", en: "Run shangbao doctor to check keys."))
    /// A record that the profile's structure refuses.
    package static let structure = CodeEntry(
        "V-XSD",
        what: Wording(
            zh: "记录不符合国家规范的结构，已留存未上报。",
            en: "The record does not fit the profile's structure; it was kept at home."),
        next: Wording(
            zh: "按字段更正后重新导出；若普遍出现，请检查映射。",
            en: "Correct the field and export again; if many fail, check the mapping."))
}

/// All codes of this module, for `shangbao explain`.
package let packingCodes: [CodeEntry] = [
    PackingCodes.schemaUnusable, PackingCodes.checksDisagree, PackingCodes.tooLarge,
    PackingCodes.sealing, PackingCodes.structure,
]

extension XMLFailure {
    /// The path of the first element at fault; never a value.
    var firstElement: String {
        if case .schemaInvalid(let violations) = reason, let first = violations.first {
            return first.path
        }
        return "Record"
    }
}
