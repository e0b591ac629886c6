import Definitions
import Records
package import Submissions

/// Files of a profile that are made from the dictionary and never written by hand (生成文件):
/// the XSD and the table of elements. `shangbao lint` compares them, `lint --write` makes them.
package enum GeneratedFiles {
    /// Path below the profile's folder, and text.
    package static func all(of programme: Programme, for profile: NationalProfile)
        -> [(path: String, text: String)]
    {
        [
            ("schema/submission.xsd", SchemaText.xsd(for: programme.dictionary, profile.wire)),
            ("dictionary.csv", table(of: programme.dictionary)),
        ]
    }

    /// One line an element, in the order of the wire: what a receiver needs to know of it.
    private static func table(of dictionary: ElementDictionary) -> String {
        var text = "place,element,number,zh,en,kind,unit,list,required,class,protection,pad\n"
        for element in dictionary.elements {
            if case .drop = element.protection { continue }
            let place =
                switch element.location {
                case .subject(let subject): dictionary.subjects[subject].role
                case .form(let form): dictionary.forms[form].name
                }
            var list = ""
            switch element.kind {
            case .code(let codes), .division(let codes), .set(let codes): list = codes.name
            default: break
            }
            let cells = [
                place, element.wireName, element.number, element.title.zh, element.title.en,
                element.kind.name, element.unit ?? "", list, element.isRequired ? "true" : "false",
                element.privacyClass.rawValue, element.protection.word, String(element.kind.pad),
            ]
            text += cells.map(quoted).joined(separator: ",") + "\n"
        }
        return text
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.contains(where: { ",\"\n".contains($0) }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}

extension NationalProfile {
    /// The names that its documents bear.
    package var wire: WireNames { WireNames(profile: name, namespace: namespace) }
}
