import LibXML

/// Which fields a submission of ours says something of, as its bytes have them (所报字段): no value is
/// opened, and no definition is asked, since those of today may be others than those of then.
package struct StatedFields: Sendable {
    package struct Field: Hashable, Sendable {
        /// The subject or form and the name on the wire: `wife/name`.
        package let path: String
        /// Whether they alone open it.
        package let isSealed: Bool
    }

    /// To whom it is sealed, as the document names him; empty where it names nobody.
    package let recipient: String
    /// In how many records each field stands.
    package let records: [Field: Int]

    /// - Parameter document: the XML, as `Packing` wrote it.
    /// - Throws: `PackingFailure` for what is no such document.
    package init(_ document: [UInt8]) throws(PackingFailure) {
        var records: [Field: Int] = [:]
        do {
            for slice in RecordSlices(document: document) {
                for part in try StatedFields.tree(document[slice.range]).children {
                    guard let owner = part.attribute("role") ?? part.attribute("name") else {
                        continue
                    }
                    for child in part.children {
                        let isSealed = child.name == "Sealed"
                        let name = isSealed ? child.attribute("field") ?? "" : child.name
                        let field = Field(path: owner + "/" + name, isSealed: isSealed)
                        records[field, default: 0] += 1
                    }
                }
            }
            recipient = try StatedFields.recipient(of: document)
        } catch {
            throw PackingFailure(.sealing)
        }
        self.records = records
    }

    private static func tree(_ bytes: ArraySlice<UInt8>) throws -> XMLTree.Element {
        try Array(bytes).withUnsafeBytes { (bytes) throws(XMLFailure) in
            try XMLTree.parse(bytes)
        }
    }

    /// The `recipient` of the `Key` that stands before the first record.
    private static func recipient(of document: [UInt8]) throws -> String {
        let head = document.prefix(64 << 10)
        guard let start = head.firstRange(of: Array("<Key ".utf8))?.lowerBound,
            let end = head[start...].firstRange(of: Array("/>".utf8))?.upperBound
        else { return "" }
        return try tree(head[start..<end]).attribute("recipient") ?? ""
    }
}
