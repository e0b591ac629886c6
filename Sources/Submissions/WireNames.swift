/// The names that a profile's documents bear.
package struct WireNames: Sendable {
    /// `Submission@profile`.
    package let profile: String
    /// The namespace of all its elements.
    package let namespace: String

    package init(profile: String, namespace: String) {
        self.profile = profile
        self.namespace = namespace
    }
}
