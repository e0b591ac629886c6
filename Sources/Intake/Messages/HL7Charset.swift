/// In what a message says that it is written (MSH-18, HL7 table 0211).
enum HL7Charset: Equatable {
    case encoding(TextEncoding)
    /// Seven bits.
    case ascii
    /// ISO 8859-1.
    case latin1

    /// The name in MSH-18, which systems spell in many ways; `nil` for one that is not known.
    init?(named name: String) {
        let letters = name.uppercased().filter { $0.isLetter || $0.isNumber }
        switch letters {
        case "GB180302000", "GB18030", "GBK", "GB2312", "CP936": self = .encoding(.gb18030)
        // Strict decoding tells whether it is UTF-8 that is meant by the old short name.
        case "UNICODEUTF8", "UTF8", "UNICODE": self = .encoding(.utf8)
        case "ASCII", "ISOIR6": self = .ascii
        case "88591", "ISO88591", "ISOIR100": self = .latin1
        default: return nil
        }
    }

    /// The bytes as UTF-8; `nil` where one of them is no text, see `TextDecoder`.
    ///
    /// - Throws: `E-IO` where the system's iconv does not know GB 18030.
    func decoded(_ bytes: ArraySlice<UInt8>) throws(ReadFailure) -> [UInt8]? {
        switch self {
        case .encoding(let encoding): return try HL7Charset.decode(bytes, encoding)
        case .ascii:
            guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
            return try HL7Charset.decode(bytes, .utf8)
        case .latin1:
            guard !bytes.contains(where: { (0x80..<0xA0).contains($0) }) else { return nil }
            let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
            return try HL7Charset.decode(Array(text.utf8)[...], .utf8)
        }
    }

    private static func decode(
        _ bytes: ArraySlice<UInt8>, _ encoding: TextEncoding
    ) throws(ReadFailure) -> [UInt8]? {
        let decoder = try TextDecoder(encoding)
        var stop = TextDecoder.Stop()
        let text = [UInt8](
            unsafeUninitializedCapacity: TextDecoder.room(for: bytes.count)
        ) { target, used in
            bytes.withUnsafeBufferPointer { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                stop = decoder.decode(from, count: source.count, into: to)
            }
            used = stop.written
        }
        return stop.fault == nil && !stop.isTruncated ? text : nil
    }
}
