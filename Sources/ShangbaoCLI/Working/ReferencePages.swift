import ArgumentParser
import Definitions
import Foundation
import Mappings
import Programmes
import Records
import Validation

/// The pages that are made and never written by hand (参考文档).
struct ReferencePages {
    private let catalogue: Catalogue

    init(_ catalogue: Catalogue) {
        self.catalogue = catalogue
    }

    /// File name and text of each page; the same code and definitions give the same bytes.
    var all: [(name: String, text: String)] {
        [
            ("commands.md", commands), ("codes.md", codes), ("rules.md", rules),
            ("mapping-format.md", mappingFormat), ("exit-codes.md", exitCodes),
        ]
    }

    private func page(_ zh: String, _ en: String, _ body: String) -> String {
        """
        # \(zh) · \(en)

        由 `shangbao reference` 生成，请勿手改。 Made by `shangbao reference`; do not edit.


        """ + body
    }

    private static func table(_ heads: [String], _ rows: [[String]]) -> String {
        var text = "| " + heads.joined(separator: " | ") + " |\n"
        text += "|" + String(repeating: " --- |", count: heads.count) + "\n"
        for row in rows {
            let cells = row.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }
            text += "| " + cells.joined(separator: " | ") + " |\n"
        }
        return text + "\n"
    }

    private var commands: String {
        var body = ""
        for (path, command) in ReferencePages.commands(below: Shangbao.self, "shangbao") {
            body += "## `\(path)`\n\n"
            for language in Language.allCases {
                let help = Speech.$language.withValue(language) {
                    Shangbao.helpMessage(for: command, columns: 90)
                }
                let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
                    .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
                body += "```text\n" + lines.joined(separator: "\n") + "\n```\n\n"
            }
        }
        return page("命令", "Commands", body)
    }

    private static func commands(below command: any ParsableCommand.Type, _ path: String)
        -> [(String, any ParsableCommand.Type)]
    {
        var found: [(String, any ParsableCommand.Type)] = [(path, command)]
        let configuration = command.configuration
        let groups = configuration.groupedSubcommands.flatMap(\.subcommands)
        for below in configuration.ungroupedSubcommands + groups {
            let name = below._commandName
            found += commands(below: below, path + " " + name)
        }
        return found
    }

    private var codes: String {
        var body = """
            `shangbao explain CODE` 回答同样的内容。 The same is what `shangbao explain CODE` answers.


            """
        for chapter in CodeBook(catalogue).chapters {
            body += "## \(chapter.title.zh) · \(chapter.title.en)\n\n"
            body += ReferencePages.table(
                ["代码 code", "含义", "meaning", "怎么办", "what to do"],
                chapter.entries.sorted { $0.code < $1.code }.map {
                    ["`\($0.code)`", $0.what.zh, $0.what.en, $0.next.zh, $0.next.en]
                })
        }
        return page("代码", "Codes", body)
    }

    private var rules: String {
        var body = "## 规则种类 · Kinds of rules\n\n"
        body += ReferencePages.table(
            ["rule", "检查什么", "what it checks"],
            (ruleKinds.map { ["`\($0.name)`", $0.summary.zh, $0.summary.en] }
                + batchRuleKinds.map { ["`\($0.name)`", $0.summary.zh, $0.summary.en] })
                .sorted { $0[0] < $1[0] })
        for programme in catalogue.programmes {
            let title = programme.dictionary.title
            body += "## \(title.zh) · \(title.en)\n\n"
            body += ReferencePages.table(
                ["代码 code", "含义", "meaning", "怎么办", "what to do"],
                programme.ruleCodes.map {
                    ["`\($0.code)`", $0.what.zh, $0.what.en, $0.next.zh, $0.next.en]
                })
        }
        return page("规则", "Rules", body)
    }

    private var mappingFormat: String {
        var body = """
            格式本身见 [mappings/README.md](../../mappings/README.md)；这里列出它可以写的名称。
            The format itself is in [mappings/README.md](../../mappings/README.md); these are the names
            that it may use.


            """
        for programme in catalogue.programmes {
            let dictionary = programme.dictionary
            body += "## \(dictionary.title.zh) · \(dictionary.title.en)\n\n"
            body += ReferencePages.table(
                [
                    "字段 field", "编号 no.", "含义", "meaning", "种类 kind", "必填", "类别 class",
                    "处理 protection",
                ],
                dictionary.elements.map { element in
                    [
                        "`\(element.name)`", element.number, element.title.zh, element.title.en,
                        ReferencePages.kind(element), element.isRequired ? "是" : "",
                        element.privacyClass.rawValue, element.protection.word,
                    ]
                })
        }
        return page("映射可用的名称", "Names that mappings use", body)
    }

    private static func kind(_ element: Element) -> String {
        let unit = element.unit.map { " \($0)" } ?? ""
        switch element.kind {
        case .code(let list), .division(let list), .set(let list):
            return "\(element.kind.name) `\(list.name)`"
        default: return element.kind.name + unit
        }
    }

    private var exitCodes: String {
        page(
            "退出码", "Exit codes",
            ReferencePages.table(
                ["退出码 code", "含义", "meaning"],
                ExitStatus.allCases.map { ["\($0.rawValue)", $0.wording.zh, $0.wording.en] }))
    }
}
