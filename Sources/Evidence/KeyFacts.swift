import Records

/// Facts about keys, rather than about cases.
extension Fact {
    /// The national side's key that seals new submissions from here on (收件证书). Its private half
    /// is theirs.
    package struct RecipientTaken: Sendable, Codable, Hashable {
        /// `gm` or `intl`.
        package let suite: String
        /// As submissions call the key.
        package let name: String
        /// SHA-256 of the certificate's DER, of a bare key of its DER; hex.
        package let fingerprint: String
        /// Unix seconds; absent for a bare key, which has no end.
        package let notBefore: Int64?
        package let notAfter: Int64?
        package let by: String

        package init(
            suite: String, name: String, fingerprint: String, notBefore: Int64?,
            notAfter: Int64?, by: String
        ) {
            self.suite = suite
            self.name = name
            self.fingerprint = fingerprint
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.by = by
        }

        var summary: Wording {
            Wording(
                zh: "\(by) 换用收件证书 \(name)（\(fingerprint.prefix(16))）",
                en: "recipient \(name) (\(fingerprint.prefix(16))) taken by \(by)")
        }
    }

    /// A key as the ledger notes it: enough to know it again, and nothing of what it is.
    package struct KeyNote: Sendable, Codable, Hashable {
        package let id: String
        package let use: String
        package let suite: String
        package let domain: String
        package let epoch: Int
        package let state: String
        /// As `keys list` shows it; absent once the key is destroyed.
        package let fingerprint: String?

        package init(
            id: String, use: String, suite: String, domain: String, epoch: Int, state: String,
            fingerprint: String?
        ) {
            self.id = id
            self.use = use
            self.suite = suite
            self.domain = domain
            self.epoch = epoch
            self.state = state
            self.fingerprint = fingerprint
        }
    }

    /// A backup of the key ring was opened with both halves of its passphrase.
    package struct BackupTried: Sendable, Codable, Hashable {
        /// What it was opened for.
        package enum Purpose: String, Sendable, Codable {
            /// A drill (恢复演练): nothing was put in its place.
            case drill
            /// The ring was made of it.
            case restore
        }

        package let purpose: Purpose
        /// The backup's counter, and that of the ring in use; absent where there was none.
        package let counter: Int
        package let ring: Int?
        /// Ids of keys that the one has and the other lacks, or that differ.
        package let differing: [String]
        /// SHA-256, hex, of which keys the backup has and how far each is; absent in early entries.
        package let contents: String?
        package let by: String

        package init(
            purpose: Purpose, counter: Int, ring: Int?, differing: [String], contents: String?,
            by: String
        ) {
            self.purpose = purpose
            self.counter = counter
            self.contents = contents
            self.ring = ring
            self.differing = differing
            self.by = by
        }

        /// Whether the backup holds all that the ring in use does.
        package var isWhole: Bool { counter == ring && differing.isEmpty }

        var summary: Wording {
            let zh = purpose == .drill ? "恢复演练" : "恢复密钥环"
            let en = purpose == .drill ? "restore drill" : "key ring restored"
            return Wording(
                zh: "\(zh)（\(by)）：备份计数 \(counter)", en: "\(en) by \(by): counter \(counter)")
        }
    }

    /// A step on the way to link names that are made anew from the ID numbers, so that a leaked key
    /// names nobody any more (重建关联名).
    package struct Rekeyed: Sendable, Codable, Hashable {
        /// A step, as the ledger writes it.
        package enum Step: String, Sendable, Codable, CaseIterable {
            case requested, approved, began, finished
        }

        /// The request's id.
        package let request: String
        package let step: Step
        package let by: String
        /// The epoch that leaked.
        package let epoch: Int
        /// Names made anew, and those whose sealed source is gone; 0 before the end.
        package let renewed: Int
        package let lost: Int
        /// Why names may be lost, where some are.
        package let because: String?
        /// Exactly what was signed, JSON; absent where the step bears no signature.
        package let text: String?
        /// DER, as Base64.
        package let signature: String?
        /// SHA-256 of the signer's public key, hex.
        package let key: String?

        package init(
            request: String, step: Step, by: String, epoch: Int, renewed: Int = 0, lost: Int = 0,
            because: String? = nil, text: String? = nil, signature: String? = nil,
            key: String? = nil
        ) {
            self.request = request
            self.step = step
            self.by = by
            self.epoch = epoch
            self.renewed = renewed
            self.lost = lost
            self.because = because
            self.text = text
            self.signature = signature
            self.key = key
        }

        var summary: Wording {
            Wording(
                zh: "重建关联名 \(request)：\(step.rawValue)（\(by)）",
                en: "link names anew, \(request): \(step.rawValue) by \(by)")
        }
    }
}
