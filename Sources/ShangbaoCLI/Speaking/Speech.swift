import Foundation
package import Records

/// Which of the two languages this process speaks.
package enum Speech {
    /// By `--language`, else by the locale, else Chinese.
    @TaskLocal package static var language = Speech.language(
        arguments: CommandLine.arguments, environment: ProcessInfo.processInfo.environment)

    /// The language of a command line: `--language zh|en` first, then `LC_ALL`, `LC_MESSAGES`,
    /// `LANG`; Chinese where none of them says one of the two.
    package static func language(arguments: [String], environment: [String: String]) -> Language {
        for (place, argument) in arguments.enumerated() {
            let value =
                argument.hasPrefix("--language=")
                ? String(argument.dropFirst("--language=".count))
                : argument == "--language" && place + 1 < arguments.count
                    ? arguments[place + 1] : nil
            if let language = value.flatMap(Language.init(rawValue:)) { return language }
        }
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = environment[name], !value.isEmpty else { continue }
            return value.hasPrefix("en") ? .english : .chinese
        }
        return .chinese
    }
}

/// A sentence in the language of this process.
package func said(_ zh: String, _ en: String) -> String {
    Speech.language == .chinese ? zh : en
}

extension Wording {
    /// The sentence in the language of this process.
    var said: String { text(in: Speech.language) }
}
