/// The look at a document's bytes before libxml2 sees them: one pass, no memory.
///
/// It refuses what a parser can be hurt with: document types and entities (XXE, billion laughs),
/// tags with thousands of attributes, bottomless nesting, UTF-16, UTF-7 and EBCDIC disguises.
/// Every door of this module goes through it, so nobody can forget to.
package enum DocumentGuard {
    /// Looks through a whole document and returns if it may be parsed.
    ///
    /// That it may be parsed does not mean that it is well-formed.
    /// - Throws: `XMLFailure` with `tooLarge`, `doctypeRefused`, `wrongEncoding`, `tooDeep`,
    ///   `attributeBomb` or `malformed`.
    package static func check(
        _ document: UnsafeRawBufferPointer, limits: DocumentLimits = DocumentLimits()
    ) throws(XMLFailure) {
        guard document.count <= min(limits.documentBytes, Int(Int32.max)) else {
            throw XMLFailure(.tooLarge)
        }
        guard let first = document.first, let base = document.baseAddress else {
            throw XMLFailure(.malformed(line: 1))
        }
        // libxml2 guesses UTF-16, UTF-32 and EBCDIC from the first four bytes.
        guard first == UInt8(ascii: "<") || MarkupScan.isSpace(first),
            !document.prefix(4).contains(0)
        else { throw XMLFailure(.wrongEncoding) }
        var scan = MarkupScan(
            bytes: UnsafeBufferPointer(
                start: base.assumingMemoryBound(to: UInt8.self), count: document.count),
            limits: limits)
        try scan.run()
    }
}
