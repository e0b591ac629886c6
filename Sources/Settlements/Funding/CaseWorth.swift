package import Records

extension FundingScheme {
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

    /// What cases would bring if the nation accepted them all and knew of no others, in fen for
    /// each payer (应付): empty where a case is paid nothing. They are judged as a settlement judges
    /// them, the earlier day first; of one day in the order given.
    ///
    /// - Returns: for each case, in the order given.
    package func worth(of records: [SubmittedRecord], division: String) -> [[String: Int64]] {
        let rule = local(to: division)
        var claims = FundingClaims(rule: rule)
        var worth = Array(repeating: [String: Int64](), count: records.count)
        let order = records.indices.filter { rule.concerns(records[$0]) }
            .sorted { (records[$0].servedOn, $0) < (records[$1].servedOn, $1) }
        for index in order {
            guard case .paid(let item) = claims.judge(records[index]) else { continue }
            worth[index] = rule.worth(item, of: records[index], division: division)
        }
        return worth
    }
}
