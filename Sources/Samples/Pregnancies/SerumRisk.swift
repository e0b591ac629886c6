/// The risk of a serum screening by the woman's age and the multiples of the median (风险计算): the
/// prior of her age times the likelihood ratio of each marker, as if they were independent. Nothing
/// here is drawn; it is a plausible computation and no laboratory's own.
struct SerumRisk {
    /// A marker, the decimal logarithm of its multiple, and where affected pregnancies lie.
    struct Marker {
        let field: String
        let log: Double
        let deviation: Double
        let trisomy21: Double
        let trisomy18: Double

        /// Multiples of the median in hundredths.
        var hundredths: Int64 {
            let multiple = exponential(log * 2.302_585_092_994_046)
            return min(1900, max(10, Int64((multiple * 100).rounded())))
        }

        /// The likelihood of this value in a shifted population, relative to the usual one.
        func ratio(_ shift: Double) -> Double {
            exponential((2 * log * shift - shift * shift) / (2 * deviation * deviation))
        }
    }

    let markers: [Marker]
    let trisomy21: Int
    let trisomy18: Int
    /// `nil` in the first trimester, when no alpha-fetoprotein is measured.
    let neuralTube: Int?
    let conclusion: String

    private static let mostDenominator = 9_999_999.0

    init(markers: [Marker], age: Int) {
        self.markers = markers
        let prior = 0.000_627 + exponential(-16.2395 + 0.286 * (Double(age) - 0.5))
        let odds = (1 - prior) / prior
        trisomy21 = SerumRisk.denominator(odds, markers.map { $0.ratio($0.trisomy21) })
        trisomy18 = SerumRisk.denominator(odds * 10, markers.map { $0.ratio($0.trisomy18) })
        let afp = markers.first { $0.field == "afp" }
        neuralTube = afp.map { SerumRisk.denominator(1000, [$0.ratio(0.477)]) }
        // The cut-offs of DOMAIN 3.1 and L-092, L-093.
        let isHigh = trisomy21 <= 270 || trisomy18 <= 350 || (afp?.hundredths ?? 0) >= 200
        let isBorderline = trisomy21 <= 1000 || trisomy18 <= 1000
        conclusion = isHigh ? "HIGH" : isBorderline ? "BORDERLINE" : "LOW"
    }

    private static func denominator(_ odds: Double, _ ratios: [Double]) -> Int {
        let least = odds / ratios.reduce(1, *)
        return Int(min(mostDenominator, max(2, least.rounded())))
    }

    /// Draws the multiples that a method measures (DOMAIN 7.3), ordinary, high or as they come.
    static func drawn(method: String, age: Int, isHigh: Bool?, _ random: inout RandomStream)
        -> SerumRisk
    {
        let isEarly = method == "1" || method == "2"
        var kinds: [Marker] =
            isEarly
            ? [Marker(field: "pappa", log: 0, deviation: 0.25, trisomy21: -0.301, trisomy18: -0.7)]
            : [Marker(field: "afp", log: 0, deviation: 0.17, trisomy21: -0.137, trisomy18: -0.187)]
        kinds.append(
            Marker(
                field: "freeBetaHcg", log: 0, deviation: 0.27, trisomy21: 0.301,
                trisomy18: -0.456))
        if method == "4" || method == "5" {
            kinds.append(
                Marker(
                    field: "ue3", log: 0, deviation: 0.12, trisomy21: -0.155, trisomy18: -0.398))
        }
        if method == "5" {
            kinds.append(
                Marker(
                    field: "inhibinA", log: 0, deviation: 0.2, trisomy21: 0.279, trisomy18: 0))
        }
        let markers = kinds.map { kind -> Marker in
            let free = random.normal(0, kind.deviation)
            let log: Double =
                switch isHigh {
                case nil: free
                case false?: free / 20
                case true?: isEarly ? kind.trisomy21 * 2.5 : kind.field == "afp" ? 0.4 : 0
                }
            return Marker(
                field: kind.field, log: log, deviation: kind.deviation,
                trisomy21: kind.trisomy21, trisomy18: kind.trisomy18)
        }
        return SerumRisk(markers: markers, age: age)
    }
}
