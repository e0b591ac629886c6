/// A document, or a part of one, as plain values.
package enum XMLTree {
    /// One attribute.
    package struct Attribute: Sendable, Equatable {
        /// The name without prefix.
        package let name: String
        /// The namespace's name, empty if there is none.
        package let namespace: String
        /// The value, unescaped.
        package let value: String
    }

    /// One element with all that is in it.
    package struct Element: Sendable, Equatable {
        /// The name without prefix.
        package let name: String
        /// The namespace's name, empty if there is none.
        package let namespace: String
        /// The attributes in their order, without namespace declarations.
        package let attributes: [Attribute]
        /// The elements in it, in their order.
        package internal(set) var children: [Element] = []
        /// The text directly in it, joined over the children.
        package internal(set) var text = ""
        /// The line of its start tag, from 1.
        package let line: Int

        /// The value of an attribute without namespace.
        package func attribute(_ name: String) -> String? {
            attributes.first { $0.name == name && $0.namespace.isEmpty }?.value
        }

        /// The first child element of this local name in the same namespace.
        package func child(_ name: String) -> Element? {
            children.first { $0.name == name && $0.namespace == namespace }
        }

        /// The child elements of this local name in the same namespace.
        package func children(named name: String) -> [Element] {
            children.filter { $0.name == name && $0.namespace == namespace }
        }
    }

    /// Reads a whole document.
    /// - Returns: its root element.
    /// - Throws: `XMLFailure`: what `DocumentGuard` refuses, `malformed`, `wrongEncoding`.
    package static func parse(
        _ document: UnsafeRawBufferPointer, limits: DocumentLimits = DocumentLimits()
    ) throws(XMLFailure) -> Element {
        let builder = TreeBuilder(rootOpened: nil, childClosed: nil)
        try XMLEvents.read(document, limits: limits, handler: builder)
        guard let root = builder.root else { throw XMLFailure(.malformed(line: 1)) }
        return root
    }

    /// Reads a long document one child of its root at a time; only one is in memory.
    ///
    /// The document is known to be well-formed only when this has returned.
    /// - Parameters:
    ///   - root: gets the root element without children as soon as it is open.
    ///   - child: gets each child element when it is complete.
    /// - Throws: as `parse`.
    package static func parseChildren(
        _ document: UnsafeRawBufferPointer, limits: DocumentLimits = DocumentLimits(),
        root: @escaping (Element) -> EventAnswer, child: @escaping (Element) -> EventAnswer
    ) throws(XMLFailure) {
        try XMLEvents.read(
            document, limits: limits, handler: TreeBuilder(rootOpened: root, childClosed: child))
    }
}
