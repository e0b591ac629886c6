/// What is scripted for the receipts of one submission; kept until they are issued.
struct ReceiptPlan: OptionSet, Sendable {
    let rawValue: Int

    /// The next receipt covers the first half of the records; the rest comes with the next collect.
    static let partial = ReceiptPlan(rawValue: 1)
    /// The next receipt says `pending` of every record; the verdicts come with the next collect.
    static let pendingFirst = ReceiptPlan(rawValue: 2)
    /// The receipt appears twice, and once more in other bytes with the same verdicts.
    static let answerTwice = ReceiptPlan(rawValue: 4)
    /// An accepted record is rejected by a later receipt.
    static let conflict = ReceiptPlan(rawValue: 8)
    /// A receipt with another digest goes before the right one.
    static let wrongDigest = ReceiptPlan(rawValue: 16)
    /// A receipt for another sender goes before the right one.
    static let wrongSender = ReceiptPlan(rawValue: 32)
    /// What `conflict` leaves to be done.
    static let contradict = ReceiptPlan(rawValue: 64)

    /// An acceptance is taken back by a later receipt, and its effect with it.
    static let reversal = ReceiptPlan(rawValue: 128)
    /// What `reversal` leaves to be done.
    static let takeBack = ReceiptPlan(rawValue: 256)

    /// What still holds for a second receipt of the same submission.
    var carriedOver: ReceiptPlan { intersection([.conflict, .reversal]) }
}
