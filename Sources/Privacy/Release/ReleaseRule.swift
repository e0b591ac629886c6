package import Definitions

/// What must hold of a table of people before it leaves the county outside the statutory channel
/// (去标识化规则): `mappings/privacy/release.yaml`.
package struct ReleaseRule: Sendable, Hashable {
    /// People who share each combination of quasi-identifiers, at least (k).
    package let smallest: Int
    /// The mean of 1/k over all rows, at most: numerator and denominator.
    package let meanRisk: (part: Int, whole: Int)
    /// Values of each sensitive column within each group, at least (l).
    package let diversity: Int
    /// How a suppressed cell is written.
    package let suppressed: String
    /// Words in a column's name that say that persons are named below it: no such column leaves.
    package let identifying: [String]

    package init(
        smallest: Int, meanRisk: (part: Int, whole: Int), diversity: Int,
        suppressed: String = "*", identifying: [String] = []
    ) {
        self.smallest = smallest
        self.meanRisk = meanRisk
        self.diversity = diversity
        self.suppressed = suppressed
        self.identifying = identifying
    }

    /// Reads the file of a folder of mappings.
    package init(mappings folder: String) throws(DefinitionError) {
        let name = "privacy/release.yaml"
        var section = try Section(path: folder + "/" + name, shownAs: name)
        try self.init(&section)
        try section.finish()
    }

    /// Reads the rule's own keys.
    package init(_ section: inout Section) throws(DefinitionError) {
        guard let smallest = try section.integer("smallest"), smallest >= 2 else {
            throw section.error(at: "smallest", "应为不小于 2 的整数。", "An integer of 2 or more.")
        }
        let parts = try section.text("meanRisk").split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[0] > 0, parts[1] >= parts[0] else {
            throw section.error(at: "meanRisk", "应写成分数，如 1/20。", "A fraction, as 1/20.")
        }
        guard let diversity = try section.integer("diversity"), diversity >= 1 else {
            throw section.error(at: "diversity", "应为正整数。", "A positive integer.")
        }
        self.init(
            smallest: smallest, meanRisk: (parts[0], parts[1]), diversity: diversity,
            suppressed: try section.text("suppressed"),
            identifying: try section.texts("identifying").filter { !$0.isEmpty })
    }

    package static func == (left: ReleaseRule, right: ReleaseRule) -> Bool {
        left.smallest == right.smallest && left.meanRisk == right.meanRisk
            && left.diversity == right.diversity && left.suppressed == right.suppressed
            && left.identifying == right.identifying
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(smallest)
        hasher.combine(meanRisk.part)
        hasher.combine(meanRisk.whole)
        hasher.combine(diversity)
        hasher.combine(suppressed)
        hasher.combine(identifying)
    }
}
