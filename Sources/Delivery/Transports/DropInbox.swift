import LibCrypto
import LibSSH
import Records

/// `inbox/` of the SFTP drop: receipts are read when they are whole, in their order, and moved to
/// `inbox/done/` only once they are stored here.
///
/// The cursor of the feed is the list of files in the last page. It is on our disk before the next
/// page is asked for, and that is when they are moved: whatever dies in between, a file is either
/// still there or already kept.
struct DropInbox {
    /// Ends with a slash.
    let folder: String
    let isSigned: @Sendable (SignedDocument) -> Bool
    /// Files that are stored and could not be moved: not read again by this process.
    private var stuck: Set<String> = []
    /// Since when a file looks as it does, though its signature is wrong or missing.
    private var doubtful: [String: Timestamp] = [:]
    /// Those of them that were handed over as evidence.
    private var handedOver: Set<String> = []

    /// More names than this are left for the next page.
    private static let nameLimit = 20_000
    private static let documentBytes = 20_000_000
    private static let signatureBytes = 8_192
    /// A file that is not genuine may be one that is still being written: so long it is waited.
    private static let quietSeconds: Int64 = 60
    /// A process that looks once and ends has no memory: what the server's own clock says has not
    /// changed for so long is whole. Clocks may differ by less than that.
    private static let oldSeconds: Int64 = 600

    init(folder: String, isSigned: @escaping @Sendable (SignedDocument) -> Bool) {
        self.folder = folder
        self.isSigned = isSigned
    }

    /// The next receipts, after those of the last page were moved.
    mutating func page(
        after cursor: String, limit: Int, now: Timestamp, over session: SFTPSession
    ) throws(TransportFailure) -> FeedPage {
        let stored = DropCursor.files(in: cursor)
        var items: [SignedDocument] = []
        var names: [String] = []
        for file in try files(over: session) where !stuck.contains(file.key) {
            if stored.contains(file.key) {
                try move(file, over: session)
                continue
            }
            guard items.count < limit, !handedOver.contains(file.look),
                let document = try read(file, over: session)
            else { continue }
            if isSigned(document) {
                names.append(file.key)
                items.append(document)
            } else if isEvidence(file, now: now) {
                items.append(document)
            }
        }
        return FeedPage(next: names.isEmpty ? cursor : DropCursor.of(names), items: items)
    }

    /// The last genuine receipt of one submission; `nil` if there is none.
    func newest(
        of submission: SubmissionID, over session: SFTPSession
    ) throws(TransportFailure) -> SignedDocument? {
        for file in try files(over: session).reversed() where file.submission == submission.text {
            if let document = try read(file, over: session), isSigned(document) { return document }
        }
        return nil
    }

    /// All receipts that lie there, each submission's in the order of their numbers.
    private func files(over session: SFTPSession) throws(TransportFailure) -> [DropFile] {
        let names = try beforeSending { () throws(SFTPFailure) in
            try session.names(in: folder, limit: Self.nameLimit)
        }
        return names.compactMap { name, facts in
            DropFile(name, facts, signature: names[name + ".sig"])
        }.sorted()
    }

    /// The file with its signature; `nil` if it changes while it is read, or is gone.
    private func read(
        _ file: DropFile, over session: SFTPSession
    ) throws(TransportFailure) -> SignedDocument? {
        do throws(SFTPFailure) {
            let bytes = try session.read(folder + file.name, limit: Self.documentBytes)
            var lines: [Substring] = []
            if file.signature != nil {
                let text = try session.read(
                    folder + file.name + ".sig", limit: Self.signatureBytes)
                lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
            }
            guard try session.facts(folder + file.name) == file.facts else { return nil }
            let isPair = lines.count == 2
            return SignedDocument(
                bytes: bytes,
                signature: isPair ? try? Base64.standard.decode(String(lines[1])) : nil,
                key: isPair ? String(lines[0]) : nil)
        } catch {
            // Too large, not ours to read, or just taken away: the others are not kept waiting.
            guard error.endsSession else { return nil }
            throw .notSent(.init(error.code))
        }
    }

    /// Whether a file that is not genuine is to be kept as evidence: once, when it has been quiet.
    private mutating func isEvidence(_ file: DropFile, now: Timestamp) -> Bool {
        let look = file.look
        let changed = max(file.facts.modified, file.signature?.modified ?? 0)
        let since = doubtful[look] ?? now
        doubtful[look] = since
        guard
            since.adding(seconds: Self.quietSeconds) <= now
                || Int64(changed) + Self.oldSeconds <= now.microseconds / 1_000_000
        else { return false }
        return handedOver.insert(look).inserted
    }

    /// The signature goes last: a receipt is never without it.
    private mutating func move(
        _ file: DropFile, over session: SFTPSession
    ) throws(TransportFailure) {
        do throws(SFTPFailure) {
            for name in [file.name, file.name + ".sig"] {
                try session.rename(folder + name, to: folder + "done/" + name)
            }
        } catch {
            guard !error.endsSession else { throw .notSent(.init(error.code)) }
            stuck.insert(file.key)
        }
    }
}

/// The cursor of this binding: the files of a page.
enum DropCursor {
    private static let mark = "sftp;"
    /// Where a feed with numbers begins.
    private static let beginning = "0"

    static func of(_ files: [String]) -> String { mark + files.joined(separator: ";") }

    /// The files that a cursor names; none for one of another binding.
    static func files(in cursor: String) -> Set<String> {
        guard cursor.hasPrefix(mark) else { return [] }
        return Set(cursor.dropFirst(mark.count).split(separator: ";").map(String.init))
    }

    /// A cursor for a binding with numbers: a site that had the drop before begins anew, which
    /// brings again what is known and changes nothing.
    static func numbered(_ cursor: String) -> String {
        cursor.hasPrefix(mark) ? beginning : cursor
    }
}

/// A receipt's file: `{id}.{n}.receipt.xml`, n counting from 1.
struct DropFile: Comparable {
    let name: String
    let submission: String
    let number: Int
    let facts: SFTPSession.Facts
    let signature: SFTPSession.Facts?

    /// `nil` for any other name, and for what is no plain file.
    init?(_ name: String, _ facts: SFTPSession.Facts, signature: SFTPSession.Facts?) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard facts.isFile, parts.count == 4, parts[2] == "receipt", parts[3] == "xml",
            parts[0].utf8.count == 36,
            parts[0].utf8.allSatisfy({
                $0 == 0x2D || (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }),
            let number = Delivery.number(String(parts[1])), number > 0, !parts[1].hasPrefix("0")
        else { return nil }
        self.name = name
        submission = String(parts[0])
        self.number = number
        self.facts = facts
        self.signature = signature?.isFile == true ? signature : nil
    }

    /// The file as it was read; another one under the same name has another key.
    var key: String { "\(name),\(facts.size),\(facts.modified)" }

    /// The file with what lies beside it: a signature that comes later is looked at.
    var look: String { "\(key),\(signature?.size ?? 0),\(signature?.modified ?? 0)" }

    static func < (one: DropFile, other: DropFile) -> Bool {
        (one.submission, one.number) < (other.submission, other.number)
    }

    static func == (one: DropFile, other: DropFile) -> Bool { one.name == other.name }
}
