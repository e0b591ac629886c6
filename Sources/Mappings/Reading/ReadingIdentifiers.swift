import Definitions
import Records

/// Reading what names a person or an institution: numbers with check digits, telephones, codes.
extension ValueReading {
    /// GB 11643 in its normal form (PRIVACY 3.3): no spaces or hyphens, upper case, 18 characters.
    mutating func idNumber(_ element: Element) -> Value {
        guard !hasSpreadsheetMarks else { return refuse(MappingCodes.excelNumber, element) }
        let wasFolded = cell.wasFolded
        cell.dropSeparators()
        let wasLower = cell.upperCase()
        let digits = cell.bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
        if cell.bytes.count == 15, digits {
            cell.replace(with: IDNumber.upgraded(cell.bytes))
            guard IDNumber.isValid(cell.bytes, acceptsInvented: acceptsInvented) else {
                return refuse(MappingCodes.idNumber, element)
            }
            warn(MappingCodes.upgradedIDNumber, element)
            return store()
        }
        // Excel keeps fifteen digits of a number and writes zeros for the rest.
        let mayBeCut =
            cell.bytes.count == 18 && digits && cell.bytes.suffix(3).allSatisfy { $0 == 0x30 }
        guard IDNumber.isValid(cell.bytes, acceptsInvented: acceptsInvented) else {
            return refuse(mayBeCut ? MappingCodes.excelNumber : MappingCodes.idNumber, element)
        }
        if mayBeCut {
            // One number in a thousand ends so; the birthday and the other files tell.
            warn(MappingCodes.zerosAtEnd, element)
        } else if wasFolded || wasLower {
            warn(MappingCodes.respelledIDNumber, element)
        }
        return store()
    }

    /// Another document's number: no check digit; the same normal form.
    mutating func documentNumber(_ element: Element) -> Value {
        guard !hasSpreadsheetMarks else { return refuse(MappingCodes.excelNumber, element) }
        cell.dropSeparators()
        _ = cell.upperCase()
        guard IdentityDocument.isNumber(cell.bytes) else {
            return refuse(MappingCodes.documentNumber, element)
        }
        return store()
    }

    /// `9.90101E+17`.
    private var hasSpreadsheetMarks: Bool {
        cell.bytes.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "+") }
    }

    mutating func phone(landline: Bool, _ element: Element) -> Value {
        cell.dropSeparators()
        guard
            let normal = PhoneNumber.normal(
                cell.bytes, landline: landline, acceptsInvented: acceptsInvented)
        else {
            // A wrong number stops nobody's check: it is left out, and the clinic is told.
            return landline
                ? refuse(MappingCodes.anyPhone, element)
                : refuse(MappingCodes.phone, element, as: .warning)
        }
        cell.replace(with: normal)
        return store()
    }

    mutating func institution(_ element: Element) -> Value {
        cell.dropSeparators()
        _ = cell.upperCase()
        guard let (form, code) = InstitutionCode.read(cell.bytes) else {
            return refuse(MappingCodes.institution, element)
        }
        switch form {
        case .national: break
        case .placeholder: warn(MappingCodes.placeholderInstitution, element)
        case .local:
            // The frame of a record takes national codes only.
            guard element.ordinal != servingInstitution else {
                return refuse(MappingCodes.institution, element)
            }
            warn(MappingCodes.localInstitution, element)
        }
        cell.replace(with: code)
        return store()
    }

    /// 6, 9 or 12 digits whose first six the list knows.
    mutating func division(_ list: CodeList, _ element: Element) -> Value {
        let bytes = cell.bytes
        guard [6, 9, 12].contains(bytes.count), bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            list.ordinal(of: bytes) ?? list.ordinal(of: Array(bytes[0..<6])) != nil
        else { return refuse(MappingCodes.division, element) }
        return store()
    }
}
