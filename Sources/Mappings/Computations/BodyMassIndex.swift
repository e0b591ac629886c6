/// kg/m² (体重指数), DOMAIN 2.6: one decimal, half up.
enum BodyMassIndex {
    /// Tenths of the index from tenths of centimetres and of kilograms; `nil` where one is missing
    /// or no height.
    static func tenths(height: Int64?, weight: Int64?) -> Int64? {
        guard let height, let weight, height > 0, weight >= 0 else { return nil }
        // w/10 kg over (h/1000 m)² is w·10⁵/h²; ten times that, rounded.
        return (2 * weight * 1_000_000 + height * height) / (2 * height * height)
    }
}
