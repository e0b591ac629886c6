/// How much of a document is taken before it is refused.
///
/// The numbers are those that bring libxml2 2.9 to its knees when they are missing: an element with
/// 40,000 attributes costs it nine seconds.
package struct DocumentLimits: Sendable {
    /// The largest document, in bytes.
    package var documentBytes: Int
    /// The largest tag, from `<` to `>`, in bytes.
    package var tagBytes: Int
    /// The most `=` outside quotation marks in one tag: attributes and namespace declarations.
    package var tagAttributes: Int
    /// The deepest nesting of elements; libxml2's own limit is 256.
    package var depth: Int
    /// Whether a document may declare GB18030 instead of UTF-8, as clinics' files do.
    package var acceptsGB18030: Bool

    /// The limits of the exchange: 20 MB, 64 kB and 256 attributes a tag, depth 100, UTF-8.
    package init(
        documentBytes: Int = 20_000_000, tagBytes: Int = 65_536, tagAttributes: Int = 256,
        depth: Int = 100, acceptsGB18030: Bool = false
    ) {
        self.documentBytes = documentBytes
        self.tagBytes = tagBytes
        self.tagAttributes = tagAttributes
        self.depth = depth
        self.acceptsGB18030 = acceptsGB18030
    }
}
