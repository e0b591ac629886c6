/// How far wrapping the vault's keys anew is (重新封装进度).
package struct RewrapReading: Sendable, Encodable {
    /// What this turn came to.
    package enum State: String, Sendable, Encodable {
        /// All keys are wrapped for the people of now: there was nothing to do.
        case level
        /// The outer layers are off: another person goes on.
        case half
        /// Wrapped anew.
        case done
    }

    package let state: State
    /// The rewrapping's id; absent where there was nothing to do.
    package let id: String?
    /// Data keys that this turn was about.
    package internal(set) var keys: Int
    /// Data keys that are still not wrapped for the people of now: these two do not open them,
    /// or a second person is to come.
    package let left: Int
    /// Until when a second person may go on.
    package let until: String?
}
