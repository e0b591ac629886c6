import Definitions
import Records

/// Reading texts: names, addresses, remarks, chromosomes.
extension ValueReading {
    mutating func text(
        _ bytes: UnsafeBufferPointer<UInt8>, most: Int, isName: Bool, isMasked: Bool = false,
        _ element: Element
    ) -> Value {
        cell.compose(bytes, isName: isName)
        if isName {
            guard !CellText.hasStrangers(cell.bytes) else {
                return refuse(MappingCodes.controlCharacter, element)
            }
        } else if !isIdentifier[element.ordinal] {
            cell.joinLines()
        }
        guard !cell.bytes.isEmpty,
            cell.bytes.withUnsafeBufferPointer({ empty.number(of: $0) }) == nil
        else { return .absent }
        let isDamaged =
            isIdentifier[element.ordinal]
            ? SpreadsheetDamage.isLikely(in: cell.bytes)
            : SpreadsheetDamage.isScientific(cell.bytes)
        if isDamaged { return refuse(MappingCodes.damagedNumber, element) }
        var scalars = 0
        for byte in cell.bytes {
            if byte < 0x20 || byte == 0x7F { return refuse(MappingCodes.controlCharacter, element) }
            if byte & 0xC0 != 0x80 { scalars += 1 }
        }
        guard scalars <= most else { return refuse(MappingCodes.tooLong, element) }
        if isMasked {
            // In whatever width it is written; the text itself keeps its own.
            var folded = CellText()
            folded.fold(bytes)
            if FetalSex.isRevealed(byText: folded.bytes) {
                return refuse(MappingCodes.fetalSex, element)
            }
        }
        return store()
    }

    /// Chromosomes after ISCN, in half width, upper and lower case as written.
    mutating func karyotype(most: Int, _ element: Element) -> Value {
        guard !FetalSex.isRevealed(byKaryotype: cell.bytes) else {
            return refuse(MappingCodes.fetalSex, element)
        }
        guard cell.bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return refuse(MappingCodes.controlCharacter, element)
        }
        guard cell.bytes.count(where: { $0 & 0xC0 != 0x80 }) <= most else {
            return refuse(MappingCodes.tooLong, element)
        }
        return store()
    }
}
