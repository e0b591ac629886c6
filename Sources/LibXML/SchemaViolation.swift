internal import CLibXML2

/// One place where a document breaks its schema: where and how, never the value that stands there.
package struct SchemaViolation: Sendable, Equatable, CustomStringConvertible {
    /// How the schema is broken.
    package enum Kind: String, Sendable {
        case missingElement = "missing element"
        case unexpectedElement = "unexpected element"
        case missingAttribute = "missing attribute"
        case unexpectedAttribute = "unexpected attribute"
        case unexpectedContent = "content not allowed here"
        case datatype = "not of its datatype"
        case pattern = "does not match the pattern"
        case enumeration = "not in the list of values"
        case length = "wrong length"
        case range = "out of range"
        case digits = "too many digits"
        case fixedValue = "not the fixed value"
        case uniqueness = "not unique, or refers to nothing"
        case other = "breaks the schema"
    }

    /// The line where libxml2 noticed it, from 1.
    package let line: Int
    /// Local names from the root to the element, joined by `/`.
    package let path: String
    /// Which child element of the root it lies in, from 0; nil if it is the root itself.
    package let rootChildIndex: Int?
    /// The attribute's local name, if it is about an attribute.
    package let attribute: String?
    /// How the schema is broken.
    package let kind: Kind
    /// The local names that the schema would have allowed here, if libxml2 tells.
    package let expected: [String]

    /// One line without any value of the document.
    package var description: String {
        let place = attribute.map { "\(path)/@\($0)" } ?? path
        let hint = expected.isEmpty ? "" : ", expected \(expected.joined(separator: " or "))"
        return "line \(line), \(place): \(kind.rawValue)\(hint)"
    }
}

extension SchemaViolation.Kind {
    /// The kind for a code of `xmlSchemaValidError`; `message` only tells the two uses of one code
    /// apart.
    init(code: Int32, message: String) {
        switch xmlParserErrors(rawValue: UInt32(bitPattern: code)) {
        case XML_SCHEMAV_ELEMENT_CONTENT:
            self =
                message.contains("': Missing child element(s)")
                ? .missingElement : .unexpectedElement
        case XML_SCHEMAV_CVC_ELT_1, XML_SCHEMAV_CVC_ELT_2, XML_SCHEMAV_UNDECLAREDELEM,
            XML_SCHEMAV_CVC_WILDCARD:
            self = .unexpectedElement
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_4: self = .missingAttribute
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1, XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1,
            XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2, XML_SCHEMAV_CVC_TYPE_3_1_1:
            self = .unexpectedAttribute
        case XML_SCHEMAV_CVC_TYPE_3_1_2, XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1,
            XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2, XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3,
            XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4, XML_SCHEMAV_CVC_ELT_3_2_1:
            self = .unexpectedContent
        case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1, XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2,
            XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3, XML_SCHEMAV_CVC_FACET_VALID:
            self = .datatype
        case XML_SCHEMAV_CVC_PATTERN_VALID: self = .pattern
        case XML_SCHEMAV_CVC_ENUMERATION_VALID: self = .enumeration
        case XML_SCHEMAV_CVC_LENGTH_VALID, XML_SCHEMAV_CVC_MINLENGTH_VALID,
            XML_SCHEMAV_CVC_MAXLENGTH_VALID:
            self = .length
        case XML_SCHEMAV_CVC_MININCLUSIVE_VALID, XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID,
            XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID, XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID:
            self = .range
        case XML_SCHEMAV_CVC_TOTALDIGITS_VALID, XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID: self = .digits
        case XML_SCHEMAV_CVC_AU, XML_SCHEMAV_CVC_ELT_5_2_2_1, XML_SCHEMAV_CVC_ELT_5_2_2_2_1,
            XML_SCHEMAV_CVC_ELT_5_2_2_2_2:
            self = .fixedValue
        case XML_SCHEMAV_CVC_IDC: self = .uniqueness
        default: self = .other
        }
    }

    /// Whether the value is wrong by itself.
    var isAboutValue: Bool {
        switch self {
        case .datatype, .pattern, .enumeration, .length, .range, .digits: true
        default: false
        }
    }
}

extension SchemaViolation {
    /// Whether `earlier` already says it: of one wrong value libxml2 reports the facet, then the
    /// datatype, and then that it cannot serve as a key.
    func repeats(_ earlier: SchemaViolation) -> Bool {
        earlier.kind.isAboutValue && (kind == .datatype || kind == .uniqueness)
            && (earlier.line, earlier.path, earlier.attribute) == (line, path, attribute)
    }
}
