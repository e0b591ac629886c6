package import Records

/// What happened (事实). Facts are only ever added; every total is a fold over them.
///
/// None holds a personal value: people appear as record ids and keyed pseudonyms only.
package enum Fact: Sendable, Codable {
    /// An item was opened for the first time.
    case arrived(Arrived)
    /// A stretch of rows is on disk, with the fate of every row that was not sent.
    case taken(Taken)
    /// The item's last row has a fate.
    case received(Received)
    /// The whole item was refused.
    case refused(Refused)
    /// A person gave up an item half-way: its rows on disk stay, the rest will not come.
    case abandoned(Abandoned)
    /// A person took rows of a part off the shelf: no case uses them any more.
    case dropped(Dropped)
    /// Records were sealed, signed and queued as one submission.
    case enqueued(Enqueued)
    /// The second commit before a send: from here on it may have been sent.
    case onWire(OnWire)
    /// How an attempt ended.
    case attempted(Attempted)
    /// A receipt's bytes are on disk, with what was made of them.
    case receiptKept(ReceiptKept)
    /// Verdicts of a receipt were applied.
    case acknowledged(Acknowledged)
    /// A submission stopped until a person decides, or a person decided.
    case intervened(Intervened)
    /// Two answers contradict each other: the case is frozen (争议).
    case disputed(Disputed)
    /// A person decided a frozen case by one of its receipts (裁定).
    case decided(Decided)
    /// The national side took its acceptance back (撤销接收).
    case reversed(Reversed)
    /// A receipt gives what is accepted another serial number: the first one is kept.
    case renumbered(Renumbered)
    /// Cases were handed to the person who types them into the platform's forms (辅助录入).
    case handedOut(HandedOut)
    /// The platform's own list of results is on disk, sealed, as somebody brought it.
    case listKept(ListKept)
    /// A list of records to resend was begun, stopped or ended (重发).
    case resent(Resent)
    /// A person has seen to an alarm.
    case attended(Attended)
    /// The key ring's counter, so that an older ring put back is found out.
    case keyringSeen(KeyringSeen)
    /// The database was found to lack something, or a person said that it is whole again (对账).
    case reconciled(Reconciled)
    /// A person stopped the sending to an endpoint, or let it go on.
    case switched(Switched)
    /// A mapping was approved or rejected by the privacy officer.
    case approved(Approved)
    /// A clinic's own count of a month came (机构自报数).
    case counted(Counted)
    /// A difference between books was written down for a person (差异单).
    case differed(Differed)
    /// Somebody was given such a difference, or closed it; or it was found to be gone.
    case differenceHandled(DifferenceHandled)
    /// A statement was issued.
    case settled(Settled)
    /// A person signed a statement (签署): with two of them its period is closed.
    case signedOff(SignedOff)
    /// The last row of the audit trail, so that rows cut off later are found out.
    case audited(Audited)
    /// What was kept sealed was erased, its time being over (到期清除).
    case erased(Erased)
    /// What will be erased was named first (清除前告知).
    case warned(Warned)
    /// A step on the way to finding out who cases are about (身份还原).
    case identified(Identified)
    /// The national side's key under which new submissions are sealed (收件证书).
    case recipientTaken(RecipientTaken)
    /// A backup of the key ring was opened with both halves: as a drill, or to restore it.
    case backupTried(BackupTried)
    /// A step on the way to link names that are made without a leaked key (重建关联名).
    case rekeyed(Rekeyed)
    /// The vault's data keys are to be, or were, wrapped for other people (重新封装).
    case rewrapped(Rewrapped)
    /// A person's key was first used, is another than was noted, or was confirmed (本人公钥登记).
    case personKey(PersonKey)
    /// A table of indicators was written for outside the county (指标公布).
    case published(Published)

    package struct Arrived: Sendable, Codable {
        package let intake: IntakeID
        /// The file's name without its folder.
        package let name: String
        /// SHA-256 of the item's bytes, hex.
        package let digest: String
        package let byteCount: Int
        /// The mapping's `name@version` and the SHA-256 of its content, hex.
        package let mapping: String
        package let mappingDigest: String

        package init(
            intake: IntakeID, name: String, digest: String, byteCount: Int, mapping: String,
            mappingDigest: String
        ) {
            self.intake = intake
            self.name = name
            self.digest = digest
            self.byteCount = byteCount
            self.mapping = mapping
            self.mappingDigest = mappingDigest
        }
    }

    package struct Taken: Sendable, Codable {
        package let intake: IntakeID
        /// The Excel row after the last one of this stretch.
        package let nextRow: Int
        /// Rows of the stretch, unreadable ones included, empty lines not.
        package let rows: Int
        /// Rows known already from an earlier item: not counted again.
        package let unchanged: Int
        /// Rows that were not sent.
        package let kept: [KeptRow]

        package init(intake: IntakeID, nextRow: Int, rows: Int, unchanged: Int, kept: [KeptRow]) {
            self.intake = intake
            self.nextRow = nextRow
            self.rows = rows
            self.unchanged = unchanged
            self.kept = kept
        }
    }

    /// A row that was not sent, and why.
    package struct KeptRow: Sendable, Codable {
        package let row: Int
        /// The case, where the row's key could be read.
        package let record: RecordID?
        /// The version that this row is; 0 where the case is unknown.
        package let version: Int
        /// `quarantined`, `excluded`, `held` or `superseded`.
        package let fate: String
        package let findings: [Finding]
        /// Where its count belongs, where that could be read.
        package let institution: String?
        package let month: CalendarMonth?
        /// On what its money turns, where a person may mend it: what is left out of the county's
        /// books for good has none.
        package let traits: SettlementTraits?

        package init(
            row: Int, record: RecordID?, version: Int, fate: String, findings: [Finding],
            institution: String?, month: CalendarMonth?, traits: SettlementTraits? = nil
        ) {
            self.row = row
            self.record = record
            self.version = version
            self.fate = fate
            self.findings = findings
            self.institution = institution
            self.month = month
            self.traits = traits
        }
    }

    package struct Received: Sendable, Codable {
        package let intake: IntakeID
        package let rows: Int

        package init(intake: IntakeID, rows: Int) {
            self.intake = intake
            self.rows = rows
        }
    }

    package struct Refused: Sendable, Codable {
        package let name: String
        package let digest: String
        package let code: String

        package init(name: String, digest: String, code: String) {
            self.name = name
            self.digest = digest
            self.code = code
        }
    }

    package struct Abandoned: Sendable, Codable {
        package let intake: IntakeID
        /// Rows of it that are on disk.
        package let rows: Int
        package let by: String
        package let because: String

        package init(intake: IntakeID, rows: Int, by: String, because: String) {
            self.intake = intake
            self.rows = rows
            self.by = by
            self.because = because
        }
    }

    package struct Dropped: Sendable, Codable {
        package let intake: IntakeID
        /// The row that was named, as Excel counts; all rows of its person's sample went with it.
        package let row: Int
        package let rows: Int
        package let by: String
        package let because: String

        package init(intake: IntakeID, row: Int, rows: Int, by: String, because: String) {
            self.intake = intake
            self.row = row
            self.rows = rows
            self.by = by
            self.because = because
        }
    }

    package struct OnWire: Sendable, Codable {
        package let submission: SubmissionID
        package let attempt: Int

        package init(submission: SubmissionID, attempt: Int) {
            self.submission = submission
            self.attempt = attempt
        }
    }

    package struct Attempted: Sendable, Codable {
        package let submission: SubmissionID
        package let attempt: Int
        /// The state that followed, e.g. `awaiting`.
        package let state: String
        /// A stable code, e.g. `T-TIMEOUT` or `HTTP-202`.
        package let outcome: String

        package init(submission: SubmissionID, attempt: Int, state: String, outcome: String) {
            self.submission = submission
            self.attempt = attempt
            self.state = state
            self.outcome = outcome
        }
    }

    package struct ReceiptKept: Sendable, Codable {
        /// SHA-256 of the receipt's bytes, hex.
        package let receipt: String
        package let submission: SubmissionID?
        /// `applied`, `duplicate`, `conflict`, `unknown`, `misaddressed`, `forged`, `malformed`.
        package let disposition: String
        /// `nil` for what comes over a wire: there the signature decides.
        package let grade: AnswerGrade?

        package init(
            receipt: String, submission: SubmissionID?, disposition: String,
            grade: AnswerGrade? = nil
        ) {
            self.receipt = receipt
            self.submission = submission
            self.disposition = disposition
            self.grade = grade
        }
    }

    package struct Acknowledged: Sendable, Codable {
        package let submission: SubmissionID
        package let receipt: String
        package let verdicts: [RecordVerdict]
        /// `nil` for a signed receipt.
        package let grade: AnswerGrade?

        package init(
            submission: SubmissionID, receipt: String, verdicts: [RecordVerdict],
            grade: AnswerGrade? = nil
        ) {
            self.submission = submission
            self.receipt = receipt
            self.verdicts = verdicts
            self.grade = grade
        }
    }

    package struct Intervened: Sendable, Codable {
        package let submission: SubmissionID
        /// `held`, `released`, `retried`, `cancelled`, `repacked`; `recalled` for some of its
        /// records, which were to go again and must not.
        package let step: String
        package let by: String
        package let because: String
        /// The records that it is about; absent where it is about all.
        package let records: [RecordID]?

        package init(
            submission: SubmissionID, step: String, by: String, because: String,
            records: [RecordID]? = nil
        ) {
            self.submission = submission
            self.step = step
            self.by = by
            self.because = because
            self.records = records
        }
    }

    package struct Disputed: Sendable, Codable {
        package let submission: SubmissionID
        package let record: RecordID
        package let version: Int
        /// The receipt that contradicts what was final, SHA-256 hex.
        package let receipt: String
        /// Of both answers; `nil` for signed ones. One of each grade is no dispute.
        package let grade: AnswerGrade?

        package init(
            submission: SubmissionID, record: RecordID, version: Int, receipt: String,
            grade: AnswerGrade? = nil
        ) {
            self.submission = submission
            self.record = record
            self.version = version
            self.receipt = receipt
            self.grade = grade
        }
    }

    package struct Decided: Sendable, Codable {
        package let submission: SubmissionID
        /// The receipt that is held to be right, SHA-256 hex.
        package let receipt: String
        /// What it says of the record, which is no longer frozen.
        package let verdict: RecordVerdict
        package let by: String
        package let because: String
        /// Of that receipt; `nil` for a signed one.
        package let grade: AnswerGrade?

        package init(
            submission: SubmissionID, receipt: String, verdict: RecordVerdict, by: String,
            because: String, grade: AnswerGrade? = nil
        ) {
            self.grade = grade
            self.submission = submission
            self.receipt = receipt
            self.verdict = verdict
            self.by = by
            self.because = because
        }
    }

    package struct Approved: Sendable, Codable {
        package let mapping: String
        package let mappingDigest: String
        package let by: String
        package let isApproved: Bool
        /// SHA-256 of the signed decision, hex; absent in facts of earlier releases.
        package let approval: String?
        /// SHA-256 of the public key that signed it, hex; likewise.
        package let key: String?

        package init(
            mapping: String, mappingDigest: String, by: String, isApproved: Bool,
            approval: String? = nil, key: String? = nil
        ) {
            self.approval = approval
            self.key = key
            self.mapping = mapping
            self.mappingDigest = mappingDigest
            self.by = by
            self.isApproved = isApproved
        }
    }
}
