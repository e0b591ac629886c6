package import Records

/// The rehearsal cannot begin: one of its files is not right (演练无法开始).
///
/// What the county sends wrongly is not a failure of ours: it is answered.
package struct RehearsalFailure: ExplainedFailure, Hashable {
    /// What is wrong, as far as the next step differs.
    package enum Reason: Sendable, CaseIterable {
        /// A file or folder of the identity cannot be read or written.
        case unreadable
        /// The folder holds the identity made for another county.
        case otherCounty
        /// A line of the fault script is not understood.
        case faultScript
        /// A line of the dictionary of paddings is not understood.
        case paddingTable
        /// A key, a certificate or a schema that was given cannot be used.
        case unusable
    }

    package let reason: Reason
    /// The file, or the line of a text that was given.
    package let place: String?
    package let detail: String?

    init(_ reason: Reason, place: String? = nil, detail: String? = nil) {
        self.reason = reason
        self.place = place
        self.detail = detail
    }

    package var entry: CodeEntry {
        switch reason {
        case .unreadable: Self.unreadableEntry
        case .otherCounty: Self.otherCountyEntry
        case .faultScript: Self.faultScriptEntry
        case .paddingTable: Self.paddingTableEntry
        case .unusable: Self.unusableEntry
        }
    }

    private static let unreadableEntry = CodeEntry(
        "E-REHEARSAL-FOLDER",
        what: Wording(
            zh: "演练身份文件夹无法读写。", en: "The rehearsal's identity folder cannot be used."),
        next: Wording(
            zh: "检查路径、权限和磁盘空间；仅用于演练，可删除该文件夹后重建。",
            en: "Check path, rights and disk space; or delete the folder and start over."
        ))
    private static let otherCountyEntry = CodeEntry(
        "E-REHEARSAL-COUNTY",
        what: Wording(
            zh: "该文件夹属于另一发送方的演练。",
            en: "This folder belongs to the rehearsal of another sender."),
        next: Wording(zh: "换一个文件夹。", en: "Name another folder."))
    private static let faultScriptEntry = CodeEntry(
        "E-REHEARSAL-FAULTS",
        what: Wording(zh: "故障脚本有一行无法理解。", en: "A line of the fault script is not understood."),
        next: Wording(
            zh: "按 docs/development/rehearsal.md 的写法修改该行。",
            en: "Write the line as docs/development/rehearsal.md shows."))
    private static let paddingTableEntry = CodeEntry(
        "E-REHEARSAL-PADS",
        what: Wording(
            zh: "填充目录有一行无法理解。", en: "A line of the dictionary of paddings is not understood."),
        next: Wording(
            zh: "每行写“数据元,填充倍数”，如 name,16。", en: "Write `element,pad`, such as name,16."))
    private static let unusableEntry = CodeEntry(
        "E-REHEARSAL-INPUT",
        what: Wording(
            zh: "给定的密钥、证书或模式文件无法使用。",
            en: "A key, certificate or schema that was given cannot be used."),
        next: Wording(
            zh: "检查该文件；或删除演练文件夹后重建。",
            en: "Check the file, or delete the rehearsal's folder and start over."))

    static let entries = [
        unreadableEntry, otherCountyEntry, faultScriptEntry, paddingTableEntry, unusableEntry,
    ]
}

/// All codes of this module, for `shangbao explain`.
package let rehearsalCodes: [CodeEntry] = RehearsalFailure.entries
