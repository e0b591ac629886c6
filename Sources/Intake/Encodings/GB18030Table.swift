internal import Glibc

/// The characters of GB 18030 and GBK, as UTF-8 bytes ready to store.
///
/// The table is asked of the system's iconv once, code by code. It therefore follows glibc (2.14
/// and later), which is GB 18030-2005 with the characters that Unicode has added since:
/// - A6D9 to A6F3 (vertical forms) are U+FE10 to U+FE19, FE59 and its seven fellows U+9FB4 to
///   U+9FBB, as in GB 18030-2022; the four-byte codes that GB 18030-2005 gave to U+9FB4 and to
///   U+FE10 have no meaning here and are malformed.
/// - FE51, FE52, FE53, FE6C, FE76 and FE91 are characters of plane 2, as in WHATWG's index; A8BC
///   is U+1E3F.
/// - A2A1 to A2AA are ⅰ to ⅹ. AAA1 to AFFE, F8A1 to FEFE, A140 to A7A0 and the few codes never
///   assigned (A2AB, A6FE) are private use, and so are refused.
/// - 0x80 alone is no character of GB 18030, but the euro sign of CP936, hence of GBK only.
///   WHATWG takes it for both.
///
/// GBK is read by the two-byte part of the same table. It is larger than CP936, whose users wrote
/// 䶮 (FE9F) with such codes too.
struct GB18030Table: Sendable {
    /// Made at the first use; `nil` where the system's iconv does not know GB 18030.
    static let shared = GB18030Table()

    private static let malformed: UInt32 = 0
    private static let privateUse: UInt32 = 1
    private static let noncharacter: UInt32 = 2
    /// Four-byte codes 81308130 to 8431A439, which stand for the rest of plane 0.
    private static let planeZeroCount = 39_420
    /// The place of 90308130, U+10000, in the order of four-byte codes; then both go in step.
    private static let planeOneIndex = 189_000

    /// At lead byte minus 0x81 times 256, plus trail byte: UTF-8 bytes, the first one lowest.
    private let twoBytes: [UInt32]
    /// The same for four-byte codes of plane 0, in the order of the codes.
    private let fourBytes: [UInt32]

    private init?() {
        guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1
        else { return nil }
        defer { iconv_close(converter) }
        var two = [UInt32](repeating: GB18030Table.malformed, count: 126 * 256)
        for lead in 0..<126 {
            for trail in 0x40...0xFE where trail != 0x7F {
                two[lead * 256 + trail] = GB18030Table.entry(
                    [UInt8(lead + 0x81), UInt8(trail)], by: converter)
            }
        }
        twoBytes = two
        var four = [UInt32](repeating: GB18030Table.malformed, count: GB18030Table.planeZeroCount)
        for index in 0..<four.count {
            let first = UInt8(0x81 + index / 12_600)
            let second = UInt8(0x30 + index / 1260 % 10)
            let third = UInt8(0x81 + index / 10 % 126)
            let fourth = UInt8(0x30 + index % 10)
            four[index] = GB18030Table.entry([first, second, third, fourth], by: converter)
        }
        fourBytes = four
    }

