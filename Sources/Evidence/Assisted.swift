package import Records

/// How much an answer can be relied on (回执等级).
package enum AnswerGrade: String, Sendable, Hashable, Codable {
    /// No signature: a person brought the platform's own list of results (辅助录入). It counts, is
    /// marked wherever it counts, and gives way to a signed one.
    case unsigned
}

/// Facts about what people type into the platform's forms and what they bring back.
extension Fact {
    /// A workbook of cases was given to the person who types (录入清单).
    package struct HandedOut: Sendable, Codable {
        /// SHA-256 of the workbook's bytes, hex.
        package let workbook: String
        package let submissions: [SubmissionID]
        /// Cases in it.
        package let cases: Int
        package let by: String

        package init(workbook: String, submissions: [SubmissionID], cases: Int, by: String) {
            self.workbook = workbook
            self.submissions = submissions
            self.cases = cases
            self.by = by
        }

        var summary: Wording {
            Wording(
                zh: "\(by) 取走录入清单 \(workbook.prefix(12))，\(cases) 例，等人录入国家平台",
                en: "\(by) took worklist \(workbook.prefix(12)) with \(cases) cases, to be typed "
                    + "into the platform")
        }
    }

    /// A list of results was brought back (结果清单); its bytes are kept sealed.
    package struct ListKept: Sendable, Codable {
        /// SHA-256 of the list's bytes, hex.
        package let list: String
        package let byteCount: Int
        package let by: String

        package init(list: String, byteCount: Int, by: String) {
            self.list = list
            self.byteCount = byteCount
            self.by = by
        }

        var summary: Wording {
            Wording(
                zh: "\(by) 带回结果清单 \(list.prefix(12))",
                en: "\(by) brought the list of results \(list.prefix(12))")
        }
    }
}
