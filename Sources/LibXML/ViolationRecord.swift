internal import CLibXML2

/// Follows the reader through the document, so that a violation can be placed, and keeps the first
/// violations without their values.
final class ViolationRecord: EventHandler {
    private(set) var violations: [SchemaViolation] = []
    /// Whether libxml2 said that it could not decide.
    private(set) var isUndecided = false
    private let limit: Int
    // The reader interns names: the addresses stay good for as long as it lives.
    private var path: [UnsafePointer<UInt8>] = []
    private var rootChildren = 0
    // The schema looks at an element after us, also when it ends: so it leaves the path one step
    // late.
    private var isLeaving = false
    private var reader: EventReader?

    init(limit: Int) {
        self.limit = limit
    }

    func begin(_ reader: EventReader) {
        violations = []
        isUndecided = false
        path.removeAll(keepingCapacity: true)
        rootChildren = 0
        isLeaving = false
        self.reader = reader
    }

    func end() {
        reader = nil
        path.removeAll(keepingCapacity: true)
    }

    func elementOpened(_ name: EventName, _ attributes: EventAttributes, line: Int) -> EventAnswer {
        leave()
        path.append(name.localBytes)
        if path.count == 2 { rootChildren += 1 }
        return .goOn
    }

    func text(_ utf8: UnsafeRawBufferPointer) -> EventAnswer {
        leave()
        return .goOn
    }

    func elementClosed(_ name: EventName) -> EventAnswer {
        leave()
        isLeaving = true
        return .goOn
    }

    private func leave() {
        if isLeaving {
            path.removeLast()
            isLeaving = false
        }
    }

    /// Takes one report of libxml2. Its message is read for names and then forgotten.
    func note(_ error: xmlError) {
        guard error.level != XML_ERR_WARNING else { return }
        guard UInt32(bitPattern: error.code) != XML_SCHEMAV_INTERNAL.rawValue,
            error.domain == Int32(XML_FROM_SCHEMASV.rawValue), let text = error.message
        else {
            isUndecided = true
            reader?.stop()
            return
        }
        let message = String(cString: text)
        let names = ViolationNames(message: message, code: error.code)
        let violation = SchemaViolation(
            line: reader?.line ?? 0,
            path: path.map { EventName.shortened($0) }.joined(separator: "/"),
            rootChildIndex: path.count >= 2 ? rootChildren - 1 : nil,
            attribute: names.attribute,
            kind: SchemaViolation.Kind(code: error.code, message: message),
            expected: names.expected)
        if let last = violations.last, violation.repeats(last) { return }
        if violations.count < limit { violations.append(violation) }
        if violations.count >= limit { reader?.stop() }
    }
}

/// The names that a message of libxml2 speaks of, taken only from where no value can stand.
struct ViolationNames {
    let attribute: String?
    let expected: [String]

    init(message: String, code: Int32) {
        // `Element 'name', attribute 'name': …`: a name holds no quotation mark.
        let parts = message.split(separator: "'", maxSplits: 4, omittingEmptySubsequences: false)
        let isMissing = UInt32(bitPattern: code) == XML_SCHEMAV_CVC_COMPLEX_TYPE_4.rawValue
        if parts.count == 5, parts[0] == "Element ",
            parts[2] == ", attribute " || (isMissing && parts[2] == ": The attribute ")
        {
            attribute = Self.localName(parts[3])
        } else {
            attribute = nil
        }
        guard UInt32(bitPattern: code) == XML_SCHEMAV_ELEMENT_CONTENT.rawValue,
            let open = message.firstRange(of: "( "), let close = message.firstRange(of: " )"),
            open.upperBound <= close.lowerBound
        else {
            expected = []
            return
        }
        expected = message[open.upperBound..<close.lowerBound].split(separator: ", ")
            .map { Self.localName($0) }
    }

    private static func localName(_ name: Substring) -> String {
        String(name[(name.lastIndex(of: "}").map { name.index(after: $0) } ?? name.startIndex)...])
    }
}
