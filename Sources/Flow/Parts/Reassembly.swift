import Programmes
package import Records
import Validation

/// What became of cases that were put together again (重新合并的病例).
struct Reassembly: Sendable {
    /// Cases that went out.
    private(set) var sent = 0
    /// Rows of cases by finding code, of those that say something new.
    private(set) var findings: [String: Int] = [:]
    /// The files that the cases came in.
    private(set) var files: Set<CaseFile> = []

    init() {}

    init(sent: Int, judged: [RowNote], of lead: Register.DueLead, by file: MappingFile) {
        self.sent = sent
        let news = judged.filter { $0.fate != .unchanged }
        for note in news {
            for code in Set(note.findings.map(\.code)) { findings[code, default: 0] += 1 }
        }
        guard !news.isEmpty else { return }
        files = [
            CaseFile(intake: lead.intake, name: lead.name, digest: lead.digest, mapping: file.path)
        ]
    }

    mutating func add(_ other: Reassembly) {
        sent += other.sent
        findings.merge(other.findings, uniquingKeysWith: +)
        files.formUnion(other.files)
    }
}

/// A file in which cases came that another file changed: its list is another one now.
package struct CaseFile: Sendable, Hashable {
    package let intake: IntakeID
    package let name: String
    /// SHA-256 of its bytes, hex.
    package let digest: String
    /// As the site names it.
    package let mapping: String
}
