import LibXML

/// A source of changes that can be repeated: SplitMix64.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Item>(_ items: [Item]) -> Item {
        items[Int.random(in: 0..<items.count, using: &self)]
    }

    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }
}

/// A record taken apart so that it can be changed and written again.
struct Node {
    var name: String
    var attributes: [(name: String, value: String)]
    /// Markup of the text: written as it stands here.
    var text: String
    var children: [Node]
    /// `<x/>` instead of `<x></x>`.
    var closesItself = false
    var quote = "\""

    init(_ element: XMLTree.Element) {
        name = element.name
        attributes = element.attributes.map { ($0.name, Node.escaped($0.value)) }
        children = element.children.map(Node.init)
        text = children.isEmpty ? Node.escaped(element.text) : ""
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    var xml: String {
        let start = attributes.reduce("<" + name) { $0 + " \($1.name)=\(quote)\($1.value)\(quote)" }
        if closesItself { return start + "/>" }
        return start + ">" + text + children.map(\.xml).joined() + "</\(name)>"
    }
}

/// One seeded change to a record.
struct Mutation {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    /// Changes of structure, values, attributes and spelling, one to three of them.
    mutating func changed(_ record: Node) -> String {
        var record = record
        for _ in 0...(dice.chance(4) ? 2 : 0) { change(&record, depth: 0) }
        var text = record.xml
        if dice.chance(5) { text = changedCharacters(text) }
        return text
    }

    private mutating func change(_ node: inout Node, depth: Int) {
        if !node.children.isEmpty, depth == 0 || dice.chance(6) == false, !dice.chance(8) {
            let index = Int.random(in: 0..<node.children.count, using: &dice)
            change(&node.children[index], depth: depth + 1)
            return
        }
        switch Int.random(in: 0..<10, using: &dice) {
        case 0...3: node.children.isEmpty ? changeText(&node) : changeChildren(&node)
        case 4...5: node.children.isEmpty ? changeText(&node) : changeChildren(&node)
        case 6...7: changeAttributes(&node)
        case 8: changeText(&node)
        default: changeShape(&node)
        }
    }

    private mutating func changeChildren(_ node: inout Node) {
        let count = node.children.count
        let one = Int.random(in: 0..<count, using: &dice)
        let other = Int.random(in: 0..<count, using: &dice)
        switch Int.random(in: 0..<7, using: &dice) {
        case 0, 1: node.children.remove(at: one)
        case 2: node.children.insert(node.children[one], at: other)
        case 3: node.children.swapAt(one, other)
        case 4: if one + 1 < count { node.children.swapAt(one, one + 1) }
        case 5:
            let name = node.children[one].name
            node.children.removeAll { $0.name == name }
        default: node.children[one].children.append(node.children[other])
        }
    }

    /// Texts at which a schema and a hand-written check like to part.
    private static let texts = [
        "", " ", "0", "-0", "-1", "+1", "01", "1", "1.", "1.0", "1.00", "1.000", ".5", "-0.00",
        "1e5",
        "NaN", "INF", "true", "false", "TRUE", "True", "2012-03-01", "2012-02-29", "2011-02-29",
        "2012-02-30", "2012-2-1", "2012-13-01", "0000-01-01", "0001-01-01", "9999-12-31",
        "12012-03-01", "-2012-03-01", "2012-03-01Z", "2012-03-01+08:00", "2012-03", "2012-00",
        "2012-13", "0000-03", "2012-03Z", "NEG", "neg", "POS", "NOT_DONE", "990101", "99010",
        "990101001", "9901010010", "990101001001", "MA0000T1X99010111G1001", "12990101MA0000T1XF",
        "MA0000T1X99010111G100", "甲", "甲乙丙", "&amp;", "&lt;甲&gt;", "&#49;", "&#x4E00;", "&apos;",
        "&unknown;", "&", "a]b", "]]>", "128", "220", "221", "29", "30", "99999999999999999999",
        "999999999999999999", "-999999999999999999", "12345678901234.5", "123456789012345.5",
        "160.5",
        "160.50", "2.135", "0.001", "0.000", "\u{7F}", "\u{A0}", "１２８", "submit", "amend",
        "withdraw",
        "wife", "husband", "basic", "wifeLaboratory", "g/L", "mmHg", "1 28", "N EG",
    ]

