import Records

/// Words that a command writes into the ledger for good (记入账本的话): who, and why. Auditors
/// read the ledger, so that nobody's number may stand in them.
enum LedgerWords {
    private static let options = ["--because", "--by", "--owner", "--case"]

    /// Throws `CommandFailure` where an ID number, a telephone number or a birth date stands in a
    /// reason or a name.
    static func check(_ arguments: [String]) throws(CommandFailure) {
        for (place, argument) in arguments.enumerated() {
            for option in options {
                var words: String?
                if argument == option, place + 1 < arguments.count { words = arguments[place + 1] }
                if argument.hasPrefix(option + "=") {
                    words = String(argument.dropFirst(option.count + 1))
                }
                guard let words, PersonalSigns.arePersons(in: words) else { continue }
                throw CommandFailure(.personalWords, place: option)
            }
        }
    }
}
