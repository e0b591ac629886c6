import Flow

extension AssistedFailure {
    /// How a command ends with it.
    var status: ExitStatus {
        switch reason {
        case .notAssisted, .noForms, .rehearsal: .configuration
        case .insideSite, .neverHanded, .noList, .listErased, .noWorklist: .usage
        case .notWritten: .storage
        case .noColumn: .toCorrect
        }
    }
}
