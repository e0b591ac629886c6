package import Mappings

/// What becomes of one column in a proposed mapping.
package struct ProposedColumn: Sendable {
    /// Why a column is left to a person.
    package enum Doubt: Sendable, Equatable {
        /// Several fields are equally like it.
        case severalFields
        /// Another column is as like the same field.
        case rivals([String])
        /// Tables of words that read what is written in different ways.
        case severalTables([String])
        /// Its unit is not the field's, and nobody has said the factor.
        case unit(String, own: String)
    }

    package enum Choice: Sendable, Equatable {
        /// A field by its ordinal, and the table of words, if any.
        case field(Int, lookUp: String?)
        /// A box of a field that holds several codes, by the field's ordinal.
        case box(Int, code: String)
        /// One of these fields, by ordinal: a person decides.
        case undecided([Int], Doubt)
        /// Nothing is like it.
        case unknown
    }

    package let column: String
    package let choice: Choice
    package let likeness: FieldMatcher.Likeness?
    package let evidence: ColumnEvidence
    /// Of the different texts of a column that is looked up or read as days, how many are read.
    package let known: Int?
    /// What else the line says, as the mapping writes it: its unit and the factor.
    package let spelling: String?
}
