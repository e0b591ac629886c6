extension ElementKind {
    /// Reads `kind` and the keys that go with it; `codeList` opens a list by its name.
    static func read(
        _ section: inout Section, codeList: (String) throws(DefinitionError) -> CodeList
    ) throws(DefinitionError) -> ElementKind {
        let name = try section.text("kind")
        switch name {
        case "text":
            return .text(
                max: try section.integer("max") ?? 100,
                isMasked: try section.flag("masked") ?? false)
        case "personName": return .personName(max: try section.integer("max") ?? 30)
        case "address": return .address(max: try section.integer("max") ?? 70)
        case "idNumber": return .idNumber
        case "phone": return .phone(landline: try section.flag("landline") ?? false)
        case "institution": return .institution
        case "date": return .date
        case "flag": return .flag
        case "division": return .division(try codeList(try section.text("list")))
        case "code": return .code(try codeList(try section.text("list")))
        case "set":
            let list = try codeList(try section.text("list"))
            guard list.codes.count <= CodeList.mostInSet else {
                throw section.error(
                    at: "list", "多选的代码表最多 \(CodeList.mostInSet) 个代码。",
                    "The list of a set has at most \(CodeList.mostInSet) codes.")
            }
            return .set(list)
        case "dateTime": return .dateTime
        case "risk": return .risk
        case "karyotype": return .karyotype(max: try section.integer("max") ?? 60)
        case "integer":
            return .integer(
                min: Int64(try section.integer("min") ?? 0),
                max: Int64(try section.integer("max") ?? 999_999_999))
        case "decimal":
            let places = try section.integer("places") ?? 1
            return .decimal(
                places: places, min: try bound("min", &section, places),
                max: try bound("max", &section, places))
        default:
            throw section.error(
                at: "kind", "不认识的类型 “\(name)”；可用：\(kindNames)。",
                "Unknown kind \(name); known: \(kindNames).")
        }
    }

    private static let kindNames =
        "text, personName, address, idNumber, phone, institution, division, code, set, integer, "
        + "decimal, date, dateTime, flag, risk, karyotype"

    /// A decimal bound like `0.5`, scaled exactly to `places`.
    private static func bound(_ key: String, _ section: inout Section, _ places: Int)
        throws(DefinitionError) -> Int64
    {
        let text = try section.text(key)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard parts.count <= 2, fraction.count <= places,
            let scaled = Int64(
                parts[0] + fraction + String(repeating: "0", count: places - fraction.count))
        else {
            throw section.error(
                at: key, "应为最多 \(places) 位小数的数。", "A number with up to \(places) places.")
        }
        return scaled
    }
}
