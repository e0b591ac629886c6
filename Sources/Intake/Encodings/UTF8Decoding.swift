/// Copies UTF-8 that is well-formed by Unicode 15 table 3-7 (no overlong form, no surrogate).
func decodeUTF8(
    _ source: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<UInt8>
) -> TextDecoder.Stop {
    var index = 0
    while index < count {
        if index + 8 <= count {
            let copied = copyASCIIWord(source + index, to: target + index)
            index += copied
            if copied == 8 { continue }
        }
        let lead = source[index]
        if lead < 0x80 {
            guard isTextASCII(lead) else {
                return .init(fault: .control, consumed: index, written: index)
            }
            target[index] = lead
            index += 1
            continue
        }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard lead >= 0xC2, lead <= 0xF4 else {
            return .init(fault: .malformed, consumed: index, written: index)
        }
        guard index + length <= count else {
            return .init(isTruncated: true, consumed: index, written: index)
        }
        if let fault = fault(inSequence: source + index, length: length) {
            return .init(
                fault: fault, consumed: index, written: index,
                faultBytes: fault == .malformed ? 1 : length)
        }
        target[index] = lead
        target[index + 1] = source[index + 1]
        if length > 2 { target[index + 2] = source[index + 2] }
        if length > 3 { target[index + 3] = source[index + 3] }
        index += length
    }
    return .init(consumed: index, written: index)
}

/// What is wrong with a sequence whose lead byte is C2 to F4, if anything.
@inline(__always)
private func fault(inSequence bytes: UnsafePointer<UInt8>, length: Int) -> TextFault? {
    let lead = bytes[0]
    let second = bytes[1]
    guard second & 0xC0 == 0x80 else { return .malformed }
    if length == 2 { return nil }
    guard bytes[2] & 0xC0 == 0x80 else { return .malformed }
    if length == 3 {
        switch lead {
        case 0xE0: return second < 0xA0 ? .malformed : nil
        case 0xED: return second > 0x9F ? .malformed : nil
        case 0xEE: return .privateUse
        case 0xEF:
            if second < 0xA4 { return .privateUse }
            return second == 0xBF && bytes[2] >= 0xBE ? .noncharacter : nil
        default: return nil
        }
    }
    guard bytes[3] & 0xC0 == 0x80 else { return .malformed }
    switch lead {
    case 0xF0: return second < 0x90 ? .malformed : nil
    case 0xF3: return second >= 0xB0 ? .privateUse : nil
    case 0xF4: return second > 0x8F ? .malformed : .privateUse
    default: return nil
    }
}
