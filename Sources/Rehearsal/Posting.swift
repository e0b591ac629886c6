import LibCrypto
import Records
import Storage

/// When the pretend side gives its verdicts.
package enum AnswerMode: Sendable, Equatable {
    /// 200 with the `processed` receipt.
    case atOnce
    /// 202; the `processed` receipt comes by the feed.
    ///
    /// - Parameters:
    ///   - collects: how many times the county asks in vain before; with nil, only
    ///     `NationalSystem.process()` brings it about.
    ///   - received: whether the 202 bears a `received` receipt or nothing.
    case later(collects: Int?, received: Bool)
}

/// One post that reached the books.
struct Posting: Sendable {
    let document: PostedDocument
    let county: RegisteredCounty
    let examination: Result<ExaminedSubmission, Refusal>
    let faults: PostFaults
    let mode: AnswerMode

    /// What the books say to a post.
    enum Outcome: Sendable {
        case answered(FirstAnswer)
        /// The id was sent before with other bytes.
        case conflict
    }

    /// Stores the document and answers it, or finds the answer that it got before.
    func take(_ processing: Processing) throws -> Outcome {
        let transaction = processing.transaction
        if case .failure(let refusal) = examination, !refusal.isStored {
            let stored = submission(county.usualSuite)
            let receipt = try refuse(stored, refusal, processing.book)
            return .answered(
                FirstAnswer(status: 422, receipt: try processing.book.receipt(receipt)))
        }
        if let known = try transaction.submission(sender: county.sender, id: document.id) {
            return known.stored.digest == document.digest ? .answered(known.answer) : .conflict
        }
        switch examination {
        case .failure(let refusal): try storeRefused(refusal, processing)
        case .success where faults.refusal != nil:
            try storeRefused(Refusal(scripted: faults.refusal ?? ""), processing)
        case .success(let examined) where try transaction.knowsKey(examined.keyID):
            try storeRefused(Refusal(code: .cannotOpen, detail: "Key@id"), processing)
        case .success(let examined): try store(examined, processing)
        }
        let known = try transaction.submission(sender: county.sender, id: document.id)
        return .answered(known?.answer ?? FirstAnswer(status: 202, receipt: nil))
    }

    private func store(_ examined: ExaminedSubmission, _ processing: Processing) throws {
        let transaction = processing.transaction
        let stored = submission(examined.suite)
        try transaction.insert(stored, keyID: examined.keyID)
        try transaction.insert(
            examined.records, of: stored, programme: examined.programme, faults: faults)
        switch mode {
        case .atOnce:
            let receipt = try processing.process(stored, faults.plan)
            try transaction.answer(stored, 200, receipt: receipt)
        case .later(let collects, let received):
            try processing.wait(stored, faults.plan, collects: collects)
            let receipt =
                received ? try processing.book.issue("received", of: stored) : nil
            try transaction.answer(stored, 202, receipt: receipt)
        }
    }

    private func storeRefused(_ refusal: Refusal, _ processing: Processing) throws {
        let suite = county.signingKeys[document.signatureKey]?.suite ?? county.usualSuite
        let stored = submission(suite)
        try processing.transaction.insert(stored, keyID: nil)
        let receipt = try refuse(stored, refusal, processing.book)
        try processing.transaction.answer(stored, 422, receipt: receipt)
    }

    private func refuse(
        _ submission: StoredSubmission, _ refusal: Refusal, _ book: ReceiptBook
    ) throws -> Int64 {
        try book.issue("refused", of: submission, code: refusal.code, text: refusal.text)
    }

    private func submission(_ suite: CipherSuite) -> StoredSubmission {
        StoredSubmission(
            sender: county.sender, id: document.id, digest: document.digest, suite: suite)
    }
}
