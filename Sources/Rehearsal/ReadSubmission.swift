import LibCrypto
import LibXML
import Records

/// A submission as the pretend side reads it: what stands there, before anything is believed.
struct ReadSubmission {
    /// `Key`.
    struct Key {
        let id: String
        let suite: String
        let recipient: String
        let wrapped: String
    }

    /// One `Sealed`.
    struct Sealed {
        /// The subject's role, or the form's name.
        let owner: String
        let field: String
        let text: String
    }

    /// What a subject says in the clear that its identity number says too.
    struct Subject {
        var sex: String?
        var idType: String?
        var birthMonth: String?
    }

    /// One `Record`.
    struct Record {
        let id: String
        /// 0 when it is not a number.
        let version: Int
        let action: String
        let institution: String
        /// `yyyy-MM-dd`.
        let servedOn: String
        var sealed: [Sealed] = []
        var subjects: [String: Subject] = [:]
        /// What the wife and child order of a free check are together, hashed; nil for another.
        var entitlement: String?
    }

    static let namespace = "urn:shangbao:reference:1"

    private(set) var isNamed = false
    private(set) var id = ""
    private(set) var profile = ""
    private(set) var programme = ""
    private(set) var sender = ""
    private(set) var region = ""
    private(set) var count = ""
    private(set) var key: Key?
    private(set) var records: [Record] = []

    /// Reads the guarded document. Throws `XMLFailure` when it is not well-formed, too large, or
    /// holds a document type.
    init(_ xml: [UInt8]) throws(XMLFailure) {
        let draft = Draft()
        try xml.span.withUnsafeBytes { (bytes) throws(XMLFailure) in
            try XMLTree.parseChildren(
                bytes, root: draft.begin,
                child: {
                    draft.take($0)
                    return .goOn
                })
        }
        self = draft.result
    }

    private init() {}

    /// Collects what the parser tells.
    private final class Draft {
        var result = ReadSubmission()

        func begin(_ root: XMLTree.Element) -> EventAnswer {
            result.isNamed = root.name == "Submission" && root.namespace == namespace
            result.id = root.attribute("id") ?? ""
            result.profile = root.attribute("profile") ?? ""
            result.programme = root.attribute("programme") ?? ""
            result.sender = root.attribute("sender") ?? ""
            result.region = root.attribute("region") ?? ""
            result.count = root.attribute("count") ?? ""
            return .goOn
        }

        func take(_ element: XMLTree.Element) {
            switch element.name {
            case "Key":
                result.key = Key(
                    id: element.attribute("id") ?? "", suite: element.attribute("suite") ?? "",
                    recipient: element.attribute("recipient") ?? "",
                    wrapped: element.attribute("wrapped") ?? "")
            case "Record": result.records.append(Record(element, result.programme))
            default: break
            }
        }
    }
}

extension ReadSubmission.Record {
    /// Reads one record of a programme.
    fileprivate init(_ element: XMLTree.Element, _ programme: String) {
        id = element.attribute("id") ?? ""
        version = element.attribute("version").flatMap { Int($0) } ?? 0
        action = element.attribute("action") ?? ""
        institution = element.attribute("institution") ?? ""
        servedOn = element.attribute("serviceDate") ?? ""
        var wife: String?
        var childOrder: String?
        var isFree = false
        for part in element.children {
            let isSubject = part.name == "Subject"
            guard let owner = part.attribute(isSubject ? "role" : "name") else { continue }
            if isSubject {
                if owner == "wife" { wife = part.attribute("pseudonym") }
                subjects[owner] = ReadSubmission.Subject(
                    sex: part.child("sex")?.text, idType: part.child("idType")?.text,
                    birthMonth: part.child("birthMonth")?.text)
            } else {
                childOrder = part.child("childOrder")?.text ?? childOrder
                isFree = part.child("payerType").map { $0.text == "1" } ?? isFree
            }
            for child in part.children(named: "Sealed") {
                sealed.append(
                    ReadSubmission.Sealed(
                        owner: owner, field: child.attribute("field") ?? "", text: child.text))
            }
        }
        // The pseudonym is not kept: only that two cases are of one couple has to be seen.
        if isFree, action != "withdraw", let wife, let childOrder {
            let claim = Array("\(programme)|\(wife)|\(childOrder)".utf8)
            entitlement = Hex.encode(Hash.sha256.digest(claim))
        }
    }
}
