package import Records

/// Whether the clock on the wall can be believed (时钟跳变): it is held against one that only counts
/// on.
///
/// After a jump nothing is held for its deadline, since a whole queue would be. It ends when the
/// clock comes back to where it should be, or with the process: whoever starts it anew says that
/// the time is right.
package struct ClockWatch: Sendable {
    /// What one reading may differ from the last beyond the time that really went by.
    package static let toleranceSeconds: Int64 = 300

    private var wall: Timestamp?
    private var steadyMicroseconds: Int64 = 0
    package private(set) var hasJumped = false

    package init() {}

    /// Notes both clocks.
    ///
    /// - Parameter steady: microseconds of a clock that nobody sets; from where does not matter.
    package mutating func note(_ now: Timestamp, steady: Int64) {
        if let wall {
            let drift = (now.microseconds - wall.microseconds) - (steady - steadyMicroseconds)
            hasJumped = abs(drift) > ClockWatch.toleranceSeconds * 1_000_000
        }
        // While it is wrong, the last good reading stays what the others are held against.
        guard !hasJumped else { return }
        wall = now
        steadyMicroseconds = steady
    }
}
