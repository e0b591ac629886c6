import Records

extension FundingScheme {
    /// The parameters that a statement of this year and place rests on, in their order: the
    /// verifier reckons who pays from these alone.
    package func parameters(year: Int, division: String) -> [Parameter] {
        let area = areas.area(division)
        var found = [Parameter("starts", starts.description)]
        found += items.map { item in
            Parameter("\(item.name).priceFen", item.price(in: area).map { "\($0.fen)" })
        }
        found += [
            Parameter("rounding", rounding.rawValue),
            Parameter("together", isTogether ? "true" : "false"),
            Parameter("requires", requirements.map(\.rawValue).joined(separator: " ")),
        ]
        for item in items {
            found += [
                Parameter("\(item.name).service", item.service ?? "none"),
                Parameter("\(item.name).spouses", item.spouses.rawValue),
                Parameter("\(item.name).once", item.once.rawValue),
            ]
        }
        found.append(Parameter("samePregnancyDays", samePregnancyDays.map { "\($0)" }))
        found += parameters.map { Parameter($0.name, $0.value) }
        found.append(Parameter("area", area?.code))
        found += areas.traits.map { Parameter($0, area?.value(of: $0, in: year)) }
        if let payer = payers.first(where: { $0.localPriceRule != nil }) {
            let price = area?.localPrice ?? items[0].price(in: area)
            found.append(Parameter("\(payer.name).localPriceFen", price.map { "\($0.fen)" }))
        }
        for account in accounts {
            if payers.contains(where: { $0.paysAhead && $0.concerns(account[0].name) }) {
                found += forecasts(of: account[0].name, area, year)
            }
            for payer in payers where payer.concerns(account[0].name) {
                found += parameters(of: payer, account[0], area, year)
            }
        }
        return found
    }

    private func forecasts(of item: String, _ area: SchemeArea?, _ year: Int) -> [Parameter] {
        let amounts = area?.year(year)?[item]
        let next = area?.year(year + 1)?[item]
        return [
            Parameter("\(item).forecast", amounts?.forecast.map { "\($0)" }),
            Parameter("\(item).nextForecast", next?.forecast.map { "\($0)" }),
        ]
    }

    private func parameters(
        of payer: SchemePayer, _ item: SchemeItem, _ area: SchemeArea?, _ year: Int
    ) -> [Parameter] {
        let place = "\(item.name).\(payer.name)"
        let part = area.map { payer.part(of: item, in: $0, self, year)?.description ?? "none" }
        var found = [Parameter("\(place).bears", part)]
        if payer.isNobody { found.append(Parameter("\(place).nobody", "true")) }
        guard payer.paysAhead else { return found }
        let amounts = area?.year(year)?[item.name]
        return found + [
            Parameter("\(place).prepaid", amounts?.prepaid[payer.name].map { "\($0.fen)" }),
            Parameter("\(place).carryOver", amounts?.carryOver[payer.name].map { "\($0.fen)" }),
        ]
    }
}
