import Evidence
import Flow
import Records
import Settlements

/// How one case became money, step by step.
struct CaseChainPage: Encodable {
    private let chain: CaseChain
    /// Numbers in `ledger/leaves.jsonl` of the year's packs.
    private let lines: [Int]

    init(_ chain: CaseChain, _ lines: [Int]) {
        self.chain = chain
        self.lines = lines
    }

    func show(_ output: Output) {
        output.line(
            "病例 \(chain.record.text)　\(chain.institution ?? "")　\(chain.month ?? "")",
            "Case \(chain.record.text) \(chain.institution ?? "") \(chain.month ?? "")")
        for version in chain.versions { show(version, output) }
        var money = Columns(sides: [.left, .left])
        if let paid = chain.paid {
            money.add([
                said("结算", "paid as"),
                "\(paid.title.said) \(Figure.yuan(paid.fen)) \(said("元", "yuan")) \(paid.rule)",
            ])
            for part in paid.payers {
                money.add(["", "\(part.title.said) \(part.share) \(Figure.yuan(part.fen))"])
            }
        } else if let unpaid = chain.unpaid {
            let earlier = unpaid.earlier.map { said("，名额在 ", "; claimed by ") + $0.text } ?? ""
            money.add([
                said("不结算", "unpaid"), "\(unpaid.title.said) \(unpaid.rule)\(earlier)",
            ])
        } else {
            money.add([
                said("不结算", "unpaid"),
                said("没有在国家平台生效的版本", "no version of it is in force"),
            ])
        }
        for line in lines {
            money.add([said("证据包", "in the pack"), "ledger/leaves.jsonl:\(line)"])
        }
        output.table(money, indent: 0)
    }

    private func show(_ version: CaseChain.Version, _ output: Output) {
        output.line(
            "第 \(version.number) 版　\(version.standing.title.zh)",
            "Version \(version.number), \(version.standing.title.en)")
        var table = Columns(sides: [.left, .left])
        if let file = version.file, let row = version.row {
            table.add([
                said("机构的行", "row"), said("\(file) 第 \(row) 行", "\(file), row \(row)"),
            ])
        } else {
            table.add([
                said("机构的行", "row"), said("没有记录，或不由文件而来", "not on record, or of no file"),
            ])
        }
        if let mapping = version.mapping { table.add([said("映射", "mapping"), mapping]) }
        if !version.codes.isEmpty {
            table.add([said("留下原因", "kept for"), version.codes.joined(separator: " ")])
        }
        if let submission = version.submission {
            table.add([said("报文", "submission"), submission.text])
            if let digest = version.submissionDigest { table.add(["SHA-256", digest]) }
            table.add([
                said("发送", "sends"),
                said("\(version.sends) 次，首次 ", "\(version.sends), the first ")
                    + (version.firstSentAt ?? "–"),
            ])
        }
        if let receipt = version.receipt {
            table.add([
                said("国家回执", "receipt"),
                [version.verdict?.rawValue, version.code, version.serial].compactMap { $0 }
                    .joined(separator: " ")
                    + (version.grade == nil ? "" : said("（无签名的清单）", " (an unsigned list)")),
            ])
            table.add(["SHA-256", receipt])
        }
        output.table(table)
    }
}
