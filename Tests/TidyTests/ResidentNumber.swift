/// Finds citizen ID numbers (GB 11643-1999) of real provinces in any bytes.
enum ResidentNumber {
    private static let provinces: Set<Int> = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51,
        52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
    ]
    private static let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let checks = Array("10X98765432".utf8)

    /// Every run of 18 characters that is a number somebody may bear, with its line.
    static func all(in bytes: [UInt8]) -> [(text: String, line: Int)] {
        var found: [(String, Int)] = []
        var line = 1
        var run: [UInt8] = []
        for byte in bytes + [UInt8(ascii: "\n")] {
            if isWord(byte) {
                run.append(byte)
                continue
            }
            if let text = number(run) { found.append((text, line)) }
            run.removeAll(keepingCapacity: true)
            if byte == UInt8(ascii: "\n") { line += 1 }
        }
        return found
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private static func number(_ run: [UInt8]) -> String? {
        guard run.count == 18, run[0..<17].allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let digits = run[0..<17].map { Int($0 - 0x30) }
        func value(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        let last = run[17] == UInt8(ascii: "x") ? UInt8(ascii: "X") : run[17]
        let sum = zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
        guard provinces.contains(value(0..<2)), (1800...2099).contains(value(6..<10)),
            (1...12).contains(value(10..<12)), (1...31).contains(value(12..<14)),
            last == checks[sum % 11]
        else { return nil }
        return String(decoding: run[0..<17] + [last], as: UTF8.self)
    }
}
