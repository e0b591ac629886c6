import Records

/// The statement as one table for a spreadsheet: RFC 4180, UTF-8 with a mark so that Excel reads
/// the Chinese, amounts in fen and in yuan.
///
/// The first column is a stable code for programs; one figure a line.
extension Statement {
    /// The statement as CSV: RFC 4180, UTF-8 with the mark that Excel looks for.
    package func csv() -> [UInt8] {
        var table = CSVTable(header: [
            "代码", "部分", "项目", "机构", "月份", "出资方", "数量（\(unit.zh)）", "人数（人）", "金额（分）",
            "金额（元）", "依据",
        ])
        for line in lines {
            table.add(
                "paid.\(line.item)", "结算", line.title.zh, count: line.cases,
                persons: line.persons, amount: line.fen, basis: line.rule)
        }
        table.add(
            "paid.total", "结算", "合计", count: totalCases,
            persons: lines.reduce(0) { $0 + $1.persons }, amount: totalFen)
        if let unsigned {
            table.add(
                "paid.unsigned", "结算", "其中依据无签名结果清单", count: unsigned.cases,
                persons: unsigned.persons, amount: unsigned.fen)
        }
        for line in institutions {
            table.add(
                "institution.\(line.item)", "按机构", line.title.zh, institution: line.institution,
                count: line.cases, persons: line.persons, amount: line.fen)
        }
        for line in unpaid {
            table.add(
                "unpaid.\(line.reason.rawValue)", "不结算", line.title.zh, count: line.cases,
                persons: line.persons, amount: .zero, basis: line.rule)
        }
        for payer in payers { add(payer, to: &table) }
        if let correction { add(correction, to: &table) }
        for line in balance {
            for (code, title, number) in line.counts {
                table.add(
                    "balance.\(code)", "核对", title.zh, institution: line.institution ?? "未知",
                    month: line.month?.description ?? "未知", count: number)
            }
        }
        for count in national ?? [] {
            let figures = [
                ("accepted", "国家生效", count.accepted), ("rejected", "国家退回", count.rejected),
                ("duplicate", "国家重复", count.duplicate),
            ]
            for (code, title, number) in figures {
                table.add(
                    "national.\(code)", "国家计数", title, institution: count.institution,
                    month: count.month.description, count: number)
            }
        }
        for discrepancy in discrepancies {
            table.add(
                discrepancy.kind.rawValue, "差异", discrepancy.wording.zh,
                institution: discrepancy.institution, month: discrepancy.month.description,
                basis: discrepancy.record?.text ?? "")
        }
        for blocker in blocked {
            table.add(
                blocker.code, "未能关账", blocker.wording.zh, basis: blocker.parameter ?? "")
        }
        return table.bytes
    }

    private func add(_ line: PayerLine, to table: inout CSVTable) {
        let rules = line.rules
        var figures = [("due", "按标准应负担", line.dueFen, line.share)]
        if let excess = rules.excess {
            figures.append(("excess", "超标准部分", line.excessFen, excess))
        }
        figures.append(("total", "应负担合计", line.totalFen, rules.total))
        if let ahead = line.prepayment {
            figures += [
                ("basis", "预拨基数", ahead.basisFen, rules.prepayment),
                ("carryIn", "上年结转（正为多拨）", ahead.carryInFen, rules.carryOver),
                ("paid", "当年预拨", ahead.paidFen, rules.prepayment),
                ("surplus", "差额（基数减应负担）", ahead.surplusFen, rules.prepayment),
                ("carryOut", "结转下年（正为多拨）", ahead.carryOutFen, rules.carryOver),
            ]
            if let next = ahead.next {
                figures += [
                    ("nextBasis", "下年预拨基数", next.basisFen, rules.prepayment),
                    ("nextPayment", "下年应拨", next.paymentFen, rules.carryOver),
                    ("nextCarriedOn", "下年仍结转", next.carriedOnFen, rules.carryOver),
                ]
            }
        }
        for (code, title, amount, basis) in figures {
            table.add(
                "\(code).\(line.payer)", "分担", title, payer: line.title.zh, amount: amount,
                basis: basis)
        }
    }
}

extension Statement {
    private func add(_ correction: Correction, to table: inout CSVTable) {
        table.add(
            "correction.earlier", "更正", "上次结算", count: correction.earlierCases,
            amount: correction.earlierFen, basis: correction.statement)
        for line in correction.lines {
            table.add(
                "correction.\(line.reason.rawValue)", "更正", "\(line.item) \(line.title.zh)",
                count: -1, amount: line.fen, basis: line.record.text)
        }
        table.add(
            "correction.added", "更正", "本次新增", count: correction.addedCases,
            amount: correction.addedFen)
    }
}

extension Balance.Line {
    /// Taken and every class, with a stable code and a title.
    var counts: [(code: String, title: Wording, count: Int)] {
        [("taken", Wording(zh: "收到", en: "taken"), taken)]
            + BalanceClass.allCases.map { ($0.rawValue, $0.title, self[$0]) }
    }
}

/// A table in the form of RFC 4180: lines end in CR LF, a cell is quoted where it must be.
struct CSVTable {
    private(set) var bytes: [UInt8]

    /// - Parameter isMarked: whether the byte order mark stands first, which Excel needs.
    init(header: [String], isMarked: Bool = true) {
        bytes = isMarked ? [0xEF, 0xBB, 0xBF] : []
        add(header)
    }

    mutating func add(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: CSVTable.written(cell).utf8)
        }
        bytes.append(contentsOf: [0x0D, 0x0A])
    }

    /// What was written since it was last taken.
    mutating func taken() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private static func written(_ cell: String) -> String {
        let mustQuote = cell.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
        return mustQuote ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }

    fileprivate mutating func add(
        _ code: String, _ part: String, _ item: String, institution: String = "",
        month: String = "", payer: String = "", count: Int? = nil, persons: Int? = nil,
        amount: Money? = nil, basis: String = ""
    ) {
        add([
            code, part, item, institution, month, payer, count.map { "\($0)" } ?? "",
            persons.map { "\($0)" } ?? "", amount.map { "\($0.fen)" } ?? "",
            amount?.yuan ?? "", basis,
        ])
    }
}
