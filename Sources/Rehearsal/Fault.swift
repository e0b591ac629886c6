/// What the pretend national side can do wrongly, late or not at all, on purpose.
package enum Fault: Sendable, Hashable {
    /// Refuses the whole document with this code; it is stored and its id is used up.
    case refuse(code: String)
    /// Holds the answer back.
    case delay(milliseconds: Int)
    /// 429 with `Retry-After`; nothing is stored.
    case status429(retryAfterSeconds: Int)
    /// 503 with `Retry-After`; nothing is stored.
    case status503(retryAfterSeconds: Int)
    /// Ends the connection before anything is stored.
    case dropBeforeStoring
    /// Stores, then ends the connection without an answer.
    case dropAfterStoring
    /// Gives the same receipt twice, and a third one in other bytes with the same verdicts.
    case answerTwice
    /// A later receipt rejects a record that was accepted.
    case conflict
    /// A later receipt takes an acceptance back (E3301), and the case is in force no more.
    case reversal
    /// The receipt covers half of the records; the rest comes with the next collect.
    case partial
    /// Every record is `pending` first; the verdicts come with the next collect.
    case pendingFirst
    /// On the way, the signature is replaced by one of another key under the same key id.
    case forgedReceipt
    /// On the way, the signature is lost.
    case unsignedReceipt
    /// A signed receipt that names another digest goes before the right one.
    case wrongDigestReceipt
    /// A signed receipt that names another sender goes before the right one.
    case wrongSenderReceipt
    /// Answers 200 with a page that is no receipt, though the document is stored.
    case rubbish200
}

/// What becomes of single records, on purpose.
package enum RecordFault: Sendable, Hashable {
    /// Rejected with a final code (`E1…` to `E4…`).
    case reject(code: String)
    /// Rejected with a transient code (`E5…`): the same version may come again.
    case transient(code: String)
    /// Accepted with warnings, with an information code (`0…`).
    case warn(code: String)

    var code: String {
        switch self {
        case .reject(let code), .transient(let code), .warn(let code): code
        }
    }
}

/// Which faults are played at which post. Posts are counted from 1 since the system was opened,
/// each repetition for itself.
package struct FaultScript: Sendable, Equatable {
    /// Plain numbers from 1, such as posts or records of a document.
    package enum Selection: Sendable, Hashable {
        case every
        case range(ClosedRange<Int>)

        /// One number.
        package static func only(_ number: Int) -> Selection { .range(number...number) }

        func contains(_ number: Int) -> Bool {
            switch self {
            case .every: true
            case .range(let range): range.contains(number)
            }
        }
    }

    /// One line of the script.
    package enum Line: Sendable, Hashable {
        case post(Selection, Fault)
        case record(posts: Selection, records: Selection, RecordFault)
    }

    package let lines: [Line]

    package init(_ lines: [Line] = []) {
        self.lines = lines
    }

    /// The faults of the post with this number.
    func faults(ofPost number: Int) -> PostFaults {
        var faults = PostFaults()
        for line in lines {
            switch line {
            case .post(let posts, let fault) where posts.contains(number):
                faults.post.append(fault)
            case .record(let posts, let records, let fault) where posts.contains(number):
                faults.records.append((records, fault))
            default: break
            }
        }
        return faults
    }
}

/// The faults of one post.
struct PostFaults: Sendable {
    var post: [Fault] = []
    var records: [(records: FaultScript.Selection, fault: RecordFault)] = []

    /// The code with which the whole document is refused.
    var refusal: String? {
        for case .refuse(let code) in post { return code }
        return nil
    }

    /// How long the answer is held back.
    var delay: Duration {
        var total = Duration.zero
        for case .delay(let milliseconds) in post { total += .milliseconds(milliseconds) }
        return total
    }

    /// What is kept until the receipts are issued.
    var plan: ReceiptPlan {
        var plan: ReceiptPlan = []
        for fault in post {
            switch fault {
            case .answerTwice: plan.insert(.answerTwice)
            case .conflict: plan.insert(.conflict)
            case .reversal: plan.insert(.reversal)
            case .partial: plan.insert(.partial)
            case .pendingFirst: plan.insert(.pendingFirst)
            case .wrongDigestReceipt: plan.insert(.wrongDigest)
            case .wrongSenderReceipt: plan.insert(.wrongSender)
            default: break
            }
        }
        return plan
    }

    /// The first fault that is played on the record in this place of the document, from 1.
    func fault(ofRecord position: Int) -> RecordFault? {
        records.first { $0.records.contains(position) }?.fault
    }
}
