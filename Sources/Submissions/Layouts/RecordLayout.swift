package import Definitions
package import Privacy
import Records

/// Writes records as the profile's XML (报文格式), from bytes that were made ready once.
///
/// EXCHANGE 1: subjects, then forms; in each the sealed values, then the open ones, in the
/// dictionary's order; a missing value is absent, never empty.
package struct RecordLayout: Sendable {
    /// One element's ready bytes; a class, since every value of every record passes by.
    private final class Tags: Sendable {
        let ordinal: Int
        let open: [UInt8]
        let close: [UInt8]
        /// Texts of the code list, escaped; empty for other kinds.
        let codes: [[UInt8]]

        init(ordinal: Int, open: [UInt8], close: [UInt8], codes: [[UInt8]]) {
            self.ordinal = ordinal
            self.open = open
            self.close = close
            self.codes = codes
        }
    }

    private struct Part: Sendable {
        let open: [UInt8]
        let close: [UInt8]
        let elements: [Tags]
    }

    private let dictionary: ElementDictionary
    private let subjects: [Part]
    private let forms: [Part]

    package init(dictionary: ElementDictionary) {
        self.dictionary = dictionary
        subjects = dictionary.subjects.indices.map { number in
            Part(
                open: Array("<Subject role=\"\(dictionary.subjects[number].role)\"".utf8),
                close: Array("</Subject>\n".utf8),
                elements: dictionary.elements(at: .subject(number)).map(RecordLayout.tags))
        }
        forms = dictionary.forms.indices.map { number in
            Part(
                open: Array("<Form name=\"\(dictionary.forms[number].name)\">".utf8),
                close: Array("</Form>\n".utf8),
                elements: dictionary.elements(at: .form(number)).map(RecordLayout.tags))
        }
    }

    private static func tags(_ element: Element) -> Tags {
        var codes: [[UInt8]] = []
        if case .code(let list) = element.kind {
            codes = list.codes.map { code in
                var text: [UInt8] = []
                append(escaped: code.bytes[...], to: &text)
                return text
            }
        }
        if element.protection == .encrypt {
            return Tags(
                ordinal: element.ordinal,
                open: Array("<Sealed field=\"\(element.wireName)\">".utf8),
                close: Array("</Sealed>".utf8), codes: codes)
        }
        let unit = element.unit.map { " unit=\"\($0)\"" } ?? ""
        return Tags(
            ordinal: element.ordinal, open: Array("<\(element.wireName)\(unit)>".utf8),
            close: Array("</\(element.wireName)>".utf8), codes: codes)
    }

    /// Appends one record's element.
    ///
    /// - Parameters:
    ///   - head: the record's start tag with its attributes.
    package func append(
        _ index: Int, of batch: ProtectedBatch<ForNation>, head: [UInt8], to xml: inout [UInt8]
    ) {
        xml.append(contentsOf: head)
        for (number, part) in subjects.enumerated() where batch.hasSubject(index, number) {
            xml.append(contentsOf: part.open)
            if let pseudonym = batch.records[index].identity.pseudonyms[number] {
                xml.append(contentsOf: " pseudonym=\"".utf8)
                xml.append(contentsOf: pseudonym)
                xml.append(UInt8(ascii: "\""))
            }
            xml.append(UInt8(ascii: ">"))
            append(part.elements, index, batch, to: &xml)
            xml.append(contentsOf: part.close)
        }
        for part in forms {
            let before = xml.count
            xml.append(contentsOf: part.open)
            let start = xml.count
            append(part.elements, index, batch, to: &xml)
            if xml.count == start {
                xml.removeSubrange(before...)
            } else {
                xml.append(contentsOf: part.close)
            }
        }
        xml.append(contentsOf: "</Record>\n".utf8)
    }

    private func append(
        _ elements: [Tags], _ index: Int, _ batch: ProtectedBatch<ForNation>,
        to xml: inout [UInt8]
    ) {
        for tags in elements {
            switch batch.value(index, tags.ordinal) {
            case .absent:
                continue
            case .sealed(let range):
                xml.append(contentsOf: tags.open)
                xml.append(contentsOf: batch.sealed[Int(range.lowerBound)..<Int(range.upperBound)])
            case .kept(let value):
                xml.append(contentsOf: tags.open)
                switch value.expose() {
                case .code(let code): xml.append(contentsOf: tags.codes[code])
                case .text(let range):
                    RecordLayout.append(escaped: batch.clear[range], to: &xml)
                default:
                    batch.clear.withUnsafeBufferPointer {
                        dictionary.elements[tags.ordinal].appendText(of: value, arena: $0, to: &xml)
                    }
                }
            }
            xml.append(contentsOf: tags.close)
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
