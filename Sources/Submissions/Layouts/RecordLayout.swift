package import Definitions
package import Privacy
import Records

/// Writes records as the profile's XML (报文格式), from bytes that were made ready once.
///
/// EXCHANGE 1: subjects, then forms; in each the sealed values, then the open ones, in the
/// dictionary's order; a missing value is absent, never empty.
package struct RecordLayout: Sendable {
    /// One element's ready bytes, as ranges of `ready`: no reference to follow, none to count.
    private struct Tags: Sendable {
        let ordinal: Int
        let open: Range<Int>
        let close: Range<Int>
        /// The place of its first code in `codes`.
        let firstCode: Int
    }

    private struct Part: Sendable {
        let open: Range<Int>
        let close: Range<Int>
        let elements: Range<Int>
    }

    private let dictionary: ElementDictionary
    private var subjects: [Part] = []
    private var forms: [Part] = []
    private var tags: [Tags] = []
    /// The texts of all code lists, escaped, list after list.
    private var codes: [Range<Int>] = []
    private var ready: [UInt8] = []

    package init(dictionary: ElementDictionary) {
        self.dictionary = dictionary
        for (number, subject) in dictionary.subjects.enumerated() {
            let part = part(
                "<Subject role=\"\(subject.role)\"", "</Subject>\n",
                dictionary.elements(at: .subject(number)))
            subjects.append(part)
        }
        for (number, form) in dictionary.forms.enumerated() {
            let part = part(
                "<Form name=\"\(form.name)\">", "</Form>\n", dictionary.elements(at: .form(number)))
            forms.append(part)
        }
    }

    private mutating func part(_ open: String, _ close: String, _ elements: [Element]) -> Part {
        let first = tags.count
        for element in elements {
            let tags = tags(of: element)
            self.tags.append(tags)
        }
        return Part(open: keep(open), close: keep(close), elements: first..<tags.count)
    }

    private mutating func tags(of element: Element) -> Tags {
        let firstCode = codes.count
        if case .code(let list) = element.kind {
            for code in list.codes {
                let start = ready.count
                RecordLayout.append(escaped: code.bytes[...], to: &ready)
                codes.append(start..<ready.count)
            }
        }
        let isSealed = element.protection == .encrypt
        let name = element.wireName
        let unit = element.unit.map { " unit=\"\($0)\"" } ?? ""
        return Tags(
            ordinal: element.ordinal,
            open: keep(isSealed ? "<Sealed field=\"\(name)\">" : "<\(name)\(unit)>"),
            close: keep(isSealed ? "</Sealed>" : "</\(name)>"), firstCode: firstCode)
    }

    private mutating func keep(_ text: String) -> Range<Int> {
        let start = ready.count
        ready.append(contentsOf: text.utf8)
        return start..<ready.count
    }

    /// Appends one record's element.
    ///
    /// - Parameters:
    ///   - head: the record's start tag with its attributes.
    package func append(
        _ index: Int, of batch: ProtectedBatch<ForNation>, head: [UInt8], to xml: inout [UInt8]
    ) {
        xml.append(contentsOf: head)
        batch.withRecord(index) { values in
            ready.withUnsafeBufferPointer { append(index, of: batch, values, $0, to: &xml) }
        }
        xml.append(contentsOf: "</Record>\n".utf8)
    }

    /// A record's values, and every ready text.
    private func append(
        _ index: Int, of batch: ProtectedBatch<ForNation>,
        _ values: UnsafeBufferPointer<ProtectedValue>, _ ready: UnsafeBufferPointer<UInt8>,
        to xml: inout [UInt8]
    ) {
        for (number, part) in subjects.enumerated() where batch.hasSubject(index, number) {
            xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[part.open]))
            if let pseudonym = batch.records[index].identity.pseudonyms[number] {
                xml.append(contentsOf: " pseudonym=\"".utf8)
                xml.append(contentsOf: pseudonym)
                xml.append(UInt8(ascii: "\""))
            }
            xml.append(UInt8(ascii: ">"))
            append(part.elements, of: values, batch.sealed, batch.clear, ready, to: &xml)
            xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[part.close]))
        }
        for part in forms {
            let before = xml.count
            xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[part.open]))
            let start = xml.count
            append(part.elements, of: values, batch.sealed, batch.clear, ready, to: &xml)
            if xml.count == start {
                xml.removeSubrange(before...)
            } else {
                xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[part.close]))
            }
        }
    }

    private func append(
        _ elements: Range<Int>, of values: UnsafeBufferPointer<ProtectedValue>,
        _ sealed: [UInt8], _ clear: [UInt8], _ ready: UnsafeBufferPointer<UInt8>,
        to xml: inout [UInt8]
    ) {
        for tags in tags[elements] {
            switch values[tags.ordinal] {
            case .absent:
                continue
            case .sealed(let range):
                xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[tags.open]))
                xml.append(
                    contentsOf: sealed[Int(range.lowerBound)..<Int(range.upperBound)])
            case .kept(let value):
                xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[tags.open]))
                switch value.expose() {
                case .code(let code):
                    let text = ready[codes[tags.firstCode + code]]
                    xml.append(contentsOf: UnsafeBufferPointer(rebasing: text))
                case .text(let range):
                    RecordLayout.append(escaped: clear[range], to: &xml)
                case .risk:
                    // The one kind besides text that may hold a sign of XML: `<50000`.
                    var text: [UInt8] = []
                    clear.withUnsafeBufferPointer {
                        dictionary.elements[tags.ordinal].appendText(
                            of: value, arena: $0, to: &text)
                    }
                    RecordLayout.append(escaped: text[...], to: &xml)
                default:
                    clear.withUnsafeBufferPointer {
                        dictionary.elements[tags.ordinal].appendText(of: value, arena: $0, to: &xml)
                    }
                }
            }
            xml.append(contentsOf: UnsafeBufferPointer(rebasing: ready[tags.close]))
        }
    }

    /// Appends text for an element or an attribute in double quotes.
    static func append(escaped text: ArraySlice<UInt8>, to xml: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): xml.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): xml.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): xml.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): xml.append(contentsOf: "&quot;".utf8)
            default: xml.append(byte)
            }
        }
    }
}
