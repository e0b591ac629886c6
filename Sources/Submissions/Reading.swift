package import Definitions
import LibCrypto
import LibXML
package import Privacy
package import Records

/// A record of a submission of ours in clear (原文), for the person who types it into the platform's
/// forms. It is written to that person's file and nowhere else.
package struct ClearRecord: Sendable {
    /// One element's text, as it stands on the wire and in the sealed values.
    package struct Field: Sendable {
        package let element: Element
        package let text: String
    }

    package let record: RecordID
    package let version: Int
    package let action: RecordAction
    package let institution: String
    /// `2012-03-01`.
    package let servedOn: String
    /// In the order of the wire; none of a withdrawal.
    package let fields: [Field]
}

/// Reads submissions of ours back with our own copy of their data keys.
package struct SubmissionReading {
    private let elements: [String: Element]

    package init(dictionary: ElementDictionary) {
        var elements: [String: Element] = [:]
        for element in dictionary.elements {
            let owner =
                switch element.location {
                case .subject(let number): dictionary.subjects[number].role
                case .form(let number): dictionary.forms[number].name
                }
            elements[owner + "." + element.wireName] = element
        }
        self.elements = elements
    }

    /// The records of a document, in its order.
    ///
    /// - Parameters:
    ///   - document: the XML, as `Packing` wrote it.
    ///   - envelope: that of the same submission.
    ///   - record: the one that is wanted; all of them where it is left out.
    /// - Throws: `PackingFailure` where a value does not open, or is none of this programme.
    package func records(
        of document: [UInt8], under envelope: Envelope, only record: RecordID? = nil
    ) throws(PackingFailure) -> [ClearRecord] {
        var records: [ClearRecord] = []
        do {
            let sealer = try FieldSealer(
                suite: envelope.suite, keyID: envelope.keyID, dataKey: envelope.dataKey)
            for slice in RecordSlices(document: document)
            where record == nil || record?.text == slice.id {
                let bytes = Array(document[slice.range])
                let root = try bytes.withUnsafeBytes { (bytes) throws(XMLFailure) in
                    try XMLTree.parse(bytes)
                }
                records.append(try clear(root, envelope, sealer))
            }
        } catch {
            throw PackingFailure(.sealing)
        }
        return records
    }

    private func clear(
        _ root: XMLTree.Element, _ envelope: Envelope, _ sealer: FieldSealer
    ) throws -> ClearRecord {
        guard let id = root.attribute("id"),
            let version = root.attribute("version").flatMap({ Int($0) }),
            let action = root.attribute("action").flatMap(RecordAction.init(rawValue:))
        else { throw PackingFailure(.sealing) }
        var fields: [ClearRecord.Field] = []
        for part in root.children {
            guard let owner = part.attribute("role") ?? part.attribute("name") else { continue }
            for child in part.children {
                let isSealed = child.name == "Sealed"
                let name = isSealed ? child.attribute("field") ?? "" : child.name
                guard let element = elements[owner + "." + name] else {
                    throw PackingFailure(.sealing)
                }
                var text = child.text
                if isSealed {
                    let plain = try sealer.open(
                        text, additionalData: envelope.binding(id, owner, name),
                        pad: element.kind.pad)
                    text = String(decoding: plain, as: UTF8.self)
                }
                fields.append(ClearRecord.Field(element: element, text: text))
            }
        }
        return ClearRecord(
            record: RecordID(id), version: version, action: action,
            institution: root.attribute("institution") ?? "",
            servedOn: root.attribute("serviceDate") ?? "", fields: fields)
    }
}
