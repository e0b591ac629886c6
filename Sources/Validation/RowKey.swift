import Records

/// Some values of a row as one number (行内键): enough to tell rows apart, and nothing that could be
/// read back. FNV-1a with 64 bits; the same on every run, so that a preview says what the run will.
struct RowKey {
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Adds fields; `false` where one of them is empty, and there is no key then.
    mutating func add(_ fields: [Int], of record: RecordRow) -> Bool {
        for field in fields {
            guard record.value(field).isResult else { return false }
            if let text = record.text(field) {
                for byte in text { add(byte: byte) }
            } else {
                add(number: record.scalar(field))
            }
            add(byte: 0xFF)
        }
        return true
    }

    private mutating func add(byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    private mutating func add(number: Int64) {
        var rest = UInt64(bitPattern: number)
        for _ in 0..<8 {
            add(byte: UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}

extension RecordRow {
    /// The key of some fields; `nil` where one of them is empty.
    func key(_ fields: [Int]) -> UInt64? {
        var key = RowKey()
        return key.add(fields, of: self) ? key.hash : nil
    }
}
