import Definitions
import Mappings
import Records

/// What all couples of a sample share (虚构世界): the calendar, the institutions, the names.
struct InventedWorld {
    let request: SampleRequest
    let institutions: [SampleInstitution]
    /// The county of each institution.
    let counties: [InventedPlace]
    /// Where people without a local registration come from.
    let elsewhere: [InventedPlace]
    let names: InventedNames
    private let institutionWeights: [Int]
    private let days: [CalendarDate]
    /// Running sums of the days' weights.
    private let sums: [Int]

    init(_ request: SampleRequest, mapping: Mapping, encoder: TextEncoder) throws(SampleFailure) {
        self.request = request
        let institutions = InventedWorld.institutions(request, mapping)
        self.institutions = institutions
        institutionWeights = institutions.indices.map { 600 / ($0 + 1) }
        let lists = mapping.dictionary.elements.lazy.compactMap { element in
            if case .division(let list) = element.kind { list } else { nil }
        }
        let list = lists.first
        var counties: [InventedPlace] = []
        for institution in institutions {
            let code = institution.division
            guard let list else {
                counties.append(InventedPlace(division: code, county: "示例区"))
                continue
            }
            guard
                let found = list.codes.first(where: {
                    $0.code == code && $0.holds(on: request.lastDay)
                })
            else { throw .mapping(field: "divisionCode", problem: code) }
            counties.append(InventedPlace(division: code, county: found.label.zh))
        }
        self.counties = counties
        let known = list?.codes.filter { entry in
            entry.code.count == 6 && entry.code.hasPrefix("99") && entry.validFrom == nil
                && entry.validTo == nil && !institutions.contains { $0.division == entry.code }
        }
        let others = known?.map { InventedPlace(division: $0.code, county: $0.label.zh) } ?? []
        elsewhere = others.isEmpty ? counties : others
        let longest = mapping.dictionary.subjects.map { subject -> Int in
            if case .personName(let most) = mapping.dictionary.elements[subject.name].kind {
                most
            } else {
                30
            }
        }
        names = InventedNames(longest: longest.min() ?? 30, holds: encoder.holds)
        (days, sums) = InventedWorld.calendar(from: request.firstDay, to: request.lastDay)
    }

    /// The institutions asked for, or the one that the mapping writes for all its rows.
    private static func institutions(_ request: SampleRequest, _ mapping: Mapping)
        -> [SampleInstitution]
    {
        for rule in mapping.rules
        where mapping.dictionary.elements[rule.ordinal].name == "servingOrgCode" {
            guard case .constant(let code) = rule.origin else { break }
            return request.institutions.filter { $0.code == code }.isEmpty
                ? [
                    SampleInstitution(
                        code: code, name: request.institutions[0].name,
                        division: request.institutions[0].division)
                ] : request.institutions.filter { $0.code == code }
        }
        return request.institutions
    }

    /// Working days with their weights: spring and autumn campaigns are busier.
    private static func calendar(from first: CalendarDate, to last: CalendarDate)
        -> (days: [CalendarDate], sums: [Int])
    {
        let all = (first.daysSince1970...last.daysSince1970).map(CalendarDate.init(daysSince1970:))
        let working = all.filter(isWorkingDay)
        let days = working.isEmpty ? all : working
        var sums: [Int] = []
        var sum = 0
        for day in days {
            let parts = day.parts
            let isCampaign = (parts.month == 3 || parts.month == 9) && parts.day <= 20
            sum += isCampaign ? 25 : 10
            sums.append(sum)
        }
        return (days, sums)
    }

    /// 1970-01-01 was a Thursday.
    private static func isWorkingDay(_ day: CalendarDate) -> Bool {
        let weekday = (Int(day.daysSince1970) % 7 + 10) % 7  // Monday is 0
        return weekday < 5
    }

    /// A day of service no later than `latest`, or the first one of all.
    func day(noLaterThan latest: CalendarDate, _ random: inout RandomStream) -> CalendarDate {
        let usable = days.partitioningCount { $0 <= latest }
        let total = sums[max(0, usable - 1)]
        let wanted = random.below(total)
        return days[sums.partitioningCount { $0 <= wanted }]
    }

    /// The next working day, at the latest the last day of the sample.
    func workingDay(from day: CalendarDate) -> CalendarDate {
        var day = day
        while !InventedWorld.isWorkingDay(day) { day = day.adding(days: 1) }
        return min(day, request.lastDay)
    }

    func institution(_ random: inout RandomStream) -> Int {
        random.index(weights: institutionWeights)
    }
}

extension Array {
    /// How many elements stand before the first that does not fulfil the condition; the array is
    /// sorted by it.
    fileprivate func partitioningCount(_ isBefore: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
