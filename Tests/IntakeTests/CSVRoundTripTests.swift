import Intake
import Testing

@Suite struct CSVRoundTripTests {
    /// Characters whose codes hold `|`, digits or nothing special, and those that CSV must quote.
    private static let alphabet: [Character] = Array(
        "ab01 ,;|\t\"\"\n\r亅踻珅中文䶮㛃𠮷·〇é€")

    @Test(arguments: [TextEncoding.utf8, .gb18030, .utf16le], 1...40)
    func `a table written in any encoding is read as it was`(
        encoding: TextEncoding, seed: Int
    ) throws {
        var random = SeededRandom(state: UInt64(seed))
        let delimiter = CSVOptions.Delimiter.allCases[seed % 4]
        let separator = String(UnicodeScalar(delimiter.rawValue))
        let columns = Int.random(in: 2...6, using: &random)
        let table = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            (0..<columns).map { _ in
                let count = Int.random(in: 0...9, using: &random)
                return String(
                    (0..<count).compactMap { _ in Self.alphabet.randomElement(using: &random) })
            }
        }
        var text = (0..<columns).map { "c\($0)" }.joined(separator: separator)
        for row in table {
            text += ["\n", "\r\n", "\r", "\n\n"].randomElement(using: &random) ?? "\n"
            text += row.map { written($0, separator, &random) }.joined(separator: separator)
        }
        let folder = try TemporaryFolder()
        let path = try folder.write(try #require(text.bytes(in: encoding)))
        let blockBytes = Int.random(in: 1...200, using: &random)
        let options = CSVOptions(encoding: encoding, delimiter: delimiter, blockBytes: blockBytes)
        let reading = try Reading.all(
            path, options, rowLimit: Int.random(in: 1...9, using: &random))
        // Strings compare by canonical equivalence: CR LF and LF differ all the same.
        // A row of empty cells is a blank line.
        let filled = table.filter { row in row.contains { !$0.isEmpty } }
        #expect(reading.rows.map(\.cells) == filled)
        #expect(reading.rows.allSatisfy { !$0.isUnreadable })
    }

    /// Quoted where it must be, and sometimes where it need not be.
    private func written(
        _ cell: String, _ separator: String, _ random: inout SeededRandom
    ) -> String {
        let scalars = cell.unicodeScalars
        let mustQuote =
            scalars.first == "\"" || cell.contains(separator)
            || scalars.contains { $0 == "\n" || $0 == "\r" }
        guard mustQuote || Int.random(in: 0..<4, using: &random) == 0 else { return cell }
        var quoted = "\""
        for scalar in scalars {
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { quoted += "\"" }
        }
        return quoted + "\""
    }
}
