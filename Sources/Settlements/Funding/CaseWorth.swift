package import Records

extension FundingRule {
    /// What one paid case would bring if it were the only one of its year, in fen for each payer
    /// (单例应付). Shares are rounded on the year's line, so that many cases may come to some fen more
    /// than so often this.
    package func worth(_ item: FundedItem, of record: SubmittedRecord, division: String)
        -> [String: Int64]
    {
        let line = SettledLine(
            item: item.name, title: item.title, rule: item.rule, cases: 1, persons: record.persons,
            priceFen: item.price, fen: item.price)
        let year = record.servedOn.parts.year
        return account(year: year, division: division, lines: [line]).payers
            .reduce(into: [:]) { $0[$1.payer] = $1.dueFen.fen }
    }
}
