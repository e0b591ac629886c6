import Definitions
import Glibc

/// The compiled check's short way: passes a record that is spelled byte for byte as `RecordLayout`
/// spells one and whose every value its facet accepts.
///
/// It only ever says yes or nothing: whatever is spelled otherwise, and whatever is wrong, goes the
/// long way through `RecordScan`, which names the fault. So its yes must be one of `RecordScan`'s.
struct StraightCheck: Sendable {
    private struct Step: Sendable {
        /// `<name>`, `<name unit="u">` or `<Sealed field="name">`, a range of `ready`.
        let open: Range<Int>
        let close: Range<Int>
        let facet: SchemaFacet
        let isRequired: Bool
    }

    private struct Part: Sendable {
        let open: Range<Int>
        let close: Range<Int>
        let isSubject: Bool
        let sealed: Range<Int>
        let kept: Range<Int>
    }

    private var ready: [UInt8] = []
    private let classes = ByteClass.table
    private var steps: [Step] = []
    private var parts: [Part] = []
    private let institution = SchemaFacet.recordInstitution
    private let day = SchemaFacet(.date)

    init(dictionary: ElementDictionary) {
        let required = SchemaSlots.subject(dictionary).filter(\.isRequired).map(\.element.wireName)
        for (number, subject) in dictionary.subjects.enumerated() {
            let elements = dictionary.elements(at: .subject(number))
            addPart("<Subject role=\"\(subject.role)\"", "</Subject>\n", elements, required)
        }
        for (number, form) in dictionary.forms.enumerated() {
            let elements = dictionary.elements(at: .form(number))
            addPart("<Form name=\"\(form.name)\">", "</Form>\n", elements, nil)
        }
    }

    private mutating func addPart(
        _ open: String, _ close: String, _ elements: [Element], _ required: [String]?
    ) {
        let first = steps.count
        for element in elements where element.protection == .encrypt {
            addStep("<Sealed field=\"\(element.wireName)\">", "</Sealed>", element, false)
        }
        let kept = steps.count
        for element in elements {
            guard case .keep = element.protection else { continue }
            let unit = element.unit.map { " unit=\"\($0)\"" } ?? ""
            addStep(
                "<\(element.wireName)\(unit)>", "</\(element.wireName)>", element,
                required?.contains(element.wireName) ?? false)
        }
        parts.append(
            Part(
                open: keep(open), close: keep(close), isSubject: required != nil,
                sealed: first..<kept, kept: kept..<steps.count))
    }

    private mutating func addStep(
        _ open: String, _ close: String, _ element: Element, _ isRequired: Bool
    ) {
        steps.append(
            Step(
                open: keep(open), close: keep(close), facet: SchemaFacet(element.kind),
                isRequired: isRequired))
    }

    private mutating func keep(_ text: String) -> Range<Int> {
        let start = ready.count
        ready.append(contentsOf: text.utf8)
        return start..<ready.count
    }

    /// Whether the bytes of one `Record` element are beyond doubt.
    func passes(_ record: UnsafeBufferPointer<UInt8>) -> Bool {
        ready.withUnsafeBufferPointer { ready in
            classes.withUnsafeBufferPointer { classes in
                passes(Pass(bytes: record, ready: ready, classes: classes))
            }
        }
    }

    private func passes(_ start: Pass) -> Bool {
        var pass = start
        guard pass.head(institution, day) else { return false }
        for part in parts where pass.take(part.open) {
            if part.isSubject, !pass.pseudonym() { return false }
            guard pass.sealedValues(steps[part.sealed]), pass.values(steps[part.kept]),
                pass.take(part.close)
            else { return false }
        }
        return pass.take("</Record>\n") && pass.isAtEnd
    }

    /// One walk over one record; every step moves on or stays where it is.
    private struct Pass {
        let bytes: UnsafeBufferPointer<UInt8>
        let ready: UnsafeBufferPointer<UInt8>
        let classes: UnsafeBufferPointer<UInt8>
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        /// `<Record id="…" version="…" action="…" institution="…" serviceDate="…">`.
        mutating func head(_ institution: SchemaFacet, _ day: SchemaFacet) -> Bool {
            guard take("<Record id=\""), run(of: 32, .lowerHex), take("\" version=\""),
                let version = upToQuote(), (1...9).contains(version.count), version[0] != 0x30,
                version.allSatisfy(SchemaFacet.isDigit), take("\" action=\""),
                take("submit") || take("amend") || take("withdraw"), take("\" institution=\""),
                let code = upToQuote(), institution.accepts(code), take("\" serviceDate=\""),
                let date = upToQuote(), day.accepts(date)
            else { return false }
            return take("\">\n")
        }