    private mutating func changeText(_ node: inout Node) {
        switch Int.random(in: 0..<10, using: &dice) {
        case 0...3: node.text = dice.pick(Mutation.texts)
        case 4: node.text = dice.pick([" ", "\n", "\t", "  \n "]) + node.text
        case 5: node.text += dice.pick([" ", "\n", "\t", "\r", "&#10;"])
        case 6: node.text = changedCharacters(node.text)
        case 7: node.text = referring(node.text)
        case 8:
            node.text = String(
                repeating: dice.pick(["甲", "x", "&amp;"]), count: dice.pick([30, 70, 71]))
        default: node.text += node.text
        }
    }

    /// One character as a reference to itself.
    private mutating func referring(_ text: String) -> String {
        guard let index = text.indices.randomElement(using: &dice),
            let scalar = text[index].unicodeScalars.first, text[index].unicodeScalars.count == 1
        else { return "&#65;" }
        return text.replacingCharacters(
            at: index, with: dice.pick(["&#\(scalar.value);", "<![CDATA[\(text[index])]]>"]))
    }

    private mutating func changeAttributes(_ node: inout Node) {
        let index = node.attributes.indices.randomElement(using: &dice)
        switch Int.random(in: 0..<9, using: &dice) {
        case 0: if let index { node.attributes.remove(at: index) }
        case 1: node.attributes.append((dice.pick(["x", "id", "unit", "name", "field"]), "1"))
        case 2:
            node.attributes.append(
                dice.pick([
                    ("xmlns", "urn:shangbao:reference:1"), ("xmlns", "urn:x"), ("xml:lang", "zh"),
                    ("xmlns:y", "urn:y"), ("xsi:nil", "true"),
                ]))
        case 3, 4: if let index { node.attributes[index].value = dice.pick(Mutation.texts) }
        case 5:
            if let index {
                node.attributes[index].value = changedCharacters(node.attributes[index].value)
            }
        case 6:
            if let index {
                let value = node.attributes[index].value
                node.attributes[index].value = dice.pick([
                    " " + value, value + " ", value + "\t", value + "&#32;", referring(value),
                ])
            }
        case 7: if let index { node.attributes.append(node.attributes[index]) }
        default: node.attributes.shuffle(using: &dice)
        }
    }

    private mutating func changeShape(_ node: inout Node) {
        switch Int.random(in: 0..<9, using: &dice) {
        case 0:
            node.closesItself = true
        case 1:
            node.text = ""
        case 2:
            node.name = dice.pick(["x", "Form", "Subject", "Sealed", "hemoglobin", "sex", "Record"])
        case 3:
            node.name = node.name.uppercased()
        case 4:
            node.quote = "'"
        case 5:
            node.text =
                dice.pick(["<!-- x -->", "<?x y?>", "<x/>", "<![CDATA[]]>", "text"]) + node.text
        case 6:
            node.name += dice.pick(["", " ", "\n", "1", "-", ":x", "é"])
        case 7:
            node.children = []
        default:
            node.attributes.removeAll()
        }
    }

    private static let characters: [Character] = Array(
        " \n\t<>&;\"'=/!?-]x0159AZaz._:甲１\u{1}\u{7F}\u{85}\u{2028}\u{FFFD}\u{FFFF}")

    private mutating func changedCharacters(_ text: String) -> String {
        var characters = Array(text)
        for _ in 0...Int.random(in: 0...1, using: &dice) {
            let index = Int.random(in: 0...characters.count, using: &dice)
            switch Int.random(in: 0..<3, using: &dice) {
            case 0: characters.insert(dice.pick(Mutation.characters), at: index)
            case 1 where index < characters.count: characters.remove(at: index)
            default:
                if index < characters.count { characters[index] = dice.pick(Mutation.characters) }
            }
        }
        return String(characters)
    }
}

extension String {
    fileprivate func replacingCharacters(at index: Index, with text: String) -> String {
        self[..<index] + text + self[self.index(after: index)...]
    }
}
