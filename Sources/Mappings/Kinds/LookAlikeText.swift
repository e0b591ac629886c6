import Foundation

/// A text as the eye takes it (形近归一): whatever looks like a letter X is one.
///
/// Compatibility forms (ｘ, ⅹ, ₓ) and letters of other scripts (Cyrillic х, Greek χ) become the
/// Latin ones, upper case; accents and invisible characters go; every sign of multiplication is
/// `*`, and the Chinese marks of a list are the ASCII ones. Traditional ideographs of the words
/// that matter become the simplified ones (兒 to 儿). A run of blanks is one space.
struct LookAlikeText {
    /// Unicode scalars.
    private(set) var scalars: [UInt32] = []

    init(_ bytes: some Collection<UInt8>) {
        scalars.reserveCapacity(bytes.count)
        var text = String(decoding: bytes, as: UTF8.self)
        if !text.unicodeScalars.allSatisfy({ LookAlikeText.isPlain($0.value) }) {
            text = text.decomposedStringWithCompatibilityMapping
        }
        for scalar in text.unicodeScalars { take(scalar) }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        switch value {
        case 0x61...0x7A: scalars.append(value - 0x20)
        case 0x21...0x7E: scalars.append(value)
        case 0x4E00...0x9FFF: scalars.append(LookAlikeText.simplified[value] ?? value)
        case 0x1F150...0x1F169: scalars.append(value - 0x1F150 + 0x41)  // 🅐
        case 0x1F170...0x1F189: scalars.append(value - 0x1F170 + 0x41)  // 🅰
        case 0x1F1E6...0x1F1FF: scalars.append(value - 0x1F1E6 + 0x41)  // 🇦
        case 0...0x20, 0x7F: space()
        default:
            if let same = LookAlikeText.same[value] {
                scalars.append(same)
            } else if scalar.properties.isWhitespace {
                space()
            } else {
                switch scalar.properties.generalCategory {
                case .nonspacingMark, .enclosingMark, .format: break
                default: scalars.append(value)
                }
            }
        }
    }

    private mutating func space() {
        if scalars.last != 0x20 { scalars.append(0x20) }
    }

    /// Whether a scalar stands for itself alone: ASCII, an ideograph, a Chinese mark.
    private static func isPlain(_ value: UInt32) -> Bool {
        value < 0x80 || (0x4E00...0x9FFF).contains(value) || (0x3001...0x3011).contains(value)
    }

    /// Traditional ideographs and what the words are written with here.
    private static let simplified: [UInt32: UInt32] = {
        let traditional = "兒別龍鳳嬰寶頭陰莖睪貴為係個條兩雙單體綜徵閨帶帥檢證數親產剖歲"
        let simple = "儿别龙凤婴宝头阴茎睾贵为系个条两双单体综征闺带帅检证数亲产剖岁"
        return Dictionary(
            uniqueKeysWithValues: zip(
                traditional.unicodeScalars.map(\.value), simple.unicodeScalars.map(\.value)))
    }()

    /// What is written for X, Y, a sign of multiplication, a mark.
    private static let same: [UInt32: UInt32] = {
        let alike: [(String, Character)] = [
            (
                "\u{425}\u{445}\u{4FC}\u{4FD}\u{3A7}\u{3C7}\u{2573}\u{2D5D}\u{A4EB}\u{2CAC}\u{2CAD}",
                "X"
            ),
            (
                "\u{423}\u{443}\u{4AE}\u{4AF}\u{4B0}\u{4B1}\u{3A5}\u{3C5}\u{28F}\u{1EFF}\u{A4EC}\u{2CA8}\u{2CA9}",
                "Y"
            ),
            ("\u{D7}\u{2715}\u{2716}\u{2A09}\u{2217}\u{22C5}\u{2A2F}", "*"),
            ("\u{3001}", ","), ("\u{3010}\u{3014}\u{3008}", "["), ("\u{3011}\u{3015}\u{3009}", "]"),
            ("\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}", "-"),
            // Letters of other scripts in the words that say it in English.
            ("\u{41C}\u{43C}\u{39C}", "M"), ("\u{410}\u{430}\u{391}", "A"),
            ("\u{415}\u{435}\u{395}", "E"), ("\u{412}\u{432}\u{392}", "B"),
            ("\u{41E}\u{43E}\u{39F}\u{3BF}", "O"),
        ]
        var same: [UInt32: UInt32] = [:]
        for (written, meant) in alike {
            for scalar in written.unicodeScalars {
                same[scalar.value] = meant.unicodeScalars.first?.value
            }
        }
        return same
    }()
}