        /// The rest of a subject's start tag.
        mutating func pseudonym() -> Bool {
            take(" pseudonym=\"") && run(of: 32, .lowerBase32) && take("\">")
        }

        mutating func sealedValues(_ steps: ArraySlice<Step>) -> Bool {
            for step in steps where take(step.open) {
                guard sealedText(), take(step.close) else { return false }
            }
            return true
        }

        mutating func values(_ steps: ArraySlice<Step>) -> Bool {
            for step in steps {
                guard take(step.open) else {
                    if step.isRequired { return false }
                    continue
                }
                guard let text = text(), step.facet.accepts(text), take(step.close) else {
                    return false
                }
            }
            return true
        }

        /// A `GWF1` field of either suite, as `SchemaFacet.sealedPattern` has it.
        private mutating func sealedText() -> Bool {
            guard take("GWF1."), take("gm.") || take("intl.") else { return false }
            let key = index
            skip(.letterOrDigit)
            guard (8...40).contains(index - key), take("."), run(of: 22, .base64URL), take(".")
            else { return false }
            skip(.base64URL)
            return take(".") && run(of: 43, .base64URL)
        }

        /// Text up to the next markup, where nothing in it needs a second look; `nil` else.
        private mutating func text() -> UnsafeBufferPointer<UInt8>? {
            let start = index
            var isWide: UInt8 = 0
            while index < bytes.count, ByteClass.plainText.has(bytes[index], in: classes) {
                isWide |= bytes[index]
                index += 1
            }
            let text = UnsafeBufferPointer(rebasing: bytes[start..<index])
            if isWide >= 0x80, !RecordScan.isXMLText(text) { return nil }
            return text
        }

        private mutating func upToQuote() -> UnsafeBufferPointer<UInt8>? {
            let start = index
            while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
                // White space that a schema would take off, and anything escaped: the long way.
                guard ByteClass.letterOrDigit.has(bytes[index], in: classes) || bytes[index] == 0x2D
                else {
                    return nil
                }
                index += 1
            }
            return UnsafeBufferPointer(rebasing: bytes[start..<index])
        }

        private mutating func skip(_ allowed: ByteClass) {
            while index < bytes.count, allowed.has(bytes[index], in: classes) { index += 1 }
        }

        private mutating func run(of count: Int, _ allowed: ByteClass) -> Bool {
            guard bytes.count - index >= count else { return false }
            for offset in index..<index + count where !allowed.has(bytes[offset], in: classes) {
                return false
            }
            index += count
            return true
        }

        mutating func take(_ range: Range<Int>) -> Bool {
            let count = range.count
            guard bytes.count - index >= count, let here = bytes.baseAddress,
                let there = ready.baseAddress,
                memcmp(here + index, there + range.lowerBound, count) == 0
            else { return false }
            index += count
            return true
        }

        mutating func take(_ text: StaticString) -> Bool {
            let count = text.utf8CodeUnitCount
            guard bytes.count - index >= count, let here = bytes.baseAddress,
                memcmp(here + index, text.utf8Start, count) == 0
            else { return false }
            index += count
            return true
        }
    }
}

/// Sets of bytes, asked in one look: a bit each in one table.
struct ByteClass: Sendable {
    private let bit: UInt8

    static let lowerHex = ByteClass(bit: 1)
    static let lowerBase32 = ByteClass(bit: 2)
    static let letterOrDigit = ByteClass(bit: 4)
    static let base64URL = ByteClass(bit: 8)
    /// Text in which nothing stands for something else: no reference, no mark of a CDATA's end, no
    /// control, no line break to be normalised.
    static let plainText = ByteClass(bit: 16)

    /// For each byte the classes that have it.
    static let table: [UInt8] = (0...255).map { (byte: UInt8) in
        var bits: UInt8 = 0
        let isDigit = SchemaFacet.isDigit(byte)
        if isDigit || (byte >= 0x61 && byte <= 0x66) { bits |= lowerHex.bit }
        if (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x32 && byte <= 0x37) {
            bits |= lowerBase32.bit
        }
        if SchemaFacet.isLetterOrDigit(byte) { bits |= letterOrDigit.bit }
        if SchemaFacet.isBase64URL(byte) { bits |= base64URL.bit }
        if byte >= 0x20, byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&"),
            byte != UInt8(ascii: "]"), byte != 0x7F
        {
            bits |= plainText.bit
        }
        return bits
    }

    func has(_ byte: UInt8, in table: UnsafeBufferPointer<UInt8>) -> Bool {
        table[Int(byte)] & bit != 0
    }
}
