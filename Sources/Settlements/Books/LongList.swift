/// A long list that grows without being moved: its elements lie in pieces of one size, so that a
/// million of them never need twice their room.
struct LongList<Element: Sendable>: Sendable, RandomAccessCollection {
    private static var pieceBits: Int { 12 }
    private static var pieceCount: Int { 1 << pieceBits }

    private var pieces: [[Element]] = []
    private(set) var count = 0

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    subscript(index: Int) -> Element {
        get { pieces[index >> Self.pieceBits][index & (Self.pieceCount - 1)] }
        set { pieces[index >> Self.pieceBits][index & (Self.pieceCount - 1)] = newValue }
    }

    /// The same by a number of 32 bits, as notes keep them.
    subscript(number: UInt32) -> Element {
        get { self[Int(number)] }
        set { self[Int(number)] = newValue }
    }

    mutating func append(_ element: Element) {
        if count & (Self.pieceCount - 1) == 0 {
            pieces.append([])
            // A short list, as most are, has no more room than it needs.
            if count > 0 { pieces[pieces.count - 1].reserveCapacity(Self.pieceCount) }
        }
        pieces[pieces.count - 1].append(element)
        count += 1
    }
}

/// Stands where a note has no number.
let noNumber = UInt32.max

/// Different values, each with a number from 0: few of them, which many notes share.
struct Distinct<Value: Hashable & Sendable>: Sendable {
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]
    private var last: UInt32 = 0

    /// The value's number, a new one where it is new.
    mutating func number(of value: Value) -> UInt32 {
        if values.indices.contains(Int(last)), values[Int(last)] == value { return last }
        if let known = numbers[value] {
            last = known
        } else {
            last = UInt32(values.count)
            values.append(value)
            numbers[value] = last
        }
        return last
    }

    /// The number of a value that is known.
    func find(_ value: Value) -> UInt32? { numbers[value] }

    subscript(number: UInt32) -> Value { values[Int(number)] }
}
