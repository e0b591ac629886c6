package import Records

/// Facts about those who watch, and what they watch, rather than about cases.
extension Fact {
    /// An alarm has been seen to (已处理); the alarm's own line stays as it is.
    package struct Attended: Sendable, Codable {
        /// The number of the ledger's line that is the alarm.
        package let alarm: Int64
        package let by: String
        package let because: String

        package init(alarm: Int64, by: String, because: String) {
            self.alarm = alarm
            self.by = by
            self.because = because
        }
    }

    /// A receipt accepts what is accepted already and gives it another serial number: the first
    /// one is kept.
    package struct Renumbered: Sendable, Codable {
        package let submission: SubmissionID
        package let record: RecordID
        package let version: Int
        /// The serial that is kept, and the one that came later.
        package let kept: String
        package let given: String
        /// The receipt that gave the other serial, SHA-256 hex.
        package let receipt: String

        package init(
            submission: SubmissionID, record: RecordID, version: Int, kept: String, given: String,
            receipt: String
        ) {
            self.submission = submission
            self.record = record
            self.version = version
            self.kept = kept
            self.given = given
            self.receipt = receipt
        }
    }

    /// The key ring's counter, when it was first seen to be higher, or when a person said that an
    /// older ring is the one in force.
    package struct KeyringSeen: Sendable, Codable {
        package let counter: Int
        /// SHA-256, hex, of which keys it has and how far each is; absent in early entries.
        package let contents: String?
        /// Each of its keys, by which another ring is known; absent in early entries.
        package let keys: [KeyNote]?
        /// Who and why, where a person said it.
        package let by: String?
        package let because: String?

        package init(
            counter: Int, contents: String?, keys: [KeyNote]?, by: String? = nil,
            because: String? = nil
        ) {
            self.counter = counter
            self.contents = contents
            self.keys = keys
            self.by = by
            self.because = because
        }
    }

    /// Nothing is sent from `began` to `ended`: a standby took over, or an older backup was put
    /// back, and what may have been sent meanwhile is asked for first.
    package struct Reconciled: Sendable, Codable {
        /// `began` or `ended`.
        package let step: String
        /// How it was found out.
        package let cause: String
        package let by: String
        package let because: String

        package init(step: String, cause: String, by: String, because: String) {
            self.step = step
            self.cause = cause
            self.by = by
            self.because = because
        }
    }

    /// A list of records to resend, by the step that was taken with it.
    package struct Resent: Sendable, Codable {
        /// SHA-256 of the list, hex.
        package let plan: String
        /// `planned`, `started`, `paused`, `resumed`, `cancelled` or `finished`.
        package let step: String
        /// Records in it, when it was written and at the start.
        package let records: Int
        package let by: String
        package let because: String

        package init(plan: String, step: String, records: Int, by: String, because: String) {
            self.plan = plan
            self.step = step
            self.records = records
            self.by = by
            self.because = because
        }
    }

    /// A person stopped what goes to an endpoint, or let it go on (停发、恢复).
    package struct Switched: Sendable, Codable {
        package let endpoint: String
        /// `stopped` or `started`.
        package let step: String
        /// `retries` or `sends`.
        package let scope: String
        package let by: String
        package let because: String

        package init(endpoint: String, step: String, scope: String, by: String, because: String) {
            self.endpoint = endpoint
            self.step = step
            self.scope = scope
            self.by = by
            self.because = because
        }
    }
}
