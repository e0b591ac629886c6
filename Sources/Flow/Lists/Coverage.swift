import Definitions
package import Programmes
package import Records
package import Settlements
package import Storage

/// How many of those whom a list counts for a year were checked in it (人群覆盖率, R-17): figures, no
/// judgement.
package struct Coverage: Sendable, Encodable {
    /// One county or township.
    package struct Place: Sendable, Encodable {
        /// 6 or 9 digits.
        package let division: String
        package let planned: Int
        package let checked: Int
    }

    /// The list's name, e.g. `plannedCouples`.
    package let list: String
    package let title: Wording
    /// The unit of the figures, e.g. 对 / couples.
    package let counts: Wording
    package let year: Int
    package let places: [Place]

    /// Whom the list counts.
    package var planned: Int { places.reduce(0) { $0 + $1.planned } }
    /// Those among them with a check in the year.
    package var checked: Int { places.reduce(0) { $0 + $1.checked } }
}

extension Coverage.Place {
    /// Checked of planned in tenths of a percent, half up; `nil` where nobody is planned.
    package var perMille: Int? { Coverage.perMille(checked, of: planned) }
}

extension Coverage {
    /// Checked of planned in tenths of a percent, half up; `nil` where nobody is planned.
    package var perMille: Int? { Coverage.perMille(checked, of: planned) }

    /// A share in tenths of a percent, half up.
    package static func perMille(_ part: Int, of whole: Int) -> Int? {
        whole > 0 ? (2000 * part + whole) / (2 * whole) : nil
    }

    enum CodingKeys: String, CodingKey {
        case list, title, counts, year, places, planned, checked
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(list, forKey: .list)
        try container.encode(title, forKey: .title)
        try container.encode(counts, forKey: .counts)
        try container.encode(year, forKey: .year)
        try container.encode(planned, forKey: .planned)
        try container.encode(checked, forKey: .checked)
        try container.encode(places, forKey: .places)
    }

    /// The coverages of a programme, by list and year.
    ///
    /// - Parameters:
    ///   - year: of this year only; of all years that lists name where `nil`.
    ///   - book: the programme's; a couple is found in it by the year's settlement pseudonym.
    package static func all(
        of programme: Programme, in year: Int? = nil, _ book: CaseBook,
        _ transaction: any Transaction
    ) throws(StorageFailure) -> [Coverage] {
        var coverages: [Coverage] = []
        for (dictionary, _) in programme.lists {
            guard let list = dictionary.list else { continue }
            let name = Register.ListName(programme: dictionary.programme, list: list.name)
            let years = try Register().years(of: name, in: transaction)
            for each in years where year == nil || year == each {
                let checked = book.checked(
                    in: each,
                    except: Set(programme.followUps.compactMap(\.dictionary.followUp?.name)))
                var places: [String: (planned: Int, checked: Int)] = [:]
                for row in try Register().counted(on: name, in: each, in: transaction) {
                    places[row.division, default: (0, 0)].planned += 1
                    if checked.contains(row.person) { places[row.division]?.checked += 1 }
                }
                coverages.append(
                    Coverage(
                        list: list.name, title: list.title, counts: programme.dictionary.counts,
                        year: each,
                        places: places.sorted { $0.key < $1.key }.map {
                            Place(
                                division: $0.key, planned: $0.value.planned,
                                checked: $0.value.checked)
                        }))
            }
        }
        return coverages
    }
}

extension CaseBook {
    /// The settlement pseudonyms of those who were checked in a year (已检查): their check passed
    /// every rule, and the nation has taken it or it is on its way.
    ///
    /// - Parameter services: records that are no checks, such as follow-ups.
    func checked(in year: Int, except services: Set<String>) -> Set<String> {
        var checked: Set<String> = []
        for versions in cases.values {
            for (version, standing) in zip(versions, standings(of: versions)) {
                guard let sent = version.sent, sent.servedOn.parts.year == year,
                    let claimant = sent.claimant,
                    !services.contains(sent.traits.service ?? "")
                else { continue }
                switch standing {
                case .accepted, .queued, .unanswered: checked.insert(claimant)
                default: break
                }
            }
        }
        return checked
    }
}
