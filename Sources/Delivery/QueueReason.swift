/// Why a submission is held: stable codes of the queue.
package enum QueueReason: String, Sendable, CaseIterable {
    /// A person stopped it.
    case person = "Q-PERSON"
    /// Its time is over.
    case deadline = "Q-DEADLINE"
    /// The process died too often while it was under way.
    case poison = "Q-POISON"
    /// Its end was unclear too often.
    case doubt = "Q-DOUBT"
    /// They say that they never had it, so long after it was sent that they may have forgotten.
    case forgotten = "Q-FORGOTTEN"
    /// The stored bytes are no longer the ones that were signed.
    case bytesChanged = "Q-BYTES"
    /// A receipt has a code that the profile does not know.
    case unknownCode = "Q-CODE"
    /// A genuine receipt does not fit the records that were sent.
    case oddReceipt = "Q-RECEIPT"
    /// The other side refused the request itself.
    case refused = "Q-REFUSED"
}
