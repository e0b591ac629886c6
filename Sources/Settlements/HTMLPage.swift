/// A page being written: plain text is escaped, tags come only from here. No script, no links out.
struct HTMLPage {
    /// A cell of a table.
    enum Cell {
        case text(String)
        /// Chinese, with the English small below it.
        case titled(String, String)
        /// Never broken over two lines.
        case code(String)
        /// Right-aligned.
        case number(String)
        /// A number that a reader must not miss.
        case loud(String)
        /// A text over several columns.
        case wide(String, columns: Int)
    }

    private(set) var text: String

    init(title: String, style: String) {
        text = """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8"><title>\(HTMLPage.escape(title))</title>
            <style>\(style)</style></head><body>

            """
    }

    mutating func heading(_ zh: String, _ en: String, level: Int = 2) {
        text +=
            "<h\(level)>\(HTMLPage.escape(zh))<small>\(HTMLPage.escape(en))</small></h\(level)>\n"
    }

    mutating func paragraph(_ zh: String, _ en: String, mark: String = "") {
        let mark = mark.isEmpty ? "" : " class=\"\(mark)\""
        text += "<p\(mark)>\(HTMLPage.escape(zh))<small>\(HTMLPage.escape(en))</small></p>\n"
    }

    mutating func openTable(_ columns: [(zh: String, en: String, isNumber: Bool)]) {
        text += "<table><thead><tr>"
        for column in columns {
            let mark = column.isNumber ? " class=\"n\"" : ""
            text += "<th\(mark)>\(HTMLPage.escape(column.zh))"
            text += "<small>\(HTMLPage.escape(column.en))</small></th>"
        }
        text += "</tr></thead><tbody>\n"
    }

    mutating func row(_ cells: [Cell], mark: String = "") {
        text += mark.isEmpty ? "<tr>" : "<tr class=\"\(mark)\">"
        for cell in cells {
            switch cell {
            case .text(let value): text += "<td>\(HTMLPage.escape(value))</td>"
            case .titled(let zh, let en):
                text += "<td>\(HTMLPage.escape(zh))<small>\(HTMLPage.escape(en))</small></td>"
            case .code(let value): text += "<td class=\"c\">\(HTMLPage.escape(value))</td>"
            case .number(let value): text += "<td class=\"n\">\(HTMLPage.escape(value))</td>"
            case .loud(let value): text += "<td class=\"n loud\">\(HTMLPage.escape(value))</td>"
            case .wide(let value, let columns):
                text += "<td colspan=\"\(columns)\">\(HTMLPage.escape(value))</td>"
            }
        }
        text += "</tr>\n"
    }

    mutating func closeTable() {
        text += "</tbody></table>\n"
    }

    /// The whole page.
    func closed() -> [UInt8] {
        Array((text + "</body></html>\n").utf8)
    }

    static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
