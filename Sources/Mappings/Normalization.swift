import Foundation

/// A cell's text made comparable, in a buffer that is used again for every cell.
///
/// Full-width digits, letters and signs become ASCII (NFKC for the part of Unicode that clinics
/// type by accident), spaces around the text go; a text field keeps its width and becomes NFC.
package struct CellText {
    /// UTF-8 of the last cell.
    package private(set) var bytes: [UInt8] = []
    /// Whether folding changed anything but spaces around the text.
    private(set) var wasFolded = false

    package init() {
        bytes.reserveCapacity(256)
    }

    /// Takes a cell for reading as a number, a date, a code: folded to half width, trimmed.
    mutating func fold(_ cell: UnsafeBufferPointer<UInt8>) {
        bytes.removeAll(keepingCapacity: true)
        wasFolded = false
        if let plain = CellText.trimmedASCII(cell) {
            bytes.append(contentsOf: plain)
            return
        }
        var index = 0
        while index < cell.count {
            let byte = cell[index]
            if byte < 0x80 {
                bytes.append(byte)
                index += 1
            } else if byte >= 0xE0, byte < 0xF0, index + 2 < cell.count {
                foldThree(byte, cell[index + 1], cell[index + 2])
                index += 3
            } else if byte == 0xC2, index + 1 < cell.count, cell[index + 1] == 0xA0 {
                bytes.append(0x20)  // no-break space
                index += 2
            } else {
                bytes.append(byte)
                index += 1
            }
        }
        trim()
    }

    /// A cell of ASCII alone, as most are, without the spaces around it; `nil` for others.
    private static func trimmedASCII(_ cell: UnsafeBufferPointer<UInt8>)
        -> UnsafeBufferPointer<UInt8>?
    {
        var all: UInt8 = 0
        for byte in cell { all |= byte }
        guard all < 0x80 else { return nil }
        var start = 0
        var end = cell.count
        while start < end, cell[start] <= 0x20 { start += 1 }
        while end > start, cell[end - 1] <= 0x20 { end -= 1 }
        return UnsafeBufferPointer(rebasing: cell[start..<end])
    }

    private mutating func foldThree(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
        let scalar = UInt32(first & 15) << 12 | UInt32(second & 63) << 6 | UInt32(third & 63)
        switch scalar {
        case 0xFF01...0xFF5E:  // full-width ! to ~
            bytes.append(UInt8(scalar - 0xFEE0))
            wasFolded = true
        case 0x3000:
            bytes.append(0x20)
            wasFolded = true
        case 0x2212, 0x2010...0x2013, 0xFE63:  // minus signs and hyphens, not the dash 2014
            bytes.append(UInt8(ascii: "-"))
            wasFolded = true
        default:
            bytes.append(first)
            bytes.append(second)
            bytes.append(third)
        }
    }

    /// Takes a cell for keeping as text: NFC, trimmed; in names the middle dots become U+00B7.
    package mutating func compose(_ cell: UnsafeBufferPointer<UInt8>, isName: Bool) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: cell)
        wasFolded = false
        if !CellText.isComposed(cell, isName: isName) {
            var text = String(decoding: cell, as: UTF8.self).precomposedStringWithCanonicalMapping
            if isName {
                for dot in ["\u{2022}", "\u{30FB}", "\u{FF0E}"] {
                    text = text.replacingOccurrences(of: dot, with: "\u{B7}")
                }
            }
            bytes = Array(text.utf8)
        }
        trim()
    }

    /// Whether text is NFC beyond doubt: ASCII, common CJK ideographs and their punctuation.
    private static func isComposed(_ cell: UnsafeBufferPointer<UInt8>, isName: Bool) -> Bool {
        var index = 0
        while index < cell.count {
            let byte = cell[index]
            if byte < 0x80 {
                index += 1
            } else if byte >= 0xE4, byte <= 0xE9, index + 2 < cell.count {
                // U+4000 to U+9FFF: ideographs; none of them decomposes.
                index += 3
            } else if byte == 0xC2, index + 1 < cell.count, cell[index + 1] == 0xB7 {
                index += 2  // the middle dot itself
            } else if byte == 0xEF, !isName, index + 2 < cell.count, cell[index + 1] >= 0xBC {
                index += 3  // U+FF00 and on: full-width forms have no canonical mapping
            } else if byte == 0xE3, index + 2 < cell.count, cell[index + 1] == 0x80 {
                index += 3  // U+3000 to U+303F: punctuation; 〇 among them
            } else {
                return false
            }
        }
        return true
    }

    /// Takes ASCII and ideographic spaces and tabs off both ends.
    private mutating func trim() {
        while true {
            if let last = bytes.last, last <= 0x20 {
                bytes.removeLast()
            } else if isIdeographicSpace(at: bytes.count - 3) {
                bytes.removeLast(3)
            } else {
                break
            }
        }
        var start = 0
        while start < bytes.count {
            if bytes[start] <= 0x20 {
                start += 1
            } else if isIdeographicSpace(at: start) {
                start += 3
            } else {
                break
            }
        }
        if start > 0 { bytes.removeFirst(start) }
    }

    private func isIdeographicSpace(at place: Int) -> Bool {
        place >= 0 && place + 3 <= bytes.count && bytes[place] == 0xE3
            && bytes[place + 1] == 0x80 && bytes[place + 2] == 0x80
    }

    /// Puts one space in the place of line breaks and tabs, as a quoted cell of a remark may hold.
    package mutating func joinLines() {
        guard bytes.contains(where: CellText.isBreak) else { return }
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count)
        for byte in bytes {
            if !CellText.isBreak(byte) {
                joined.append(byte)
            } else if joined.last != 0x20 {
                joined.append(0x20)
            }
        }
        bytes = joined
    }

    private static func isBreak(_ byte: UInt8) -> Bool { (0x09...0x0D).contains(byte) }

    /// Whether a name holds what no name does: the mark of a character that was lost (U+FFFD),
    /// signs without width or that turn the direction of writing, pictures.
    package static func hasStrangers(_ bytes: [UInt8]) -> Bool {
        guard bytes.contains(where: { $0 == 0xE2 || $0 == 0xEF || $0 == 0xF0 }) else {
            return false
        }
        return String(decoding: bytes, as: UTF8.self).unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF,
                0xFFF9...0xFFFD, 0x1F000...0x1FAFF, 0x2600...0x27BF:
                true
            default: false
            }
        }
    }

    /// Takes out all spaces and hyphens: identifiers are typed in groups.
    mutating func dropSeparators() {
        bytes.removeAll { $0 == 0x20 || $0 == UInt8(ascii: "-") }
    }

    /// Makes ASCII letters upper case; tells whether any changed.
    mutating func upperCase() -> Bool {
        var changed = false
        for index in bytes.indices where bytes[index] >= 0x61 && bytes[index] <= 0x7A {
            bytes[index] -= 0x20
            changed = true
        }
        return changed
    }

    /// Replaces the text, as an upgrade from 15 to 18 digits does.
    mutating func replace(with new: [UInt8]) {
        bytes.replaceSubrange(bytes.indices, with: new)
    }
}
