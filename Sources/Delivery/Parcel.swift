package import Records

/// What the left half hands to the outbox: sealed, signed bytes and what they carry (上报包).
///
/// Nothing in it can be read without a key, and it never changes: every attempt sends these bytes.
package struct Parcel: Sendable {
    package let id: SubmissionID
    package let programme: String
    /// The national profile; also the name of the endpoint it goes to.
    package let profile: String
    /// The sender's social credit code, which every receipt must repeat.
    package let sender: String
    /// Six digits (GB/T 2260).
    package let region: String
    /// `gm` or `intl`.
    package let suite: String
    package let created: Timestamp
    /// The id under which the other side knows our signing key.
    package let signingKey: String
    /// The gzip of the XML, stored and sent exactly so.
    package let wire: [UInt8]
    /// Bytes of the XML before compression.
    package let byteCount: Int
    /// SHA-256 of the XML, 64 lower-case hex digits: what the receipt repeats.
    package let digest: String
    /// SHA-256 of `wire`, 32 bytes.
    package let wireDigest: [UInt8]
    /// DER, over the XML.
    package let signature: [UInt8]
    /// The data key sealed to ourselves, so that records can be packed anew; opaque here.
    package let ownKey: String
    /// In the order in which the document has them.
    package let records: [SubmittedRecord]

    package init(
        id: SubmissionID, programme: String, profile: String, sender: String, region: String,
        suite: String, created: Timestamp, signingKey: String, wire: [UInt8], byteCount: Int,
        digest: String, wireDigest: [UInt8], signature: [UInt8], ownKey: String,
        records: [SubmittedRecord]
    ) {
        self.id = id
        self.programme = programme
        self.profile = profile
        self.sender = sender
        self.region = region
        self.suite = suite
        self.created = created
        self.signingKey = signingKey
        self.wire = wire
        self.byteCount = byteCount
        self.digest = digest
        self.wireDigest = wireDigest
        self.signature = signature
        self.ownKey = ownKey
        self.records = records
    }
}
