/// Decodes UTF-16, low byte first; a lone surrogate and half a unit are malformed.
func decodeUTF16(
    _ source: UnsafePointer<UInt8>, count: Int, into target: UnsafeMutablePointer<UInt8>
) -> TextDecoder.Stop {
    var index = 0
    var written = 0
    while index < count {
        guard index + 2 <= count else {
            return .init(isTruncated: true, consumed: index, written: written)
        }
        let unit = UInt32(source[index]) | UInt32(source[index + 1]) << 8
        var scalar = unit
        var length = 2
        if unit < 0x80 {
            guard isTextASCII(UInt8(unit)) else {
                return .init(fault: .control, consumed: index, written: written, faultBytes: 2)
            }
            target[written] = UInt8(unit)
            written += 1
            index += 2
            continue
        }
        if unit & 0xF800 == 0xD800 {
            guard unit < 0xDC00 else {
                return .init(fault: .malformed, consumed: index, written: written, faultBytes: 2)
            }
            guard index + 4 <= count else {
                return .init(
                    isTruncated: true, consumed: index, written: written, faultBytes: 2)
            }
            let low = UInt32(source[index + 2]) | UInt32(source[index + 3]) << 8
            guard low & 0xFC00 == 0xDC00 else {
                return .init(fault: .malformed, consumed: index, written: written, faultBytes: 2)
            }
            scalar = 0x1_0000 + (unit - 0xD800) << 10 + (low - 0xDC00)
            length = 4
        }
        if let fault = faultOf(scalar: scalar) {
            return .init(fault: fault, consumed: index, written: written, faultBytes: length)
        }
        written += writeUTF8(scalar, to: target + written)
        index += length
    }
    return .init(consumed: index, written: written)
}

/// Why a well-formed scalar is refused, if it is.
@inline(__always)
func faultOf(scalar: UInt32) -> TextFault? {
    switch scalar {
    case 0xE000...0xF8FF, 0xF_0000...: .privateUse
    case 0xFFFE, 0xFFFF: .noncharacter
    default: nil
    }
}
