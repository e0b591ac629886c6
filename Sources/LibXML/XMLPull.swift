internal import Glibc

/// Reads a document of any length in a window of fixed size: the caller asks for one event after
/// the other, and gives more bytes when they are asked for.
///
/// It takes UTF-8 without document types, within the limits of `DocumentGuard`, and checks that
/// tags match. It does not resolve namespaces, and does not look for attributes that stand twice.
/// A value that cannot be copied: the checks of a class's accesses would cost half of its time.
package struct XMLPull: ~Copyable {
    /// What stands next in the document.
    package enum Event: Sendable {
        /// More bytes are needed: call `fill`, then ask again.
        case hungry
        /// An element begins; `isNamed` and `attribute` speak of it.
        case opened
        /// A piece of text, in `text`.
        case text
        /// An element ends; `isNamed` speaks of it.
        case closed
        /// The root has ended, and nothing but white space came after it.
        case ended
    }

    let limits: DocumentLimits
    let window: UnsafeMutablePointer<UInt8>
    let capacity: Int
    /// What of the window is filled, and what of it was read.
    var end = 0
    var position = 0
    /// No more bytes will come.
    var isComplete = false
    var attributes: [(name: Range<Int>, value: Range<Int>)] = []
    /// The full name of the element that the last event is about.
    var name = 0..<0
    private var piece = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private let scratch = UnsafeMutablePointer<UInt8>.allocate(capacity: 4)
    /// Names of the elements that are open, one after the other, and where each begins.
    private var openNames: [UInt8] = []
    private var openStarts: [Int] = []
    private var hasRoot = false
    /// The last tag closed itself, and that was not said yet.
    private var closesItself = false
    private var isAtStart = true
    private var readBytes = 0
    private var readLines = 0

    /// - Parameter limits: `documentBytes` counts all that is given by `fill`.
    package init(limits: DocumentLimits = DocumentLimits()) {
        self.limits = limits
        capacity = 2 * limits.tagBytes + 65_536
        window = .allocate(capacity: capacity)
    }

    deinit {
        window.deallocate()
        scratch.deallocate()
    }

    /// How many elements are open.
    package var depth: Int { openStarts.count }

    /// The text of the last event, decoded, good until the next call.
    package var text: UnsafeBufferPointer<UInt8> { piece }

    /// Whether the element of the last event has this local name.
    package func isNamed(_ local: StaticString) -> Bool {
        let full = UnsafeBufferPointer(rebasing: named(name))
        return XMLPull.local(full, is: local)
    }

    /// The value of an attribute of the element that was just opened, by local name, as it stands
    /// between the quotation marks: a reference such as `&amp;` is not resolved. Good until the
    /// next call.
    package func attribute(_ local: StaticString) -> UnsafeBufferPointer<UInt8>? {
        for attribute in attributes
        where XMLPull.local(UnsafeBufferPointer(rebasing: named(attribute.name)), is: local) {
            return UnsafeBufferPointer(rebasing: named(attribute.value))
        }
        return nil
    }

    /// Makes room and lets `read` put bytes there; none means that the document has ended.
    ///
    /// - Throws: what `read` throws, and nothing of its own.
    package mutating func fill<Failure: Error>(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        let kept = end - position
        for index in 0..<position where window[index] == 0x0A { readLines += 1 }
        if position > 0, kept > 0 { memmove(window, window + position, kept) }
        (position, end) = (0, kept)
        let room = UnsafeMutableRawBufferPointer(start: window + end, count: capacity - end)
        let count = try read(room)
        end += count
        readBytes += count
        isComplete = count == 0
    }

    /// The next event.
    ///
    /// - Throws: `XMLFailure` with `tooLarge`, `doctypeRefused`, `wrongEncoding`, `tooDeep`,
    ///   `attributeBomb` or `malformed`.
    package mutating func next() throws(XMLFailure) -> Event {
        guard readBytes <= limits.documentBytes else { throw XMLFailure(.tooLarge) }
        if closesItself {
            closesItself = false
            try closeElement()
            return .closed
        }
        if isAtStart, try !passStart() { return .hungry }
        while position < end {
            if window[position] != UInt8(ascii: "<") {
                guard let event = try readText() else { continue }
                return event
            }
            guard position + 1 < end else { break }
            switch window[position + 1] {
            case UInt8(ascii: "!"), UInt8(ascii: "?"):
                switch try passMarkup() {
                case .passed: continue
                case .section: return .text
                case .cut: return .hungry
                }
            case UInt8(ascii: "/"):
                guard try readClosingTag() else { return .hungry }
                try closeElement()
                return .closed
            default:
                guard let isWhole = try readOpeningTag() else { return .hungry }
                try openElement()
                closesItself = isWhole
                return .opened
            }
        }
        guard isComplete else { return .hungry }
        guard position == end, hasRoot, openStarts.isEmpty else { throw malformed }
        return .ended
    }

    // MARK: Elements

    private mutating func openElement() throws(XMLFailure) {
        guard !openStarts.isEmpty || !hasRoot else { throw malformed }
        hasRoot = true
        openStarts.append(openNames.count)
        openNames.append(contentsOf: named(name))
        guard openStarts.count <= limits.depth else { throw XMLFailure(.tooDeep) }
    }

    private mutating func closeElement() throws(XMLFailure) {
        guard let start = openStarts.popLast(),
            openNames[start...].elementsEqual(named(name))
        else { throw malformed }
        openNames.removeSubrange(start...)
    }

    func named(_ range: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> {
        UnsafeBufferPointer(start: window, count: end)[range]
    }

    private static func local(_ full: UnsafeBufferPointer<UInt8>, is local: StaticString) -> Bool {
        let count = local.utf8CodeUnitCount
        guard let base = full.baseAddress, full.count >= count,
            memcmp(base + (full.count - count), local.utf8Start, count) == 0
        else { return false }
        return full.count == count || full[full.count - count - 1] == UInt8(ascii: ":")
    }

    // MARK: Text and what is no element

    /// A byte order mark and the declaration, which may name no encoding but UTF-8.
    private mutating func passStart() throws(XMLFailure) -> Bool {
        guard end - position >= 64 || isComplete else { return false }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if named(position..<min(end, position + 3)).elementsEqual(mark) { position += 3 }
        guard position < end, window[position] == UInt8(ascii: "<") else {
            throw XMLFailure(.wrongEncoding)
        }
        let declaration = Array("<?xml".utf8)
        if named(position..<min(end, position + 5)).elementsEqual(declaration) {
            guard let close = find(UInt8(ascii: ">"), from: position) else {
                guard end - position < limits.tagBytes, !isComplete else { throw malformed }
                return false
            }
            var scan = MarkupScan(
                bytes: UnsafeBufferPointer(rebasing: named(position..<close + 1)), limits: limits)
            try scan.run()
            position = close + 1
        }
        isAtStart = false
        return true
    }

    /// A run of text without references, or one reference. `nil` where there was nothing to give.
    private mutating func readText() throws(XMLFailure) -> Event? {
        let start = position
        var at = position
        scan: while at < end {
            let byte = window[at]
            if byte >= 0x80 {
                let length = XMLText.characterLength(
                    UnsafeRawBufferPointer(start: window, count: end), at)
                if length == 0 {
                    guard !isComplete, end - at < 4 else { throw XMLFailure(.wrongEncoding) }
                    break scan
                }
                at += length
            } else if byte >= 0x20 {
                if byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") { break scan }
                at += 1
            } else {
                if byte == 0x0D { break scan }
                guard byte == 0x0A || byte == 0x09 else { throw malformed }
                at += 1
            }
        }
        if at > start {
            position = at
            return try gives(UnsafeBufferPointer(start: window + start, count: at - start))
        }
        switch window[at] {
        case UInt8(ascii: "&"): return try readReference()
        case 0x0D:
            // A line break is a line feed, however it was written (XML 1.0, section 2.11).
            guard at + 1 < end || isComplete else { return .hungry }
            position += at + 1 < end && window[at + 1] == 0x0A ? 2 : 1
            return try gives(of: 0x0A)
        default: return .hungry
        }
    }

    private mutating func readReference() throws(XMLFailure) -> Event? {
        let limit = min(end, position + 12)
        guard let close = find(UInt8(ascii: ";"), from: position, to: limit) else {
            guard limit == end, !isComplete else { throw malformed }
            return .hungry
        }
        let content = named(position + 1..<close)
        position = close + 1
        for (name, byte) in XMLPull.references where content.elementsEqual(name.utf8) {
            return try gives(of: UInt32(byte))
        }
        guard content.first == UInt8(ascii: "#") else { throw XMLFailure(.doctypeRefused) }
        let isHex = content.dropFirst().first == UInt8(ascii: "x")
        let digits = String(decoding: content.dropFirst(isHex ? 2 : 1), as: UTF8.self)
        guard let scalar = UInt32(digits, radix: isHex ? 16 : 10), digits.first != "+",
            XMLPull.isAllowed(scalar)
        else { throw malformed }
        return try gives(of: scalar)
    }

    private static let references: [(String, UInt8)] = [
        ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27),
    ]

    /// XML 1.0, section 2.2.
    private static func isAllowed(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: true
        default: false
        }
    }

    private mutating func gives(of scalar: UInt32) throws(XMLFailure) -> Event? {
        guard let scalar = Unicode.Scalar(scalar), let units = UTF8.encode(scalar) else {
            throw malformed
        }
        for (index, unit) in units.enumerated() { scratch[index] = unit }
        return try gives(UnsafeBufferPointer(start: scratch, count: units.count))
    }

    /// Text outside of the root is white space or a fault.
    private mutating func gives(_ text: UnsafeBufferPointer<UInt8>) throws(XMLFailure) -> Event? {
        guard openStarts.isEmpty else {
            piece = text
            return .text
        }
        guard text.allSatisfy(MarkupScan.isSpace) else { throw malformed }
        return nil
    }

    private enum Passed { case passed, section, cut }

    /// A comment or an instruction, which nobody reads, or a CDATA section.
    private mutating func passMarkup() throws(XMLFailure) -> Passed {
        let kinds: [(opening: String, closing: String)] = [
            ("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"),
        ]
        let left = named(position..<end)
        for kind in kinds {
            guard left.starts(with: kind.opening.utf8) else {
                if !isComplete, left.count < kind.opening.utf8.count,
                    kind.opening.utf8.starts(with: left)
                {
                    return .cut
                }
                continue
            }
            let start = position + kind.opening.utf8.count
            var at = start
            let closing = Array(kind.closing.utf8)
            while let hit = find(closing[0], from: at) {
                if named(hit..<min(end, hit + closing.count)).elementsEqual(closing) {
                    position = hit + closing.count
                    guard kind.closing == "]]>" else { return .passed }
                    return try section(start..<hit)
                }
                at = hit + 1
            }
            guard !isComplete else { throw malformed }
            guard left.count < limits.tagBytes else { throw XMLFailure(.attributeBomb) }
            return .cut
        }
        throw XMLFailure(.doctypeRefused)
    }

    private mutating func section(_ range: Range<Int>) throws(XMLFailure) -> Passed {
        guard !openStarts.isEmpty else { throw malformed }
        var at = range.lowerBound
        let bytes = UnsafeRawBufferPointer(start: window, count: range.upperBound)
        while at < range.upperBound {
            let length = bytes[at] < 0x80 ? 1 : XMLText.characterLength(bytes, at)
            guard length > 0, bytes[at] >= 0x20 || MarkupScan.isSpace(bytes[at]) else {
                throw XMLFailure(.wrongEncoding)
            }
            at += length
        }
        piece = UnsafeBufferPointer(rebasing: named(range))
        return .section
    }

    // MARK: Searching

    func find(_ byte: UInt8, from start: Int, to limit: Int? = nil) -> Int? {
        let limit = limit ?? end
        guard start < limit, let hit = memchr(window + start, Int32(byte), limit - start) else {
            return nil
        }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(window)
    }

    var malformed: XMLFailure {
        var line = readLines + 1
        for index in 0..<position where window[index] == 0x0A { line += 1 }
        return XMLFailure(.malformed(line: line))
    }
}
