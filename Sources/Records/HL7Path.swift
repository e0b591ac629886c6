/// Names a value of an HL7 v2 message, as a mapping writes it instead of a column's name:
/// `PID-3.1`, `OBX-5`, `PID-3[2].1`, `PID-3[ID].1`, `PID-5.1.1`.
///
/// Segment, field, repetition, component and subcomponent, all counted from 1 (HL7 2.5.1, section
/// 2.5). Without a component the field is taken as it stands.
package struct HL7Path: Hashable, Sendable {
    /// Which repetition of a field is meant.
    package enum Repetition: Hashable, Sendable {
        /// All of them where no component is asked for, else the first.
        case unsaid
        case number(Int)
        /// The one whose fifth component, the type of an identifier (CX.5), is this.
        case identifier(String)
    }

    /// Three capitals or digits, as UTF-8.
    package let segment: [UInt8]
    package let field: Int
    package let repetition: Repetition
    package let component: Int?
    package let subcomponent: Int?

    /// Reads a path; `nil` where it is none.
    package init?(_ text: String) {
        let form =
            #/
            ([A-Z][A-Z0-9]{2}) - ([0-9]{1,3})
            (?: \[ ([A-Za-z0-9]+) \] )? (?: \. ([0-9]{1,3}) )? (?: \. ([0-9]{1,3}) )?
            /#
        guard let match = text.wholeMatch(of: form), let field = Int(match.2), field > 0 else {
            return nil
        }
        segment = Array(match.1.utf8)
        self.field = field
        component = match.4.flatMap { Int($0) }
        subcomponent = match.5.flatMap { Int($0) }
        switch match.3 {
        case nil: repetition = .unsaid
        case let selector?:
            if let number = Int(selector) {
                guard number > 0 else { return nil }
                repetition = .number(number)
            } else {
                repetition = .identifier(String(selector))
            }
        }
        guard component != 0, subcomponent != 0 else { return nil }
    }
}
