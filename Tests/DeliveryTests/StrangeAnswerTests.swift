import Delivery
import LibCrypto
import Records
import Storage
import Testing

/// What is kept of answers that are not the nation's.
struct StrangeAnswerTests {
    /// Anybody on the wire can write anything about anybody into an answer and its head.
    @Test func `of an answer that can never count no word is kept`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", (1...3).map { submitted($0) })
        try await desk.send(sent)
        let collector = try desk.collector()
        let words = "骉驫猋990101198808080021"
        let head = "HTTP/1.1 200 OK\r\nX-Patient: \(words)\r\n"
        let bytes = Array("<Odd>\(words)</Odd>".utf8)
        for (signature, key) in [
            (nil, nil), (nil, words), ([1, 2, 3], nil), ([1, 2, 3], "national-2026"),
        ] as [([UInt8]?, String?)] {
            let taken = try await collector.take(
                SignedDocument(bytes: bytes, signature: signature, key: key, head: head))
            #expect(taken.disposition == .forged)
        }
        let digest = Hex.encode(Hash.sha256.digest(bytes))
        let (held, reading) = try await desk.database.read { transaction in
            let held = try transaction.run(
                """
                SELECT (SELECT count(*) FROM receipt_body), (SELECT count(*) FROM receipt
                    WHERE head IS NOT NULL OR signing_key <> 'national-2026'),
                    (SELECT count(*) FROM refused_signature WHERE head IS NOT NULL
                        OR signing_key IS NOT NULL)
                """)[0]
            let line = try desk.outbox.receipts(beginning: digest, in: transaction)[0]
            return (
                [try held.int(0), try held.int(1), try held.int(2)],
                try desk.outbox.reading(of: line, by: endpoint(), in: transaction)
            )
        }
        #expect(held == [0, 0, 0])
        #expect(reading?.isGenuine == false && reading?.line.disposition == .forged)
        // The same bytes count once they come with a good signature.
        let genuine = receiptBytes(for: sent, [.accepted(1), .accepted(2), .accepted(3)])
        _ = try await collector.take(SignedDocument(bytes: genuine, signature: nil, key: nil))
        #expect(try await collector.take(signed(genuine)).disposition == .applied)
    }
}
