import CLibPQ

/// The kinds of PostgreSQL's own types that we bind and read, by their numbers in `pg_type.dat`.
enum PostgreSQLType {
    static let flag: Oid = 16
    static let bytes: Oid = 17
    static let name: Oid = 19
    static let int64: Oid = 20
    static let int16: Oid = 21
    static let int32: Oid = 23
    static let text: Oid = 25
    static let paddedText: Oid = 1_042
    static let shortText: Oid = 1_043
    static let decimal: Oid = 1_700

    /// What a value is declared as; 0 leaves it to the server.
    static func declared(_ value: StoredValue) -> Oid {
        switch value {
        case .null: 0
        case .integer: int64
        case .text: text
        case .bytes: bytes
        }
    }
}

/// The values of one run in PostgreSQL's binary form: one buffer, and where each value lies in it.
struct BoundValues {
    private var buffer: [UInt8] = []
    private var places: [Range<Int>?] = []

    /// Throws `invalidStatement` where a value is of another kind than its placeholder.
    init(_ values: [StoredValue], as types: [Oid]) throws(StorageFailure) {
        guard values.count == types.count else {
            let words = "\(values.count) values for \(types.count) placeholders"
            throw StorageFailure(.invalidStatement(words))
        }
        places.reserveCapacity(values.count)
        for (value, type) in zip(values, types) {
            let start = buffer.count
            switch (value, type) {
            case (.null, _):
                places.append(nil)
                continue
            case (.integer(let number), PostgreSQLType.int64): append(number)
            case (.integer(let number), PostgreSQLType.int32):
                guard let number = Int32(exactly: number) else { throw BoundValues.wrong(type) }
                append(number)
            case (.integer(let number), PostgreSQLType.flag):
                guard number == 0 || number == 1 else { throw BoundValues.wrong(type) }
                append(Int8(number))
            case (.text(let text), PostgreSQLType.text),
                (.text(let text), PostgreSQLType.shortText),
                (.text(let text), PostgreSQLType.name):
                buffer.append(contentsOf: text.utf8)
            case (.bytes(let bytes), PostgreSQLType.bytes): buffer.append(contentsOf: bytes)
            default: throw BoundValues.wrong(type)
            }
            places.append(start..<buffer.count)
        }
    }

    /// How many bytes the values have.
    var byteCount: Int { buffer.count }

    /// Lends the values as libpq takes them: addresses, lengths and forms.
    func lend<Outcome>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>
        ) -> Outcome
    ) -> Outcome {
        // An empty value needs an address too: a missing one means NULL.
        (buffer + [0]).withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let addresses = places.map { place in
                place.flatMap { place in start.map { $0 + place.lowerBound } }
            }
            let lengths = places.map { Int32($0?.count ?? 0) }
            let forms = [Int32](repeating: 1, count: places.count)
            return body(Int32(places.count), addresses, lengths, forms)
        }
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { buffer.append(contentsOf: $0) }
    }

    private static func wrong(_ type: Oid) -> StorageFailure {
        StorageFailure(.invalidStatement("a value of another kind than type \(type)"))
    }
}

/// One cell of a result in PostgreSQL's binary form.
struct PostgreSQLCell {
    let bytes: UnsafeRawBufferPointer
    let type: Oid

    /// Throws `unexpectedColumn` for a type that we do not keep, `corrupt` for text that is none.
    func value(named name: String) throws(StorageFailure) -> StoredValue {
        switch type {
        case PostgreSQLType.int64: return .integer(number(Int64.self))
        case PostgreSQLType.int32: return .integer(Int64(number(Int32.self)))
        case PostgreSQLType.int16: return .integer(Int64(number(Int16.self)))
        case PostgreSQLType.flag: return .integer(bytes.first == 0 ? 0 : 1)
        case PostgreSQLType.bytes: return .bytes([UInt8](bytes))
        case PostgreSQLType.decimal:
            guard let whole = wholeNumber else { throw StorageFailure(.unexpectedColumn(name)) }
            return .integer(whole)
        case PostgreSQLType.text, PostgreSQLType.shortText, PostgreSQLType.paddedText,
            PostgreSQLType.name:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw StorageFailure(.corrupt)
            }
            return .text(text)
        default: throw StorageFailure(.unexpectedColumn(name))
        }
    }

    private func number<Number: FixedWidthInteger>(_: Number.Type, at offset: Int = 0) -> Number {
        Number(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// A `numeric` without a fraction, which is what the sum of `bigint` is: digits of base 10,000
    /// after their count, the weight of the first, the sign and the scale.
    private var wholeNumber: Int64? {
        let count = Int(number(Int16.self))
        let weight = Int(number(Int16.self, at: 2))
        let sign = number(UInt16.self, at: 4)
        guard sign == 0 || sign == 0x4000, count <= weight + 1 else { return nil }
        var whole: Int64 = 0
        for place in 0..<max(0, weight + 1) {
            let digit = place < count ? Int64(number(Int16.self, at: 8 + 2 * place)) : 0
            let (product, tooLarge) = whole.multipliedReportingOverflow(by: 10_000)
            let (sum, tooLargeStill) = product.addingReportingOverflow(digit)
            if tooLarge || tooLargeStill { return nil }
            whole = sum
        }
        return sign == 0 ? whole : -whole
    }
}
