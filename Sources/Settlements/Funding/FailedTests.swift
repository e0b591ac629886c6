import Records

/// Tests that gave no result, by pregnancy: with its redraw a failed one is paid once, never twice,
/// and without a redraw not at all.
///
/// Some laboratories mark the sample that was drawn again, others the test that makes it necessary:
/// money comes out the same, since a test that follows a failed one always belongs to it.
struct FailedTests<Claim: Hashable> {
    private enum Chain {
        /// The last test failed, and nothing was paid for it yet.
        case open
        /// The last test failed, and the two together were paid.
        case paid
    }

    private var chains: [Claim: Chain] = [:]

    /// Why the next test of a pregnancy is not paid, or `nil` where it is.
    ///
    /// - Parameter isPaidBefore: whether a test of this pregnancy was paid already.
    mutating func refusal(of attempt: TestAttempt?, _ claim: Claim, isPaidBefore: Bool)
        -> UnpaidReason?
    {
        let isFailed = attempt == .failed || attempt == .failedRedraw
        let isRedraw = attempt == .redraw || attempt == .failedRedraw
        switch chains[claim] {
        case .open:
            if isFailed, !isRedraw { return .failedTest }
            chains[claim] = isFailed ? .paid : nil
            return nil
        case .paid:
            if !isFailed { chains[claim] = nil }
            return .secondTest
        case nil:
            if isRedraw, isPaidBefore { return .secondTest }
            if isFailed {
                chains[claim] = .open
                return .failedTest
            }
            return nil
        }
    }
}
