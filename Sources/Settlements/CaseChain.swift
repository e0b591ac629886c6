package import Evidence
package import Records

/// How one case became money, or why it did not (逐例溯源): from the clinic's row to the fen, step by
/// step, each with the name by which an auditor finds it.
package struct CaseChain: Sendable, Codable {
    /// One version of the case.
    package struct Version: Sendable, Codable {
        package let number: Int
        package let action: RecordAction?
        /// The clinic's file and the row in it; absent where it came by none.
        package let file: String?
        package let row: Int?
        /// SHA-256 of the file, hex, and the mapping's `name@version`.
        package let fileDigest: String?
        package let mapping: String?
        /// Why it stayed at home.
        package let codes: [String]
        package let submission: SubmissionID?
        /// SHA-256 of the submission's XML, hex.
        package let submissionDigest: String?
        package let queuedAt: String?
        package let firstSentAt: String?
        package let sends: Int
        package let verdict: Verdict?
        /// The national side's code and serial number.
        package let code: String?
        package let serial: String?
        /// SHA-256 of the receipt, hex.
        package let receipt: String?
        package let grade: AnswerGrade?
        package let standing: BalanceClass
    }

    /// What it is paid as.
    package struct Paid: Sendable, Codable {
        package let item: String
        package let title: Wording
        package let rule: String
        package let fen: Money
        package let payers: [Part]
    }

    /// What one payer bears of this case alone, in fen: shares are rounded on the year's sum, so
    /// that a year may come to some fen more.
    package struct Part: Sendable, Codable {
        package let payer: String
        package let title: Wording
        package let share: String
        package let fen: Money
    }

    /// Why it is paid nothing.
    package struct Unpaid: Sendable, Codable {
        package let reason: UnpaidReason
        package let title: Wording
        package let rule: String
        /// The case that has the claim.
        package let earlier: RecordID?
    }

    package let record: RecordID
    package let institution: String?
    package let month: String?
    package let versions: [Version]
    package let paid: Paid?
    package let unpaid: Unpaid?

    /// - Parameter fileName: what the clinic called an item, which the ledger does not tell.
    /// - Returns: `nil` for a case that the books do not know.
    package init?(
        _ record: RecordID, in book: CaseBook, rule: FundingScheme, division: String,
        fileName: (IntakeID) -> String? = { _ in nil }
    ) {
        guard let versions = book.cases[record], let last = versions.last else { return nil }
        self.record = record
        institution = last.cell.institution
        month = last.cell.month?.description
        self.versions = zip(versions, book.standings(of: versions)).map {
            Version($0, $1, in: book, fileName)
        }
        let local = rule.local(to: division)
        let judging = Judging(book, rule: local)
        paid = judging.paid.first(of: record).map { paid in
            Paid(paid, by: local, division: division)
        }
        let earlier = judging.discrepancies.first { $0.record == record }?.earlier
        unpaid = judging.unpaid.first(of: record).map { unpaid in
            Unpaid(
                reason: unpaid.reason, title: unpaid.reason.title, rule: unpaid.reason.rule,
                earlier: earlier)
        }
    }
}

extension CaseChain.Version {
    fileprivate init(
        _ version: CaseVersion, _ standing: BalanceClass, in book: CaseBook,
        _ fileName: (IntakeID) -> String?
    ) {
        let item = version.source.flatMap { book.items[$0.intake] }
        let dispatch = version.submission.flatMap { book.dispatches[$0] }
        number = version.number
        action = version.sent?.action
        file = version.source.flatMap { fileName($0.intake) } ?? item?.name
        row = version.source?.row
        fileDigest = item?.digest
        mapping = item?.mapping
        codes = version.sent == nil ? version.kept?.codes ?? [] : []
        submission = version.submission
        submissionDigest = dispatch?.digest
        queuedAt = dispatch?.queuedAt.dateTime
        firstSentAt = dispatch?.firstSentAt?.dateTime
        sends = dispatch?.attempts ?? 0
        verdict = version.verdict?.verdict
        code = version.verdict?.code
        serial = version.verdict?.serial
        receipt = version.receipt
        grade = version.grade
        self.standing = standing
    }
}

extension CaseChain.Paid {
    fileprivate init(_ paid: Settlement.PaidCase, by rule: FundingScheme, division: String) {
        item = paid.item.name
        title = paid.item.title
        self.rule = paid.item.rule
        fen = paid.item.price
        let line = SettledLine(
            item: paid.item.name, title: paid.item.title, rule: paid.item.rule, cases: 1,
            persons: paid.record.persons, priceFen: paid.item.price, fen: paid.item.price)
        payers = rule.account(
            year: paid.record.servedOn.parts.year, division: division, lines: [line]
        ).payers.filter { $0.totalFen > .zero }.map {
            CaseChain.Part(payer: $0.payer, title: $0.title, share: $0.share, fen: $0.totalFen)
        }
    }
}
