import Definitions
import Records
import TestKit
import Testing
import Validation

/// What the rules said of one couple.
func outcome(_ changes: [String: String] = [:], arrivedOn day: String = "2012-03-31") throws
    -> RowOutcome
{
    try outcome(of: CleanCouple().with(changes), arrivedOn: day)
}

func outcome(of couple: CleanCouple, arrivedOn day: String = "2012-03-31") throws -> RowOutcome {
    try Preconception.loaded().examine([couple], arrivedOn: day).outcomes[0]
}

extension Finding {
    static func quarantine(_ code: String, _ field: String? = nil) -> Finding {
        Finding(code: code, effect: .quarantined, field: field)
    }
    static func exclude(_ code: String, _ field: String) -> Finding {
        Finding(code: code, effect: .excluded, field: field)
    }
    static func hold(_ code: String, _ field: String) -> Finding {
        Finding(code: code, effect: .held, field: field)
    }
    static func warn(_ code: String, _ field: String) -> Finding {
        Finding(code: code, effect: .warning, field: field)
    }
}

/// Expects exactly these findings, and the fate that the strongest of them brings.
func expect(
    _ changes: [String: String], arrivedOn day: String = "2012-03-31", _ fate: Fate,
    _ list: Finding..., at place: SourceLocation = #_sourceLocation
) throws {
    let outcome = try outcome(changes, arrivedOn: day)
    #expect(Set(outcome.findings) == Set(list), "\(changes)", sourceLocation: place)
    #expect(outcome.findings.count == list.count, sourceLocation: place)
    #expect(outcome.fate == fate, sourceLocation: place)
}
