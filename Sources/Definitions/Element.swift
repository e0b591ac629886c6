package import Records

/// One data element (数据元) of a programme, as the record holds it and as the wire shows it.
///
/// A class, so that the hot path passes one reference and copies none of its parts.
package final class Element: Sendable {
    /// Its place in the dictionary, and so in every record.
    package let ordinal: Int
    /// The full name with the person prefix, e.g. `wife.hbsAg`.
    package let name: String
    /// The name on the wire: without the person prefix, e.g. `hbsAg`.
    package let wireName: String
    package let location: Location
    /// Its place in the programme's file: twins of wife and husband share it.
    package let position: Int
    /// The row of the programme's field list, e.g. `FF-221`.
    package let number: String
    package let title: Wording
    package let kind: ElementKind
    /// The unit as the wire's `unit` attribute writes it.
    package let unit: String?
    /// Mandatory in a complete file (必填).
    package let isRequired: Bool
    package let privacyClass: PrivacyClass
    /// What the nation gets of it.
    package let protection: FieldProtection
    /// The person of whom an answer in another part speaks, by the subject's ordinal: in the
    /// family's, or in the spouse's; `nil` where it speaks of nobody alone, or stands in the
    /// person's own.
    package let about: Int?
    /// Whether the answer tells something of both spouses at once (说到双方): it leaves only where
    /// consent covers both of those whom the file names.
    package let isAboutBoth: Bool
    /// The national data-element identifier (数据元标识符, WS 363), e.g. `DE04.50.001.00`.
    package let standard: String?
    /// Where the field comes from (出处): a standard, a form generation, a clause of a notice.
    package let source: String?

    init(
        ordinal: Int, name: String, wireName: String, location: Location, position: Int,
        number: String, title: Wording, kind: ElementKind, unit: String?, isRequired: Bool,
        privacyClass: PrivacyClass, protection: FieldProtection, about: Int?,
        isAboutBoth: Bool, standard: String?, source: String?
    ) {
        self.ordinal = ordinal
        self.name = name
        self.wireName = wireName
        self.location = location
        self.position = position
        self.number = number
        self.title = title
        self.kind = kind
        self.unit = unit
        self.isRequired = isRequired
        self.privacyClass = privacyClass
        self.protection = protection
        self.about = about
        self.isAboutBoth = isAboutBoth
        self.standard = standard
        self.source = source
    }

    /// Where an element stands in a record on the wire.
    package enum Location: Hashable, Sendable {
        /// In `Subject[@role]`, by the subject's ordinal.
        case subject(Int)
        /// In `Form[@name]`, by the form's ordinal.
        case form(Int)
    }
}

/// What an element's text must be, and how it is read: parse, do not validate.
package enum ElementKind: Sendable {
    /// Up to `max` Unicode scalars. Where it is masked, words that give away the sex of an unborn
    /// child are refused (胎儿性别, L-098).
    case text(max: Int, isMasked: Bool)
    /// A person's name (姓名); padded to 16 bytes when sealed.
    case personName(max: Int)
    /// Part of an address (地址); padded to 64 bytes when sealed.
    case address(max: Int)
    /// GB 11643 (公民身份号码), in the normal form of 18 characters; where the person's `idType` names
    /// another document (其他证件), up to 18 letters and digits.
    case idNumber
    /// Eleven digits (手机号码), or where landlines pass also 10 to 12 with an area code (固定电话).
    case phone(landline: Bool)
    /// WS 218, 22 characters, an 18-character credit code, or a shorter code of one place
    /// (机构代码).
    case institution
    /// GB/T 2260 with 6, 9 or 12 digits, in a list with days of validity (行政区划).
    case division(CodeList)
    case code(CodeList)
    case integer(min: Int64, max: Int64)
    /// Bounds scaled by ten to the power of `places`.
    case decimal(places: Int, min: Int64, max: Int64)
    case date
    /// Made of a date by generalization.
    case month(of: Int)
    case flag
    /// Several codes of a list at once (多选), at most `CodeList.mostInSet` in the list.
    case set(CodeList)
    /// A day with its time (日期时间), to the minute.
    case dateTime
    /// A screening risk of 1/N with its comparator (筛查风险).
    case risk
    /// Chromosomes after ISCN with the sex masked (染色体核型): `46,XN`, `47,XN,+21`; up to `max`
    /// characters.
    case karyotype(max: Int)

    /// Bytes to whose multiple a sealed value is padded; 0 for none (EXCHANGE 1, Padding).
    package var pad: Int {
        switch self {
        case .personName: 16
        case .address: 64
        default: 0
        }
    }
}

/// How private a field is (DOMAIN 1.5).
package enum PrivacyClass: String, Sendable, CaseIterable {
    /// Names a person by itself (直接标识).
    case direct = "DI"
    /// Narrows down who it is (准标识).
    case quasi = "QI"
    /// Health data (敏感健康信息).
    case health = "SH"
    /// Stigmatising health data, narrowest access.
    case stigmatising = "SH+"
    /// About the work, not the person (业务信息).
    case operational = "OP"
}

/// What happens to a field before the nation may see it. The default is that nothing leaves.
package enum FieldProtection: Hashable, Sendable {
    /// Leaves as it is, for the reason given.
    case keep(because: String)
    /// Stays at home, for the reason given.
    case drop(because: String)
    /// Leaves sealed to the national side.
    case encrypt

    /// The word that data files and review sheets use.
    package var word: String {
        switch self {
        case .keep: "keep"
        case .drop: "drop"
        case .encrypt: "encrypt"
        }
    }
}

extension ElementKind {
    /// The word that programme files use.
    package var name: String {
        switch self {
        case .text: "text"
        case .personName: "personName"
        case .address: "address"
        case .idNumber: "idNumber"
        case .phone: "phone"
        case .institution: "institution"
        case .division: "division"
        case .code: "code"
        case .integer: "integer"
        case .decimal: "decimal"
        case .date: "date"
        case .month: "month"
        case .flag: "flag"
        case .set: "set"
        case .dateTime: "dateTime"
        case .risk: "risk"
        case .karyotype: "karyotype"
        }
    }
}
