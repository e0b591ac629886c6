/// A time of day as clinics write it: `8:00`, `08:00`, `08:00:30`.
enum ClockTime {
    /// Minutes since midnight, or `nil` where the bytes are no time.
    static func minuteOfDay(_ bytes: ArraySlice<UInt8>) -> Int? {
        secondOfDay(bytes).map { $0 / 60 }
    }

    /// Seconds since midnight, or `nil` where the bytes are no time.
    static func secondOfDay(_ bytes: ArraySlice<UInt8>) -> Int? {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        var numbers: [Int] = []
        for (place, part) in parts.enumerated() {
            guard part.count == 2 || (place == 0 && part.count == 1),
                part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
            else { return nil }
            numbers.append(part.reduce(0) { $0 * 10 + Int($1 - 0x30) })
        }
        guard numbers[0] < 24, numbers[1] < 60, numbers.count < 3 || numbers[2] < 60 else {
            return nil
        }
        return numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    }
}
