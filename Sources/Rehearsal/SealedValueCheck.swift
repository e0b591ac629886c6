import LibCrypto
import Records

/// Opens every sealed value of a submission and looks at the plaintext's shape. No plaintext
/// leaves this type.
struct SealedValueCheck {
    /// What is wrong with a record, the first thing found.
    struct Flaw {
        let code: AcknowledgementCode
        /// `role/field`, or empty when it is about the whole record.
        let field: String
    }

    /// What became of one record's values.
    struct Outcome {
        var opened = 0
        var unopened = 0
        var flaw: Flaw?
    }

    private let sealer: FieldSealer
    private let submission: String
    private let pads: PaddingTable

    init(sealer: FieldSealer, submission: String, pads: PaddingTable) {
        self.sealer = sealer
        self.submission = submission
        self.pads = pads
    }

    /// Opens all values of one record.
    func check(_ record: ReadSubmission.Record) -> Outcome {
        var outcome = Outcome()
        for value in record.sealed {
            let place = "\(value.owner)/\(value.field)"
            guard let plaintext = open(value, record.id) else {
                outcome.unopened += 1
                if outcome.flaw == nil { outcome.flaw = Flaw(code: .cannotOpen, field: place) }
                continue
            }
            outcome.opened += 1
            if outcome.flaw == nil,
                let code = Self.flaw(plaintext, value.field, record.subjects[value.owner])
            {
                outcome.flaw = Flaw(code: code, field: place)
            }
        }
        return outcome
    }

    /// The additional data names the place, so that a value moved elsewhere does not open.
    private func open(_ value: ReadSubmission.Sealed, _ record: String) -> [UInt8]? {
        let place = "\(submission)|\(record)|\(value.owner).\(value.field)"
        return try? sealer.open(
            value.text,
            additionalData: "GWF1|\(sealer.suite.rawValue)|\(sealer.keyID)|\(place)",
            pad: pads.pad(owner: value.owner, field: value.field))
    }

    private static func flaw(
        _ plaintext: [UInt8], _ field: String, _ subject: ReadSubmission.Subject?
    ) -> AcknowledgementCode? {
        guard let first = plaintext.first, let last = plaintext.last, first > 0x20, last > 0x20,
            let text = String(validating: plaintext, as: UTF8.self),
            !text.unicodeScalars.contains(where: {
                $0.properties.generalCategory == .control && !"\t\r\n".unicodeScalars.contains($0)
            })
        else { return .text }
        if field == "birthDate" {
            guard CalendarDate(iso: text) != nil else { return .date }
            return subject?.birthMonth.map { text.hasPrefix($0 + "-") } ?? true
                ? nil : .contradiction
        }
        guard field == "idNumber", subject?.idType ?? "01" == "01" else { return nil }
        guard let number = ResidentNumber(plaintext) else { return .idNumber }
        let isSame =
            (subject?.sex ?? number.sex) == number.sex
            && (subject?.birthMonth ?? number.birthMonth) == number.birthMonth
        return isSame ? nil : .idNumberDiffers
    }
}

/// A resident identity number of 18 characters (GB 11643), in its normal form.
struct ResidentNumber {
    /// `1` for a man, `2` for a woman.
    let sex: String
    /// `yyyy-MM`.
    let birthMonth: String

    /// Nil unless digits, date and check digit (ISO 7064, MOD 11-2) are right.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == 18,
            bytes[..<17].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        var remainder = 0
        for byte in bytes[..<17] { remainder = (remainder + Int(byte - 0x30)) * 2 % 11 }
        let check = (12 - remainder) % 11
        let expected = check == 10 ? UInt8(ascii: "X") : UInt8(0x30 + check)
        let digits = String(decoding: bytes[6..<14], as: UTF8.self)
        let year = digits.prefix(4)
        let month = digits.dropFirst(4).prefix(2)
        guard bytes[17] == expected,
            CalendarDate(iso: "\(year)-\(month)-\(digits.suffix(2))") != nil
        else { return nil }
        sex = (bytes[16] - 0x30) % 2 == 1 ? "1" : "2"
        birthMonth = "\(year)-\(month)"
    }
}
