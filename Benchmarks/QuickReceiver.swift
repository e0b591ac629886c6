import Foundation
import LibCrypto
import LibZlib
import Records
import Rehearsal
import Synchronization

/// A national side that is fast, to measure how fast the gateway is: over the real door (TLS, client
/// certificates) it checks the digest of what comes, notes each record's effect and signs a receipt
/// for each submission. It opens no sealed value and asks no schema, as the pretend national system
/// does; its books are in memory.
final class QuickReceiver: ExchangeDesk {
    /// What it has seen, and what that cost.
    struct Tally: Codable {
        let submissions: Int
        /// Records that have an effect, each once.
        let effects: Int
        /// Records that came in a second submission.
        let doubled: Int
        /// Posts of what was there already.
        let repeated: Int
        let cpuSeconds: Double
    }

    private struct Receipt {
        let bytes: [UInt8]
        let signature: [UInt8]
    }

    private struct Books {
        var receipts: [Receipt] = []
        var places: [String: Int] = [:]
        var effects: Set<SIMD2<UInt64>> = []
        var doubled = 0
        var repeated = 0
    }

    private static let largestDocument = 20_000_000
    private let identity: NationalIdentity
    private let suite: CipherSuite
    private let clock: Records.Clock
    private let books = Mutex(Books())

    init(_ identity: NationalIdentity, suite: CipherSuite, clock: @escaping Records.Clock) {
        self.identity = identity
        self.suite = suite
        self.clock = clock
    }

    /// Serves until its standard input ends; says its port first and its tally last.
    func serve() async throws {
        let server = RehearsalServer(
            desk: self, identity: identity, clock: clock,
            listening: { port in
                FileHandle.standardOutput.write(Data("\(port)\n".utf8))
            })
        let serving = Task { try await server.run() }
        await Task.detached { _ = FileHandle.standardInput.readDataToEndOfFile() }.value
        serving.cancel()
        _ = try await serving.value
        let tally = books.withLock { books in
            Tally(
                submissions: books.receipts.count, effects: books.effects.count,
                doubled: books.doubled, repeated: books.repeated, cpuSeconds: usage().cpu)
        }
        print(String(decoding: try JSONEncoder().encode(tally), as: UTF8.self))
    }

    func answer(_ request: ExchangeRequest, client: String?) async -> ExchangeAnswer {
        guard client == identity.sender else { return .plain(403, "") }
        switch (request.method, request.path) {
        case ("POST", "/submissions"): return take(request)
        case ("GET", "/receipts"): return page(request)
        case ("GET", let path):
            let parts = path.split(separator: "/")
            guard parts.count == 3, parts[2] == "receipt",
                let receipt = books.withLock({ books in
                    books.places[String(parts[1])].map { books.receipts[$0] }
                })
            else { return .plain(404, "") }
            return document(receipt)
        default: return .plain(404, "")
        }
    }

    private func take(_ request: ExchangeRequest) -> ExchangeAnswer {
        let digest = Base64.standard.encode(Hash.sha256.digest(request.body))
        guard let id = request.header("Idempotency-Key"),
            request.header("Content-Digest") == "sha-256=:\(digest):",
            let bytes = try? Gzip.decompress(request.body, limit: Self.largestDocument)
        else { return .plain(400, "") }
        let records = Self.records(in: bytes)
        let answer = Array(receipt(id, Hex.encode(Hash.sha256.digest(bytes)), records).utf8)
        guard let signature = try? identity.receiptsKey(suite).sign(answer) else {
            return .plain(500, "")
        }
        let receipt = books.withLock { books in
            if let place = books.places[id] {
                books.repeated += 1
                return books.receipts[place]
            }
            for record in records {
                let name = SIMD2(
                    UInt64(record.id.prefix(16), radix: 16) ?? 0,
                    UInt64(record.id.suffix(16), radix: 16) ?? 0)
                if !books.effects.insert(name).inserted { books.doubled += 1 }
            }
            books.places[id] = books.receipts.count
            books.receipts.append(Receipt(bytes: answer, signature: signature))
            return books.receipts[books.receipts.count - 1]
        }
        return document(receipt)
    }

    /// The feed has every receipt, those given in answers too.
    private func page(_ request: ExchangeRequest) -> ExchangeAnswer {
        guard let after = request.query("after").flatMap({ Int($0) }),
            let limit = request.query("limit").flatMap({ Int($0) })
        else { return .plain(400, "") }
        let items = books.withLock { Array($0.receipts.dropFirst(after).prefix(limit)) }
        var text = "<Receipts xmlns=\"urn:shangbao:reference:1\" next=\"\(after + items.count)\">"
        for item in items {
            text += "<Item signature=\"\(Base64.standard.encode(item.signature))\""
            text += " key=\"\(identity.receiptsID(suite))\">"
            text += Base64.standard.encode(item.bytes) + "</Item>"
        }
        return .document(200, Array((text + "</Receipts>").utf8), signed: nil)
    }

    private func document(_ receipt: Receipt) -> ExchangeAnswer {
        .document(
            200, receipt.bytes,
            signed: Signed(signature: receipt.signature, keyID: identity.receiptsID(suite)))
    }

    private func receipt(
        _ id: String, _ digest: String, _ records: [(id: String, version: String)]
    ) -> String {
        var text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Receipt xmlns="urn:shangbao:reference:1" id="R-\(id)" submission="\(id)" \
            sender="\(identity.sender)" digest="\(digest)" issued="\(clock().dateTime)" \
            status="processed">
            """
        for record in records {
            text += "<Entry record=\"\(record.id)\" version=\"\(record.version)\""
            text += " status=\"accepted\" serial=\"N\(record.id.prefix(16))\"/>"
        }
        return text + "</Receipt>"
    }

    /// What stands in the start tags of the records.
    private static func records(in document: [UInt8]) -> [(id: String, version: String)] {
        let mark = Array("Record id=\"".utf8)
        let quote = UInt8(ascii: "\"")
        var found: [(id: String, version: String)] = []
        document.withUnsafeBytes { raw in
            guard var rest = raw.baseAddress else { return }
            let end = rest + raw.count
            while let place = memchr(rest, Int32(mark[0]), end - rest) {
                let tag = UnsafeRawBufferPointer(
                    start: place, count: min(200, end - UnsafeRawPointer(place)))
                rest = UnsafeRawPointer(place) + 1
                guard tag.starts(with: mark) else { continue }
                let words = tag.split(separator: quote, maxSplits: 4)
                guard words.count > 3 else { continue }
                found.append(
                    (
                        String(decoding: words[1], as: UTF8.self),
                        String(decoding: words[3], as: UTF8.self)
                    ))
            }
        }
        return found
    }
}
