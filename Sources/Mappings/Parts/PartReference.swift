import Definitions

/// Where a case's mapping gets the rest of the case from (合并来源): an entry of `parts:`.
package struct PartReference: Sendable {
    /// The part's mappings, files of the same programme: `from-lis-csv`; where it comes in several
    /// kinds of files, the first that has rows counts.
    package let mappings: [String]
    /// The field of the case whose text joins, by ordinal.
    package let by: Int
    /// The person whose part it is, by the subject's ordinal: its `person.` fields are theirs, and
    /// a case that does not name them has no such part.
    package let person: Int?
    /// Without it the case waits.
    package let isNeeded: Bool
    /// The key is one case's alone, as a sample's barcode is: where two name it, neither gets the
    /// part.
    package let isOnce: Bool
    /// Only cases with this code have the part: a field's ordinal, and the code's in its list.
    package let when: (field: Int, code: Int)?
    /// The most days between the part's day and the case's.
    package let within: Int?

    init(_ section: inout Section, dictionary: ElementDictionary) throws(DefinitionError) {
        mappings = try section.texts("part")
        guard !mappings.isEmpty else {
            throw section.error("缺少 “part”。", "part is missing.")
        }
        let name = try section.text("by")
        guard let by = dictionary.ordinal(of: name) else {
            throw section.error(
                at: "by", "项目没有字段 “\(name)”。", "The programme has no field \(name).")
        }
        self.by = by
        if let role = try section.optionalText("person") {
            guard let found = dictionary.subjects.firstIndex(where: { $0.role == role }) else {
                throw section.error(at: "person", "没有服务对象 “\(role)”。", "No subject \(role).")
            }
            person = found
        } else {
            person = nil
        }
        isNeeded = try section.flag("needed") ?? false
        isOnce = try section.flag("once") ?? false
        within = try section.integer("within")
        if var inner = try section.optionalSection("when") {
            when = try PartReference.test(&inner, dictionary: dictionary)
        } else {
            when = nil
        }
        try section.finish()
    }

    private static func test(_ section: inout Section, dictionary: ElementDictionary)
        throws(DefinitionError) -> (field: Int, code: Int)
    {
        let (name, text) = (try section.text("field"), try section.text("is"))
        try section.finish()
        guard let field = dictionary.ordinal(of: name),
            case .code(let list) = dictionary.elements[field].kind
        else {
            throw section.error(
                at: "field", "项目没有代码字段 “\(name)”。", "The programme has no coded field \(name).")
        }
        guard let code = list.ordinal(of: text) else {
            throw section.error(
                at: "is", "\(list.name) 没有代码 “\(text)”。", "\(list.name) has no code \(text).")
        }
        return (field, code)
    }
}
