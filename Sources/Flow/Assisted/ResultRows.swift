import Delivery
import Foundation
import Intake
import Programmes
import Records

/// One row of a list of results, as far as it is understood by itself.
struct ResultRow: Sendable {
    /// As Excel counts.
    let number: Int
    /// Our own name of the case and its version, where the platform kept it.
    let reference: (record: RecordID, version: Int)?
    let serial: String?
    /// ID numbers by the person's role, in normal form; in memory alone.
    let persons: [String: String]
    let outcome: AssistedEntry.Outcome
    /// As the platform wrote them; may name a person.
    let code: String
    let reason: String
}

/// Reads a list of results (结果清单) as the profile says.
struct ResultRows {
    private(set) var rows: [ResultRow] = []
    private(set) var problems: [Int: ResultProblem] = [:]
    /// Rows of it, blank ones left out.
    private(set) var count = 0

    static let byteLimit = 32 << 20
    private static let keys = ["reference", "serial"]
    /// What the name of a person's column begins with.
    private static let person = "person."

    /// - Throws: `ReadFailure`, `AssistedFailure`.
    init(path: String, by results: AssistedEntry.Results) throws {
        var wanted = [
            "reference": results.reference, "serial": results.serial, "status": results.status,
            "code": results.code, "reason": results.reason,
        ]
        for (role, names) in results.persons { wanted[ResultRows.person + role] = names }
        let list = try BroughtList(
            path: path, sheet: results.sheet, headerRow: results.headerRow,
            byteLimit: ResultRows.byteLimit, wanted: wanted, key: "status")
        guard list.columns["status"] != nil else {
            throw AssistedFailure(
                .noColumn, place: list.name, detail: results.status.joined(separator: " / "))
        }
        let hasKey = list.columns.keys.contains { name in
            ResultRows.keys.contains(name) || name.hasPrefix(ResultRows.person)
        }
        guard hasKey else {
            throw AssistedFailure(
                .noColumn, place: list.name,
                detail: (results.reference + results.serial).joined(separator: " / "))
        }
        let roles = results.persons.keys.sorted()
        var broken: [Int] = []
        var read: [Result<ResultRow, Miss>] = []
        try list.read(
            unreadable: { broken.append($0) },
            each: { read.append(ResultRows.row($0, roles, results)) })
        count = broken.count + read.count
        for row in broken { problems[row] = .unreadable }
        for outcome in read {
            switch outcome {
            case .success(let row): rows.append(row)
            case .failure(let miss): problems[miss.row] = miss.problem
            }
        }
    }

    private struct Miss: Error {
        let row: Int
        let problem: ResultProblem
    }

    private static func row(
        _ row: BroughtList.Row, _ roles: [String], _ results: AssistedEntry.Results
    ) -> Result<ResultRow, Miss> {
        func miss(_ problem: ResultProblem) -> Result<ResultRow, Miss> {
            .failure(Miss(row: row.number, problem: problem))
        }
        guard !row.isSpoiled else { return miss(.unreadable) }
        guard let outcome = results.words[row.text("status")] else { return miss(.word) }
        let serial = row.optionalText("serial")
        guard serial.map(ListedText.isSerial) ?? true else { return miss(.serial) }
        var persons: [String: String] = [:]
        for role in roles {
            persons[role] = row.optionalText(person + role)?.uppercased()
        }
        return .success(
            ResultRow(
                number: row.number, reference: ListedText.reference(in: row.text("reference")),
                serial: serial, persons: persons, outcome: outcome, code: row.text("code"),
                reason: row.text("reason")))
    }
}
