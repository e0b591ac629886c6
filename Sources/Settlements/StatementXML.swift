import Foundation
import Records

/// The statement as XML (结算表 XML), for the archive (DA/T 48): an element for each name of
/// `settlement.json`, in its order, and nothing that is not there.
extension Statement {
    /// UTF-8, no DTD, no comments, amounts in whole fen.
    package func xml() throws -> [UInt8] {
        let tree = try JSONDecoder().decode(Tree.self, from: Data(try json()))
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        tree.write("settlement", to: &text, indent: "")
        return Array(text.utf8)
    }

    /// What JSON is made of.
    private indirect enum Tree: Decodable {
        case text(String)
        case number(Int64)
        case flag(Bool)
        case list([Tree])
        case object([String: Tree])
        case nothing

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .nothing
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let number = try? container.decode(Int64.self) {
                self = .number(number)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let list = try? container.decode([Tree].self) {
                self = .list(list)
            } else {
                self = .object(try container.decode([String: Tree].self))
            }
        }

        func write(_ name: String, to text: inout String, indent: String) {
            switch self {
            case .text(let value): text += "\(indent)<\(name)>\(Tree.escaped(value))</\(name)>\n"
            case .number(let value): text += "\(indent)<\(name)>\(value)</\(name)>\n"
            case .flag(let value): text += "\(indent)<\(name)>\(value)</\(name)>\n"
            case .nothing: break
            case .list(let values):
                for value in values { value.write(name, to: &text, indent: indent) }
            case .object(let fields):
                text += "\(indent)<\(name)>\n"
                for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
                    value.write(key, to: &text, indent: indent + "  ")
                }
                text += "\(indent)</\(name)>\n"
            }
        }

        private static func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
                .replacing(">", with: "&gt;")
        }
    }
}
