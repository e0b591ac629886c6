package import Records

/// What a `Retry-After` field asks for (RFC 9110 section 10.2.3), read with care: a value that
/// cannot be meant is not obeyed.
package enum RetryAfter: Sendable, Hashable {
    /// There was no such field.
    case absent
    /// 1 to 86,400 seconds.
    case seconds(Int64)
    /// Zero, negative, in the past, beyond a day, or no number and no date.
    case unusable

    private static let limitSeconds: Int64 = 86_400

    /// - Parameters:
    ///   - text: the field's value; `nil` if it was absent.
    ///   - now: what a date is measured against.
    package init(_ text: String?, now: Timestamp) {
        guard let text else {
            self = .absent
            return
        }
        let seconds: Int64?
        if let date = HTTPDate(text) {
            // A part of a second is waited as a whole one.
            seconds = (date.moment.microseconds - now.microseconds + 999_999) / 1_000_000
        } else {
            let isNumber =
                !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
            seconds = isNumber ? Int64(text) : nil
        }
        guard let seconds, seconds >= 1, seconds <= RetryAfter.limitSeconds else {
            self = .unusable
            return
        }
        self = .seconds(seconds)
    }
}
