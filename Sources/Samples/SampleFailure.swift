package import Records

/// A sample could not be made. Holds no value of any row; the people in it are invented anyway.
package enum SampleFailure: ExplainedFailure, Hashable {
    /// The request itself cannot be met.
    case request(String)
    /// The mapping asks for something that the generator cannot write.
    case mapping(field: String, problem: String)
    /// A text of the mapping or of an institution is not in the chosen encoding.
    case encoding(String)
    /// A file could not be written.
    case file(String)

    package var entry: CodeEntry {
        switch self {
        case .request: SampleFailure.badRequest
        case .mapping: SampleFailure.badMapping
        case .encoding: SampleFailure.badEncoding
        case .file: SampleFailure.unwritable
        }
    }

    package var place: String? {
        switch self {
        case .mapping(let field, _): field
        case .file(let path): path
        case .request, .encoding: nil
        }
    }

    package var detail: String? {
        switch self {
        case .request(let problem), .mapping(_, let problem), .encoding(let problem): problem
        case .file: nil
        }
    }

    static let badRequest = CodeEntry(
        "E-SAMPLE",
        what: Wording(zh: "样例的参数不对。", en: "The sample's arguments do not fit."),
        next: Wording(
            zh: "按提示改参数后再运行 shangbao sample。",
            en: "Change the argument shown and run shangbao sample again."))
    static let badMapping = CodeEntry(
        "E-SAMPLE-MAPPING",
        what: Wording(
            zh: "生成器写不出映射要的内容。", en: "The generator cannot write what the mapping asks."),
        next: Wording(
            zh: "检查该字段的代码表和用词对照表是否缺少所示代码。",
            en: "See whether the field's code list or word table lacks the code shown."))
    static let badEncoding = CodeEntry(
        "E-SAMPLE-ENCODING",
        what: Wording(
            zh: "有文字不在所选编码中。", en: "The chosen encoding does not hold some of the text."),
        next: Wording(zh: "改用 gb18030 或 utf8。", en: "Choose gb18030 or utf8."))
    static let unwritable = CodeEntry(
        "E-SAMPLE-FILE",
        what: Wording(zh: "样例文件无法写入。", en: "The sample file could not be written."),
        next: Wording(
            zh: "检查文件夹是否存在、可写，磁盘是否已满。",
            en: "See whether the folder exists and can be written, and whether the disk is full."))
}

/// All codes of this module, for `shangbao explain`.
package let sampleCodes: [CodeEntry] = [
    SampleFailure.badRequest, SampleFailure.badMapping, SampleFailure.badEncoding,
    SampleFailure.unwritable,
]
