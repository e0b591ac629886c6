/// One numbered step of the schema. Applied once, in one transaction, in the order of numbers.
///
/// A step that has been released never changes; a mistake is mended by the next step.
package struct Migration: Sendable {
    /// From 1, without gaps over the whole program.
    package let number: Int
    /// One or several statements, each ended by a semicolon.
    package let statements: StaticString

    package init(number: Int, statements: StaticString) {
        self.number = number
        self.statements = statements
    }
}
