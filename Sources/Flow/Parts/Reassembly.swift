import Programmes
package import Records
import Validation

/// What became of cases that were put together again (重新合并的病例).
struct Reassembly: Sendable {
    /// Cases that went out.
    private(set) var sent = 0
    /// Of each file that the cases came in: rows by finding code, of those that say something new.
    private(set) var files: [CaseFile: [String: Int]] = [:]

    init() {}

    init(sent: Int, judged: [RowNote], of lead: Register.DueLead, by file: MappingFile) {
        self.sent = sent
        let news = judged.filter { $0.fate != .unchanged }
        guard !news.isEmpty else { return }
        var findings: [String: Int] = [:]
        for note in news {
            for code in Set(note.findings.map(\.code)) { findings[code, default: 0] += 1 }
        }
        let name = CaseFile(
            intake: lead.intake, name: lead.name, digest: lead.digest, mapping: file.path)
        files = [name: findings]
    }

    mutating func add(_ other: Reassembly) {
        sent += other.sent
        files.merge(other.files) { $0.merging($1, uniquingKeysWith: +) }
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
