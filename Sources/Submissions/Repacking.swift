import LibCrypto
package import Privacy
package import Records

extension Packing {
    /// Packs records again under a new envelope (重新组包): the same records, sealed anew, since a
    /// sealed value is bound to its submission. Nothing is read but sealed texts; version and
    /// action are those that `records` say.
    ///
    /// - Parameters:
    ///   - document: the XML of the submission in which they went out, as this class wrote it.
    ///   - records: those to pack, in the order in which they stand there.
    ///   - old: the envelope of that submission.
    package func repack(
        _ document: [UInt8], records: [SubmittedRecord], from old: Envelope,
        under new: Envelope, programme: String, sender: Sender, at moment: Timestamp
    ) throws(PackingFailure) -> Submission {
        let wanted = Dictionary(
            records.map { ($0.record.text, $0) }, uniquingKeysWith: { first, _ in first })
        // The pseudonyms are not made anew: they stay of the epoch that they were made in.
        guard let epoch = Packing.pseudonymEpoch(of: document) else {
            throw PackingFailure(.sealing)
        }
        var body = try header(
            of: new, programme, sender, epoch: epoch, count: records.count, moment)
        var found = 0
        do {
            var resealing = try Resealing(from: old, to: new)
            for slice in RecordSlices(document: document) {
                guard let record = wanted[slice.id] else { continue }
                body += Packing.startTag(of: record)
                try resealing.append(document[slice.content], id: slice.id, to: &body)
                found += 1
            }
        } catch {
            throw PackingFailure(.sealing)
        }
        // Never a submission that says it holds what it does not.
        guard found == records.count else { throw PackingFailure(.sealing) }
        body += Packing.end
        return try finished(body, records, new, programme, sender, moment)
    }
}

extension Packing {
    /// What a document of ours says of the epoch of its pseudonyms; `nil` where it does not.
    static func pseudonymEpoch(of document: [UInt8]) -> Int? {
        let mark = Array(" pseudonymEpoch=\"".utf8)
        return document.place(of: mark, from: 0).flatMap {
            Int(document.text(from: $0 + mark.count))
        }
    }
}

/// The records of a document of ours, one after the other: where each stands, and
/// what follows its start tag.
struct RecordSlices: Sequence, IteratorProtocol {
    private let document: [UInt8]
    private var index = 0
    private static let start = Array("<Record id=\"".utf8)
    private static let startEnd = Array(">\n".utf8)
    private static let end = Array("</Record>\n".utf8)

    init(document: [UInt8]) {
        self.document = document
    }

    mutating func next() -> (id: String, range: Range<Int>, content: Range<Int>)? {
        guard let start = document.place(of: RecordSlices.start, from: index),
            let tagEnd = document.place(of: RecordSlices.startEnd, from: start),
            let end = document.place(of: RecordSlices.end, from: start)
        else { return nil }
        let name = start + RecordSlices.start.count
        index = end + RecordSlices.end.count
        return (
            String(decoding: document[name..<name + 32], as: UTF8.self), start..<index,
            tagEnd + RecordSlices.startEnd.count..<index
        )
    }
}

/// Opens the sealed texts of a record and seals them for another submission.
private struct Resealing {
    private let old: Envelope
    private let new: Envelope
    private let opener: FieldSealer
    private let sealer: FieldSealer
    private static let sealed = Array("<Sealed field=\"".utf8)
    private static let sealedEnd = Array("</Sealed>".utf8)
    private static let owners = [Array("<Subject role=\"".utf8), Array("<Form name=\"".utf8)]

    init(from old: Envelope, to new: Envelope) throws(CryptoFailure) {
        self.old = old
        self.new = new
        opener = try FieldSealer(suite: old.suite, keyID: old.keyID, dataKey: old.dataKey)
        sealer = try FieldSealer(suite: new.suite, keyID: new.keyID, dataKey: new.dataKey)
    }

    mutating func append(_ record: ArraySlice<UInt8>, id: String, to body: inout [UInt8])
        throws(CryptoFailure)
    {
        let bytes = Array(record)
        var copied = 0
        var owner = ""
        var index = 0
        while index < bytes.count {
            for mark in Resealing.owners where bytes[index...].starts(with: mark) {
                owner = bytes.text(from: index + mark.count)
            }
            guard bytes[index...].starts(with: Resealing.sealed) else {
                index += 1
                continue
            }
            let field = bytes.text(from: index + Resealing.sealed.count)
            let text = index + Resealing.sealed.count + field.utf8.count + 2
            guard let end = bytes.place(of: Resealing.sealedEnd, from: text) else { break }
            body.append(contentsOf: bytes[copied..<text])
            // With its padding, so that the length tells no more than before.
            let plain = try opener.open(
                String(decoding: bytes[text..<end], as: UTF8.self),
                additionalData: old.binding(id, owner, field))
            body.append(
                contentsOf: try sealer.seal(
                    plain, additionalData: new.binding(id, owner, field)
                ).utf8)
            copied = end
            index = end
        }
        body.append(contentsOf: bytes[copied...])
    }
}

extension Envelope {
    /// The additional data of one sealed value (EXCHANGE 1).
    func binding(_ record: String, _ owner: String, _ field: String) -> String {
        "GWF1|\(suite.rawValue)|\(keyID)|\(submission.text)|\(record)|\(owner).\(field)"
    }
}

extension [UInt8] {
    /// Where a byte string begins next.
    func place(of text: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + text.count <= count {
            if self[index] == text[0], self[index...].starts(with: text) { return index }
            index += 1
        }
        return nil
    }

    /// The text from a place up to the next quotation mark.
    func text(from start: Int) -> String {
        String(decoding: self[start...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
    }
}
