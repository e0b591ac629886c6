import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How the bytes of a sample spell its text (字符编码).
package enum SampleEncoding: String, Sendable, CaseIterable {
    case utf8
    case gb18030
    /// What "ANSI" means on Chinese Windows; part of GB18030.
    case gbk
    /// No bytes of text but a workbook of Excel 2007 and later, all cells texts.
    case xlsx

    /// The name by which iconv knows it.
    var iconvName: String {
        switch self {
        case .utf8, .xlsx: "UTF-8"
        case .gb18030: "GB18030"
        case .gbk: "GBK"
        }
    }
}

/// Turns UTF-8 into another encoding, strictly: what the encoding lacks is an error, never a `?`.
final class TextEncoder {
    private let encoding: SampleEncoding
    private let descriptor: iconv_t?

    init(_ encoding: SampleEncoding) throws(SampleFailure) {
        self.encoding = encoding
        guard encoding != .utf8, encoding != .xlsx else {
            descriptor = nil
            return
        }
        let opened = iconv_open(encoding.iconvName, "UTF-8")
        guard let opened, Int(bitPattern: opened) != -1 else {
            throw .encoding("iconv: \(encoding.iconvName)")
        }
        descriptor = opened
    }

    deinit {
        if let descriptor { iconv_close(descriptor) }
    }

    /// Appends the encoded text, or `false` where it holds a character that the encoding lacks.
    func append(_ text: [UInt8], to bytes: inout [UInt8]) -> Bool {
        guard let descriptor else {
            bytes.append(contentsOf: text)
            return true
        }
        // Two bytes of UTF-8 may become four of GB18030; three become at most four.
        let room = text.count * 2
        var input = text
        var isWhole = false
        let encoded = [UInt8](unsafeUninitializedCapacity: room) { output, count in
            input.withUnsafeMutableBytes { source in
                var from = source.baseAddress?.assumingMemoryBound(to: CChar.self)
                var left = source.count
                output.withMemoryRebound(to: CChar.self) { target in
                    var to = target.baseAddress
                    var free = target.count
                    isWhole = iconv(descriptor, &from, &left, &to, &free) != -1
                    count = target.count - free
                }
            }
        }
        if isWhole { bytes.append(contentsOf: encoded) }
        return isWhole
    }

    /// Whether the encoding has every character of a text.
    func holds(_ text: String) -> Bool {
        var scratch: [UInt8] = []
        return append(Array(text.utf8), to: &scratch)
    }
}
