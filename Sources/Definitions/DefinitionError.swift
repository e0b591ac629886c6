package import Records

/// A data file under `mappings/` or the site's `shangbao.yaml` is not right (定义文件有误).
///
/// It says file, line, column, and what to write instead. Definition files hold no personal data.
package struct DefinitionError: ExplainedFailure, Hashable {
    package let file: String
    /// 1-based; 0 where the whole file is meant.
    package let line: Int
    package let column: Int
    package let problem: Wording

    package init(file: String, line: Int = 0, column: Int = 0, problem: Wording) {
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
    }

    package var entry: CodeEntry { DefinitionError.unusable }
    package var place: String? { line == 0 ? file : "\(file):\(line):\(column)" }
    package var detail: String? { nil }

    static let unusable = CodeEntry(
        "E-DEFINITION",
        what: Wording(zh: "定义文件有误。", en: "A definition file is not right."),
        next: Wording(
            zh: "按所示行列修改，再运行 shangbao lint 检查。",
            en: "Mend it at the line shown, then run shangbao lint."))
}

/// All codes of this module, for `shangbao explain`.
package let definitionCodes: [CodeEntry] = [DefinitionError.unusable]
