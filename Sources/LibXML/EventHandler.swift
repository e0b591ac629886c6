/// What a handler wants after an event.
package enum EventAnswer: Sendable {
    case goOn
    /// Read no further; the reading then ends without a failure.
    case stop
}

/// Follows a document from its first element to its last, without a tree.
///
/// Names, attributes and bytes are good only during the call.
package protocol EventHandler: AnyObject {
    /// An element begins; `line` counts from 1.
    func elementOpened(_ name: EventName, _ attributes: EventAttributes, line: Int) -> EventAnswer
    /// A piece of text: the text of one element may come in several pieces.
    func text(_ utf8: UnsafeRawBufferPointer) -> EventAnswer
    /// An element ends.
    func elementClosed(_ name: EventName) -> EventAnswer
}

/// The name of an element or attribute as the parser holds it, good only during an event.
package struct EventName {
    let localBytes: UnsafePointer<UInt8>
    let namespaceBytes: UnsafePointer<UInt8>?

    /// The name without prefix.
    package var local: String { String(cString: localBytes) }
    /// The namespace's name, empty if there is none.
    package var namespace: String { namespaceBytes.map { String(cString: $0) } ?? "" }

    /// A name for a report: at most 64 characters of what a stranger may have written.
    static func shortened(_ bytes: UnsafePointer<UInt8>) -> String {
        String(String(cString: bytes).prefix(64))
    }
}

/// The attributes of an element in their order, without namespace declarations; good only during an
/// event.
package struct EventAttributes {
    /// How many there are.
    package let count: Int
    // Five addresses each: local name, prefix, namespace, begin and end of the value.
    let fields: UnsafeMutablePointer<UnsafePointer<UInt8>?>?

    /// The name of one of them, `index` from 0.
    package func name(_ index: Int) -> EventName? {
        guard index < count, let fields, let local = fields[index * 5] else { return nil }
        return EventName(localBytes: local, namespaceBytes: fields[index * 5 + 2])
    }

    /// The value of one of them, unescaped.
    package func value(_ index: Int) -> String {
        guard index < count, let fields, let start = fields[index * 5 + 3],
            let end = fields[index * 5 + 4]
        else { return "" }
        let bytes = UnsafeBufferPointer(start: start, count: end - start)
        guard bytes.contains(UInt8(ascii: "&")) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        // libxml2 leaves the ampersand, and only that, as `&#38;` when it does not replace
        // entities.
        return String(decoding: bytes, as: UTF8.self).replacing("&#38;", with: "&")
    }
}

/// Reads a document as a row of events.
package enum XMLEvents {
    /// Reads until the end or until the handler says stop.
    /// - Throws: `XMLFailure`: what `DocumentGuard` refuses, `malformed`, `wrongEncoding`.
    package static func read(
        _ document: UnsafeRawBufferPointer, limits: DocumentLimits = DocumentLimits(),
        handler: any EventHandler
    ) throws(XMLFailure) {
        try EventReader(document, limits: limits, handler: handler).run()
    }
}
