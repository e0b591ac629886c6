import Definitions
package import Mappings
package import Records

/// What a mapping reads and what it leaves out (映射覆盖): fields nobody fills, columns nobody reads.
/// Names and counts alone; no value of any row.
package struct MappingCoverage: Sendable, Encodable {
    /// Mandatory fields of one form, or of one person.
    package struct Share: Sendable, Encodable {
        package let place: Wording
        package let mandatory: Int
        package let covered: Int
    }

    /// A field of the programme.
    package struct Field: Sendable, Encodable {
        package let field: String
        package let title: Wording
        package let place: Wording
        package let isRequired: Bool
    }

    /// A field that has one value for all rows of the clinic.
    package struct Constant: Sendable, Encodable {
        package let field: String
        package let value: String
    }

    /// How often a column that is read has something in it.
    package struct Fill: Sendable, Encodable {
        package let column: String
        package let field: String
        package let filled: Int
    }

    /// How a file's header and rows fit the mapping.
    package struct FileFit: Sendable, Encodable {
        package let rows: Int
        /// Columns of the file that the mapping neither reads nor names as ignored.
        package let unused: [String]
        /// Columns of the file that the mapping ignores by name.
        package let ignored: [String]
        /// Columns that the mapping must have and the file lacks: nothing of it would be taken.
        package let missing: [String]
        /// Columns that may be missing, and are.
        package let missingOptional: [String]
        package let fill: [Fill]
    }

    package let mapping: String
    package let shares: [Share]
    /// Fields without a column and without a value: mandatory ones first, by form.
    package let unset: [Field]
    package let constants: [Constant]
    package let columns: Int
    package private(set) var file: FileFit?

    /// All mandatory fields, and those that the mapping fills.
    package var mandatory: (covered: Int, all: Int) {
        (shares.reduce(0) { $0 + $1.covered }, shares.reduce(0) { $0 + $1.mandatory })
    }

    /// Compares a mapping with its programme.
    package init(of mapping: Mapping) {
        let dictionary = mapping.dictionary
        let filled = Set(mapping.rules.map(\.ordinal))
        // A month stands beside its day: nobody maps it by itself.
        let own = dictionary.elements.filter { element in
            if case .month = element.kind { false } else { true }
        }
        self.mapping = mapping.name
        shares = dictionary.locations.compactMap { location in
            let here = own.filter { $0.location == location && $0.isRequired }
            return here.isEmpty
                ? nil
                : Share(
                    place: dictionary.title(of: location), mandatory: here.count,
                    covered: here.count { filled.contains($0.ordinal) })
        }
        let open = own.filter { !filled.contains($0.ordinal) }
        unset = (open.filter(\.isRequired) + open.filter { !$0.isRequired }).map { element in
            Field(
                field: element.name, title: element.title,
                place: dictionary.title(of: element.location), isRequired: element.isRequired)
        }
        constants = mapping.rules.compactMap { rule in
            guard case .constant(let value) = rule.origin else { return nil }
            return Constant(field: dictionary.elements[rule.ordinal].name, value: value)
        }
        columns = Set(mapping.columns).count
    }

    /// Compares it with a file too.
    package init(of mapping: Mapping, header: [String], evidence: [ColumnEvidence], rows: Int) {
        precondition(header.count == evidence.count, "each column has its evidence")
        self.init(of: mapping)
        let read = Set(mapping.columns)
        let there = Set(header)
        let named = header.filter { !$0.isEmpty }
        let lacking = mapping.rules.filter { $0.column.map { !there.contains($0) } ?? false }
        file = FileFit(
            rows: rows,
            unused: named.filter { !read.contains($0) && !mapping.ignored.contains($0) },
            ignored: named.filter { !read.contains($0) && mapping.ignored.contains($0) },
            missing: MappingCoverage.names(lacking.filter { !$0.isOptional }),
            missingOptional: MappingCoverage.names(lacking.filter(\.isOptional)),
            fill: mapping.rules.compactMap { rule in
                guard let column = rule.column, let place = header.firstIndex(of: column) else {
                    return nil
                }
                return Fill(
                    column: column, field: mapping.dictionary.elements[rule.ordinal].name,
                    filled: evidence[place].filled)
            })
    }

    private static func names(_ rules: [FieldRule]) -> [String] {
        rules.compactMap(\.column).reduce(into: []) { names, name in
            if !names.contains(name) { names.append(name) }
        }
    }
}

extension ElementDictionary {
    /// Persons, then forms, in the order of the wire.
    var locations: [Element.Location] {
        subjects.indices.map { .subject($0) } + forms.indices.map { .form($0) }
    }
}
