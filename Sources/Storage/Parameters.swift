/// The values of one run of a statement, in the order of its placeholders.
package struct Parameters {
    private(set) var values: [StoredValue] = []

    /// Binds the next placeholder.
    package mutating func bind(_ value: some Storable) {
        values.append(value.stored)
    }

    /// Binds the next placeholder to a value or `NULL`.
    package mutating func bind(_ value: (some Storable)?) {
        values.append(value?.stored ?? .null)
    }

    mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }
}
