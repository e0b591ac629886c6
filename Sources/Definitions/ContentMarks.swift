/// What stands for a field and for a code in the digest of a record's content: numbers made of
/// their names, so that a dictionary or a list that grows leaves the digest of old records alone.
package final class ContentMarks: Sendable {
    /// By the field's ordinal.
    package let fields: [UInt32]
    /// By the field's ordinal where its codes begin in `codes`.
    private let starts: [Int]
    private let codes: [UInt32]

    init(_ elements: [Element]) {
        fields = elements.map { ContentMarks.mark(Array($0.name.utf8)) }
        var starts: [Int] = []
        var codes: [UInt32] = []
        for element in elements {
            starts.append(codes.count)
            switch element.kind {
            case .code(let list), .set(let list):
                codes.append(contentsOf: list.codes.map { ContentMarks.mark($0.bytes) })
            default: break
            }
        }
        self.starts = starts
        self.codes = codes
    }

    /// Of a code by its ordinal in the list of a field.
    package func code(_ ordinal: Int, of field: Int) -> UInt32 { codes[starts[field] + ordinal] }

    /// FNV-1a, 32 bits.
    private static func mark(_ bytes: [UInt8]) -> UInt32 {
        var hash: UInt32 = 0x811c_9dc5
        for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return hash
    }
}
