import Foundation
import Records

extension Fact {
    /// The name of the case: what the ledger keeps beside the body, e.g. `acknowledged`.
    package var kind: String {
        switch self {
        case .arrived: "arrived"
        case .taken: "taken"
        case .received: "received"
        case .refused: "refused"
        case .abandoned: "abandoned"
        case .dropped: "dropped"
        case .enqueued: "enqueued"
        case .onWire: "onWire"
        case .attempted: "attempted"
        case .receiptKept: "receiptKept"
        case .acknowledged: "acknowledged"
        case .intervened: "intervened"
        case .disputed: "disputed"
        case .decided: "decided"
        case .reversed: "reversed"
        case .renumbered: "renumbered"
        case .handedOut: "handedOut"
        case .listKept: "listKept"
        case .resent: "resent"
        case .attended: "attended"
        case .keyringSeen: "keyringSeen"
        case .reconciled: "reconciled"
        case .switched: "switched"
        case .approved: "approved"
        case .counted: "counted"
        case .differed: "differed"
        case .differenceHandled: "differenceHandled"
        case .settled: "settled"
        case .signedOff: "signedOff"
        case .audited: "audited"
        case .erased: "erased"
        case .warned: "warned"
        case .identified: "identified"
        case .recipientTaken: "recipientTaken"
        case .backupTried: "backupTried"
        case .rekeyed: "rekeyed"
        case .rewrapped: "rewrapped"
        case .personKey: "personKey"
        case .published: "published"
        }
    }
}

/// The one written form of a fact: JSON, keys sorted, slashes plain, UTF-8.
///
/// One form, since the chain is a digest over it. Used by one thread at a time.
struct FactCoding {
    private let encoder = JSONEncoder()
    private let decoder = JSONDecoder()

    init() {
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Throws `EncodingError`.
    func body(of fact: Fact) throws -> String {
        guard case .enqueued(let enqueued) = fact else {
            return String(decoding: try encoder.encode(fact), as: UTF8.self)
        }
        // Hundreds of records are written by their own text, into the place of an empty list: no
        // string can spell that place, since its quotes would be escaped.
        let shell = Array(try encoder.encode(Fact.enqueued(enqueued.with(records: []))))
        guard let place = shell.firstRange(of: FactCoding.noRecords) else {
            return String(decoding: try encoder.encode(fact), as: UTF8.self)
        }
        var body = Array(shell[..<(place.upperBound - 2)])
        body += RecordListText(enqueued.records).bytes
        body += shell[place.upperBound...]
        return String(decoding: body, as: UTF8.self)
    }

    private static let noRecords = Array("\"records\":[]".utf8)

    /// Throws `DecodingError` for what is no fact of this program.
    func fact(_ body: String) throws -> Fact {
        if let fact = WrittenFact.fact(body) { return fact }
        return try decodedFact(body)
    }

    /// The same by an ordinary JSON decoder, whatever the order of keys and the escapes.
    func decodedFact(_ body: String) throws -> Fact {
        try decoder.decode(Fact.self, from: Data(body.utf8))
    }
}
