/// Builds elements from events, for `XMLTree`.
final class TreeBuilder: EventHandler {
    /// The root, once it has ended.
    private(set) var root: XMLTree.Element?
    private let rootOpened: ((XMLTree.Element) -> EventAnswer)?
    private let childClosed: ((XMLTree.Element) -> EventAnswer)?
    private var open: [XMLTree.Element] = []
    private var namespace = (address: UnsafePointer<UInt8>?.none, name: "")

    init(
        rootOpened: ((XMLTree.Element) -> EventAnswer)?,
        childClosed: ((XMLTree.Element) -> EventAnswer)?
    ) {
        self.rootOpened = rootOpened
        self.childClosed = childClosed
    }

    func elementOpened(_ name: EventName, _ attributes: EventAttributes, line: Int) -> EventAnswer {
        // The parser interns names: the same address is the same namespace, mostly the one before.
        if name.namespaceBytes != namespace.address {
            namespace = (name.namespaceBytes, name.namespace)
        }
        var list: [XMLTree.Attribute] = []
        list.reserveCapacity(attributes.count)
        for index in 0..<attributes.count {
            guard let name = attributes.name(index) else { continue }
            list.append(
                XMLTree.Attribute(
                    name: name.local, namespace: name.namespace, value: attributes.value(index)))
        }
        let element = XMLTree.Element(
            name: name.local, namespace: namespace.name, attributes: list, line: line)
        open.append(element)
        return open.count == 1 ? rootOpened?(element) ?? .goOn : .goOn
    }

    func text(_ utf8: UnsafeRawBufferPointer) -> EventAnswer {
        guard !open.isEmpty else { return .goOn }
        open[open.count - 1].text += String(decoding: utf8, as: UTF8.self)
        return .goOn
    }

    func elementClosed(_ name: EventName) -> EventAnswer {
        guard let element = open.popLast() else { return .goOn }
        if open.isEmpty {
            root = element
        } else if open.count == 1, let childClosed {
            return childClosed(element)
        } else {
            open[open.count - 1].children.append(element)
        }
        return .goOn
    }
}
