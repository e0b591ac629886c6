import Records

/// The text by which a part of a case finds the rest of it (关联键): a file number, a person's ID
/// number, a sample's barcode. Both sides are brought to one form before they are compared.
package enum JoinKey: String, Sendable, CaseIterable {
    /// Folded to half width, upper case, without spaces around it.
    case text
    /// GB 11643: without spaces and hyphens, 15 digits upgraded to 18.
    case idNumber

    /// Whether a spreadsheet has changed a key, so that it may be another's by now.
    ///
    /// - Parameter key: in its one form.
    func isDamaged(_ key: [UInt8]) -> Bool {
        guard SpreadsheetDamage.isLikely(in: key) else { return false }
        // One citizen in a thousand has a number that ends in zeros; its check digit tells.
        return self != .idNumber || !IDNumber.isValid(key, acceptsInvented: true)
    }

    /// The one form of a key; `nil` where the cell is empty.
    package func form(of bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var cell = CellText()
        cell.fold(bytes)
        if self == .idNumber { cell.dropSeparators() }
        _ = cell.upperCase()
        guard !cell.bytes.isEmpty else { return nil }
        if self == .idNumber, cell.bytes.count == 15,
            cell.bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        {
            return IDNumber.upgraded(cell.bytes)
        }
        return cell.bytes
    }
}
