/// The places where a crash would hurt most: a test kills the process at each of them in turn.
package enum FailPoint: String, Sendable, CaseIterable {
    case beforeLeased, afterLeased
    case beforeOnWire, afterOnWire
    case afterSend
    case beforeReceiptStored, afterReceiptStored
    case beforeApplied, afterApplied
    case beforeSettled, afterSettled
    case beforeCursorMoved, afterCursorMoved
}

/// Called at each fail point; does nothing but in such a test.
package typealias FailPointHook = @Sendable (FailPoint) -> Void
