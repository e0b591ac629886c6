import Foundation
import Operations
import Records

/// Where a command speaks: people read standard output, programs read one JSON object there.
/// Failures and progress go to standard error.
struct Output: Sendable {
    let language: Language
    let isJSON: Bool
    /// Where a service speaks instead: nothing goes to a terminal then.
    var log: ServiceLog?

    private var isForPeople: Bool { !isJSON && log == nil }

    /// Whether all that was said has been written; who closes a pipe has seen enough.
    static var isWritten: Bool {
        errno = 0
        let isFlushed = fflush(nil) == 0
        return isFlushed || errno == EPIPE
    }

    /// Columns that a line may have.
    var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else {
            return 80
        }
        return min(Int(size.ws_col), 100)
    }

    /// One line for people.
    func line(_ text: String = "") {
        if isForPeople { print(text) }
    }

    func line(_ zh: String, _ en: String) {
        line(language == .chinese ? zh : en)
    }

    /// A paragraph, broken at the terminal's edge.
    func paragraph(_ text: String, indent: Int = 0) {
        let margin = String(repeating: " ", count: indent)
        for part in DisplayWidth.lines(text, width: width - indent) { line(margin + part) }
    }

    func table(_ columns: Columns, indent: Int = 2) {
        for text in columns.lines(width: width, indent: indent) { line(text) }
    }

    /// The result for programs: one JSON object with stable keys.
    ///
    /// - Parameter isLine: on one line, where more will follow.
    func give(_ result: some Encodable, isLine: Bool = false) throws {
        guard isJSON, log == nil else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isLine { encoder.outputFormatting.insert(.prettyPrinted) }
        print(String(decoding: try encoder.encode(result), as: UTF8.self))
        fflush(nil)
    }

    /// Says what went wrong, where, and what to do next, on standard error.
    func fail(_ failure: Explanation) {
        if let log {
            // Other places may be a clinic's file, whose name may be a person's.
            let isOurs = failure.status == .configuration
            log.error(.failed, failure.entry, place: isOurs ? failure.place : nil)
            return
        }
        Output.write(isJSON ? failure.json(in: language) : failure.text(in: language, width: width))
    }

    /// One line beside the result, on standard error.
    func note(_ text: String) {
        if isForPeople { Output.write(text + "\n") }
    }

    static func write(_ text: String) {
        fflush(nil)
        FileHandle.standardError.write(Data(text.utf8))
    }
}

/// Numbers as people read them.
enum Figure {
    /// `12,345`.
    static func grouped(_ number: some BinaryInteger) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// `73,700.00` yuan.
    static func yuan(_ money: Money) -> String {
        grouped(money.fen / 100)
            + "." + (money.fen.magnitude % 100 < 10 ? "0" : "") + "\(money.fen.magnitude % 100)"
    }

    /// `12 KB`, `3.4 MB`.
    static func bytes(_ count: Int) -> String {
        count < 1_000_000
            ? "\((count + 999) / 1000) KB" : "\(count / 1_000_000).\(count / 100_000 % 10) MB"
    }

    /// `2012-03-05 22:00` of an instant, Asia/Shanghai.
    static func minute(_ moment: Timestamp) -> String {
        String(moment.dateTime.prefix(16)).replacing("T", with: " ")
    }
}
