import Mappings
import Records

extension SheetLint {
    /// Whether a text holds a valid ID number, a mobile number or a landline that somebody may
    /// bear. Invented ones, from 99, from 120 and of the area code 0000, pass.
    static func looksReal(_ text: String) -> Bool {
        // Most lines of a file hold no such number at all.
        guard text.unicodeScalars.count(where: { $0.properties.numericType == .decimal }) > 9
        else { return false }
        return holdsNumber(text)
            || text.contains(landline)
    }

    /// An area code and a subscriber's number, with a mark between them.
    private nonisolated(unsafe) static let landline =
        /(?:^|[^0-9.\-])[(（]?0([1-9][0-9]{1,2})[-－—) ）]{1,2}[2-8][0-9]{6,7}(?:$|[^0-9])/

    private static func holdsNumber(_ text: String) -> Bool {
        var folded: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: folded.append(UInt8(scalar.value))
            case 0xFF10...0xFF19: folded.append(UInt8(scalar.value - 0xFF10 + 0x30))
            case 0x58, 0x78, 0xFF38, 0xFF58: folded.append(UInt8(ascii: "X"))
            case 0x20, 0x2D, 0x2E, 0xB7, 0x2010...0x2015, 0x3000, 0xFF0D, 0xFF0E:
                folded.append(UInt8(ascii: "-"))
            default: folded.append(0)
            }
        }
        let joined = folded.filter { $0 != UInt8(ascii: "-") }
        return [folded, joined].contains { bytes in
            bytes.split { $0 == 0 || $0 == UInt8(ascii: "-") }.contains { isReal(Array($0)) }
        }
    }

    private static func isReal(_ run: [UInt8]) -> Bool {
        let digits = run.allSatisfy { $0 <= 0x39 }
        switch run.count {
        case 18: return IDNumber.isValid(run, acceptsInvented: false)
        case 15 where digits:
            return IDNumber.isValid(IDNumber.upgraded(run), acceptsInvented: false)
        case 11 where digits: return run[0] == 0x31 && run[1] >= 0x33
        case 13 where digits:
            return run.starts(with: "86".utf8) && run[2] == 0x31 && run[3] >= 0x33
        default: return false
        }
    }
}
