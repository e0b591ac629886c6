import Definitions
import Intake
import Mappings
import Privacy
package import Programmes
import Records
package import Storage

/// What a clinic wrote where a code should stand, and no list knows it (待定的写法). The row waits for
/// a person's decision; it is never dropped and never guessed.
package struct UnmappedWord: Sendable, Encodable, Hashable {
    package let column: String
    package let field: String
    /// The table of words that the mapping looks it up in; absent where it reads codes as they are.
    package let table: String?
    /// Half-width and trimmed; masked where it looks like no word.
    package let word: String
    package let isMasked: Bool
}

/// Words that wait for a decision, with the rows that they hold up.
package struct UnmappedWords: Sendable {
    /// A word as it stands, and whether it is made of what the list's words are made of.
    private struct Written: Hashable {
        let column: String
        let field: String
        let table: String?
        let word: String
        let isKin: Bool
        let isDivision: Bool
    }

    private var written: [Written: Int] = [:]

    /// Rows by word. One that has nothing in common with the words of its list may be a name or a
    /// village from another column: it is masked where a row or two have it, and always where it is
    /// as long as a name.
    package var counts: [UnmappedWord: Int] {
        var counts: [UnmappedWord: Int] = [:]
        for (written, rows) in written {
            let isPersonal =
                UnmappedWords.isAddress(written.word)
                || PersonalSigns.arePersons(in: written.word)
                || (!written.isDivision && UnmappedWords.isNumberOrMail(written.word))
            // A doctor's name stands in many rows.
            let isOften =
                rows >= UnmappedWords.fewestRows && !UnmappedWords.mayBeName(written.word)
            let isWord = !isPersonal && (written.isKin || isOften)
            let shown = isWord ? UnmappedWords.shown(written.word) : nil
            counts[
                UnmappedWord(
                    column: written.column, field: written.field, table: written.table,
                    word: shown ?? "…\(written.word.count)…", isMasked: shown == nil),
                default: 0] += rows
        }
        return counts
    }

    private static let fewestRows = 3
    /// Rows that at least one word holds up.
    package private(set) var rows = 0

    /// The longest word that is shown, in characters; no list of ours has a longer one.
    static let longestShown = 24

    private init() {}

    /// No words, to which others are added.
    package static let none = UnmappedWords()

    /// Adds what was found elsewhere.
    package mutating func add(_ other: UnmappedWords) {
        written.merge(other.written, uniquingKeysWith: +)
        rows += other.rows
    }

    /// Reads a whole file by a mapping, without a database and without keys.
    ///
    /// - Throws: `ReadFailure`, `HeaderFailure`.
    package init(inFileAt path: String, by file: MappingFile) throws {
        let cursor = try file.mapping.openFile(path)
        let bound = try file.mapping.bound(to: cursor.header, acceptsInvented: true)
        while let batch = try cursor.next(upTo: 1000) {
            add(batch, header: cursor.header, bound)
        }
    }

    /// Notes the words of a batch that nothing knows.
    mutating func add(_ batch: SourceBatch, header: [String], _ bound: BoundMapping) {
        let mapping = bound.mapping
        let rules = Dictionary(
            mapping.rules.map { (mapping.dictionary.elements[$0.ordinal].name, $0) },
            uniquingKeysWith: { first, _ in first })
        var held: Set<Int> = []
        for found in bound.apply(to: batch).findings
        where MappingCodes.unknownWordCodes.contains(found.finding.code) {
            guard let field = found.finding.field, let rule = rules[field],
                let column = rule.column, let place = header.firstIndex(of: column)
            else { continue }
            let element = mapping.dictionary.elements[rule.ordinal]
            var isDivision = false
            if case .division = element.kind { isDivision = true }
            let words = batch.bytes.withUnsafeBufferPointer { bytes in
                rule.unknownWords(
                    in: UnsafeBufferPointer(
                        rebasing: bytes[batch.cell(row: found.row, column: place)]), of: element)
            }
            for word in Set(words) {
                held.insert(found.row)
                written[
                    Written(
                        column: column, field: field, table: rule.words?.name, word: word,
                        isKin: rule.isKin(word, of: element), isDivision: isDivision),
                    default: 0] += 1
            }
        }
        rows += held.count
    }

    /// Whether a word is rather where somebody lives (住址): two parts of an address, or one with a
    /// number before it.
    static func isAddress(_ word: String) -> Bool {
        var parts = 0
        var hasNumber = false
        var last: Character?
        for character in word {
            if addressParts.contains(character) {
                parts += 1
                if last?.isNumber ?? false { hasNumber = true }
            }
            last = character
        }
        return hasNumber || (parts > 1 && word.count > 4)
    }

    /// Whether a word is rather a way to reach somebody: with an `@`, or seven digits in a row.
    static func isNumberOrMail(_ word: String) -> Bool {
        var digits = 0
        for character in word {
            digits = character.isNumber ? digits + 1 : 0
            if digits >= 7 || character == "@" { return true }
        }
        return false
    }

    /// Whether a word is as long as a name, and of Han characters alone.
    static func mayBeName(_ word: String) -> Bool {
        (2...4).contains(word.count) && word.unicodeScalars.allSatisfy(\.properties.isIdeographic)
    }

    private static let addressParts = Set("省市县区乡镇村组街路巷弄号栋幢室队屯湾坪")

    /// A word, or `nil` where it is rather a number or a sentence that slipped into the column.
    static func shown(_ word: String) -> String? {
        var digits = 0
        for character in word {
            digits = character.isNumber ? digits + 1 : 0
            // A division has 12 digits, a telephone number 11, and begins with 1.
            if digits > 12 || (digits == 11 && word.hasPrefix("1")) { return nil }
        }
        return word.count <= longestShown ? word : nil
    }
}

