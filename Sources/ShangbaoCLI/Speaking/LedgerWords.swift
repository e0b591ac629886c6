import Records

/// Words that a command writes into the ledger for good (记入账本的话): who, and why. Auditors
/// read the ledger, so that nobody's number may stand in them.
enum LedgerWords {
    private static let options = ["--because", "--by", "--owner", "--case", "--reason"]
    /// As many characters of a reason as the ledger and the audit trail keep whole.
    private static let longest = 500

    /// Throws `CommandFailure` where an ID number, a telephone number or a birth date stands in a
    /// reason or a name, and where it is too long.
    static func check(_ arguments: [String]) throws(CommandFailure) {
        for (place, argument) in arguments.enumerated() {
            for option in options {
                var words: String?
                if argument == option, place + 1 < arguments.count { words = arguments[place + 1] }
                if argument.hasPrefix(option + "=") {
                    words = String(argument.dropFirst(option.count + 1))
                }
                guard words?.unicodeScalars.count ?? 0 <= longest else {
                    throw CommandFailure(.longWords, place: option)
                }
                guard let words, PersonalSigns.arePersons(in: words) else { continue }
                throw CommandFailure(.personalWords, place: option)
            }
        }
    }
}
