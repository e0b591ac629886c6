package import Definitions
import Records

/// The profile's structure compiled for every record (编译后的结构校验): one pass over its bytes.
///
/// Our own spelling takes the short way, `StraightCheck`; all else, and all faults, the long one.
/// libxml2 with the generated XSD is the judge of this check; a differential test over changed
/// records holds the two together, to the verdict. What our own writer never writes (comments,
/// prefixes, character references) is `unsure`: libxml2 decides.
package struct SchemaCheck: Sendable {
    package enum Verdict: Hashable, Sendable {
        case valid
        /// The element or attribute at fault, by its place: `laboratory/hemoglobin`.
        case invalid(String)
        case unsure
    }

    /// An element that may stand in a subject or form; a class, since one is looked at for every
    /// element of every record.
    final class Child: Sendable {
        let name: [UInt8]
        let text: String
        let facet: SchemaFacet
        let unit: [UInt8]?
        let isRequired: Bool

        init(_ slot: SchemaSlots.Slot) {
            name = Array(slot.element.wireName.utf8)
            text = slot.element.wireName
            facet = SchemaFacet(slot.element.kind)
            unit = slot.element.unit.map { Array($0.utf8) }
            isRequired = slot.isRequired
        }
    }

    private let straight: StraightCheck
    let subject: [Child]
    let groups: [[Child]]
    let roles: [[UInt8]]
    let forms: [[UInt8]]
    let formTexts: [String]
    let sealedNames: ByteTable
    let institution = SchemaFacet.recordInstitution
    let day = SchemaFacet(.date)

    package init(dictionary: ElementDictionary) {
        straight = StraightCheck(dictionary: dictionary)
        subject = SchemaSlots.subject(dictionary).map(Child.init)
        groups = SchemaSlots.groups(dictionary).map { $0.slots.map(Child.init) }
        roles = dictionary.subjects.map { Array($0.role.utf8) }
        forms = dictionary.forms.map { Array($0.name.utf8) }
        formTexts = dictionary.forms.map(\.name)
        sealedNames = ByteTable(
            dictionary.elements.filter { $0.protection == .encrypt }
                .map { (key: Array($0.wireName.utf8), number: $0.ordinal) })
    }

    /// Judges the bytes of one `Record` element.
    package func verdict(on record: UnsafeBufferPointer<UInt8>) -> Verdict {
        if straight.passes(record) { return .valid }
        var scan = RecordScan(bytes: record, check: self)
        do {
            try scan.record()
            return .valid
        } catch {
            return error.verdict
        }
    }
}