extension Register {
    /// Rows that are kept because a list does not know a word: of each case the latest version, of
    /// rows without a case all.
    func heldByWords(in transaction: any Transaction) throws(StorageFailure) -> [HeldRow] {
        var held: [HeldRow] = []
        let codes = MappingCodes.unknownWordCodes
        for row in try transaction.run(
            """
            SELECT kept_row.intake, kept_row.row, kept_row.codes, kept_row.sealed, intake.header,
                intake.mapping, intake.source
            FROM kept_row JOIN intake ON intake.intake = kept_row.intake
                LEFT JOIN case_version ON case_version.record = kept_row.record
            WHERE kept_row.fate = 'quarantined' AND kept_row.sealed <> ''
                AND (kept_row.record IS NULL OR case_version.version = kept_row.version)
            ORDER BY kept_row.intake, kept_row.row
            """)
        {
            let said = try row.text("codes").split(separator: " ").map(String.init)
            guard !codes.isDisjoint(with: said) else { continue }
            held.append(
                HeldRow(
                    intake: IntakeID(try row.text("intake")), row: try row.int("row"),
                    sealed: try row.text("sealed"), header: try row.text("header"),
                    mapping: try row.text("mapping"), source: try row.text("source")))
        }
        return held
    }

    /// A kept row with what is needed to read it again.
    struct HeldRow: Sendable {
        let intake: IntakeID
        let row: Int
        let sealed: String
        let header: String
        let mapping: String
        let source: String
    }
}

extension Site {
    /// Words of a programme's quarantined rows and of its parts on the shelf that the mappings as
    /// they are now do not know: a word that was added since is not among them.
    ///
    /// - Parameter source: of this source, or of the mapping of this name; of all where `nil`.
    /// - Throws: `StorageFailure`, and what opening a sealed row throws.
    package func unmappedWords(
        of programme: SiteProgramme, source: String?, in database: any Database,
        _ kit: PreparationKit
    ) async throws -> UnmappedWords {
        let held = try await database.read { try Register().heldByWords(in: $0) }
        let desk = try PreparationDesk(kit: kit)
        var words = UnmappedWords.none
        var rest = held.filter { source == nil || $0.source == source || $0.mapping == source }[...]
        while let first = rest.first {
            let group = rest.prefix { $0.intake == first.intake }.prefix(1000)
            rest = rest.dropFirst(group.count)
            let header = try RowText.header(of: first.header)
            // Of a mapping that is gone or reads other columns now, nothing can be said.
            guard let file = catalogue.mapping(named: first.mapping)?.mapping,
                programme.isFilled(by: file),
                let bound = try? file.mapping.bound(to: header, acceptsInvented: true)
            else { continue }
            var rows: [(number: Int, bytes: [UInt8])] = []
            for row in group {
                let bytes = try await desk.open(row.sealed, intake: row.intake, number: row.row)
                rows.append((row.row, bytes))
            }
            words.add(
                RowText.batch(of: rows, columns: header.count), header: header, bound)
        }
        let wanted = source.map { name in
            configuration.sources.first { $0.name == name }?.mapping ?? name
        }
        for file in programme.programme.mappings where wanted == nil || file.path == wanted {
            guard let part = file.mapping.part else { continue }
            try await words.add(partsOf: file, part, in: database, desk)
        }
        return words
    }
}