    /// One code's UTF-8, or why it has none.
    private static func entry(_ code: [UInt8], by converter: iconv_t) -> UInt32 {
        var input = code.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: 8)
        var inputLeft = input.count
        var outputLeft = output.count
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                iconv(converter, nil, nil, nil, nil)
                return iconv(converter, &from, &inputLeft, &to, &outputLeft)
            }
        }
        let count = output.count - outputLeft
        guard result == 0, inputLeft == 0, (2...4).contains(count) else { return malformed }
        let bytes = output.prefix(count).map { UInt8(bitPattern: $0) }
        guard let scalar = String(validating: bytes, as: UTF8.self)?.unicodeScalars.first else {
            return malformed
        }
        switch faultOf(scalar: scalar.value) {
        case .privateUse: return privateUse
        case .noncharacter: return noncharacter
        default: return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    /// Decodes GB 18030, or GBK where `hasFourBytes` is false; see `TextDecoder.decode`.
    func decode(
        _ source: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<UInt8>,
        hasFourBytes: Bool
    ) -> TextDecoder.Stop {
        twoBytes.withUnsafeBufferPointer { entries in
            var index = 0
            var written = 0
            while index < count {
                if index + 8 <= count {
                    let copied = copyASCIIWord(source + index, to: target + written)
                    index += copied
                    written += copied
                    if copied == 8 { continue }
                }
                if source[index] < 0x80 {
                    guard isTextASCII(source[index]) else {
                        return .init(fault: .control, consumed: index, written: written)
                    }
                    target[written] = source[index]
                    written += 1
                    index += 1
                    continue
                }
                // Chinese comes in runs: stay here while pairs are plain two-byte characters.
                while index + 1 < count, source[index] > 0x80, source[index] < 0xFF {
                    let entry = entries[Int(source[index] - 0x81) << 8 | Int(source[index + 1])]
                    guard entry > 0xFF else { break }
                    written += GB18030Table.store(entry, to: target + written)
                    index += 2
                }
                guard index < count, source[index] >= 0x80 else { continue }
                let stop = decodeOther(
                    source + index, count: count - index, into: target + written,
                    hasFourBytes: hasFourBytes)
                index += stop.consumed
                written += stop.written
                if stop.fault != nil || stop.isTruncated {
                    return .init(
                        fault: stop.fault, isTruncated: stop.isTruncated, consumed: index,
                        written: written, faultBytes: stop.faultBytes)
                }
            }
            return .init(consumed: index, written: written)
        }
    }

    /// One character that is not a plain two-byte one, or its fault.
    private func decodeOther(
        _ source: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<UInt8>,
        hasFourBytes: Bool
    ) -> TextDecoder.Stop {
        let lead = source[0]
        if lead == 0x80, !hasFourBytes {
            return .init(consumed: 1, written: writeUTF8(0x20AC, to: target))
        }
        guard lead > 0x80, lead < 0xFF else { return .init(fault: .malformed) }
        guard count >= 2 else { return .init(isTruncated: true) }
        let entry = twoBytes[Int(lead - 0x81) << 8 | Int(source[1])]
        if entry > 0xFF {
            return .init(consumed: 2, written: GB18030Table.store(entry, to: target))
        }
        if entry == GB18030Table.privateUse { return .init(fault: .privateUse, faultBytes: 2) }
        guard hasFourBytes, (0x30...0x39).contains(source[1]) else {
            return .init(fault: .malformed)
        }
        guard count >= 4 else { return .init(isTruncated: true) }
        guard (0x81...0xFE).contains(source[2]), (0x30...0x39).contains(source[3]) else {
            return .init(fault: .malformed)
        }
        let index =
            (Int(lead - 0x81) * 10 + Int(source[1] - 0x30)) * 1260 + Int(source[2] - 0x81) * 10
            + Int(source[3] - 0x30)
        return character(atFourByteIndex: index, into: target)
    }

    private func character(
        atFourByteIndex index: Int, into target: UnsafeMutablePointer<UInt8>
    ) -> TextDecoder.Stop {
        if index < GB18030Table.planeZeroCount {
            switch fourBytes[index] {
            case GB18030Table.malformed: return .init(fault: .malformed)
            case GB18030Table.privateUse: return .init(fault: .privateUse, faultBytes: 4)
            case GB18030Table.noncharacter: return .init(fault: .noncharacter, faultBytes: 4)
            case let entry:
                return .init(consumed: 4, written: GB18030Table.store(entry, to: target))
            }
        }
        let scalar = index - GB18030Table.planeOneIndex + 0x1_0000
        guard (0x1_0000...0x10_FFFF).contains(scalar) else { return .init(fault: .malformed) }
        guard faultOf(scalar: UInt32(scalar)) == nil else {
            return .init(fault: .privateUse, faultBytes: 4)
        }
        return .init(consumed: 4, written: writeUTF8(UInt32(scalar), to: target))
    }

    /// Stores all four bytes and answers how many of them count.
    @inline(__always)
    private static func store(_ entry: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
        UnsafeMutableRawPointer(target).storeBytes(of: entry.littleEndian, as: UInt32.self)
        return entry > 0xFF_FFFF ? 4 : entry > 0xFFFF ? 3 : 2
    }
}
