import Delivery
import LibCrypto
import Records

/// A national side in memory: stores by id, dedupes, answers, and can be told to fail.
actor PretendNation: Transport {
    /// How the next sends go; after the last one, all are stored and answered at once.
    enum Mood: Sendable {
        /// Stored, and the receipt comes in the answer.
        case answer
        /// Stored, 202; the receipt comes by the feed.
        case later
        /// Stored, and nothing is decided: a `received` receipt, and none in the feed.
        case receive
        /// Stored, but the answer is lost.
        case storeAndLose(TransportFailure)
        /// Not stored.
        case fail(TransportFailure)
        /// Stored, and the answer has this document instead.
        case say(SignedDocument)
    }

    private var moods: [Mood] = []
    private var questionMoods: [TransportFailure?] = []
    private var feedMoods: [TransportFailure?] = []
    private let parcels: [SubmissionID: Parcel]
    private var stored: [SubmissionID: SignedDocument] = [:]
    private var feed: [SignedDocument] = []
    private(set) var sent: [SubmissionID: [[UInt8]]] = [:]
    private(set) var questions = 0
    private(set) var pages = 0
    /// An empty page with this cursor in place of the next page.
    private var strayCursor: String?
    /// Records by how many different submissions had an effect.
    private(set) var effects: [RecordID: Int] = [:]

    init(_ parcels: [Parcel]) {
        self.parcels = Dictionary(uniqueKeysWithValues: parcels.map { ($0.id, $0) })
    }

    func next(_ moods: [Mood]) { self.moods = moods }
    func strays(to cursor: String) { strayCursor = cursor }
    func nextQuestions(_ moods: [TransportFailure?]) { questionMoods = moods }
    func nextFeeds(_ moods: [TransportFailure?]) { feedMoods = moods }
    var sendCount: Int { sent.values.reduce(0) { $0 + $1.count } }

    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        sent[shipment.submission, default: []].append(shipment.wire)
        switch moods.isEmpty ? .answer : moods.removeFirst() {
        case .answer:
            return SendAnswer(outcome: "HTTP-200", document: try store(shipment.submission))
        case .later:
            _ = try store(shipment.submission)
            return SendAnswer(outcome: "HTTP-202", document: nil)
        case .receive:
            guard let parcel = parcels[shipment.submission],
                let document = try? signed(
                    receiptBytes(for: parcel, [], id: "r-0", status: "received"))
            else { throw .uncertain(.init(.server)) }
            stored[shipment.submission] = document
            return SendAnswer(outcome: "HTTP-202", document: document)
        case .storeAndLose(let failure):
            _ = try store(shipment.submission)
            throw failure
        case .fail(let failure): throw failure
        case .say(let document):
            _ = try store(shipment.submission)
            return SendAnswer(outcome: "HTTP-200", document: document)
        }
    }

    func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        questions += 1
        if let failure = questionMoods.isEmpty ? nil : questionMoods.removeFirst() {
            throw failure
        }
        return stored[submission].map { .document($0) } ?? .unknown
    }

    func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        pages += 1
        if let failure = feedMoods.isEmpty ? nil : feedMoods.removeFirst() { throw failure }
        if let stray = strayCursor {
            strayCursor = nil
            return FeedPage(next: stray, items: [])
        }
        let start = Int(cursor) ?? 0
        let end = min(feed.count, start + limit)
        return FeedPage(next: "\(end)", items: Array(feed[start..<end]))
    }

    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        throw .refused(.init(.rejected))
    }

    /// Decides what was only received.
    func decide(_ id: SubmissionID) {
        stored[id] = nil
        _ = try? store(id)
    }

    /// Loses a submission, as after a restored backup of theirs.
    func forget(_ id: SubmissionID) { stored[id] = nil }

    private func store(_ id: SubmissionID) throws(TransportFailure) -> SignedDocument {
        if let known = stored[id] { return known }
        guard let parcel = parcels[id] else { throw .refused(.init(.rejected)) }
        for record in parcel.records { effects[record.record, default: 0] += 1 }
        let answers = parcel.records.enumerated().map { place, record in
            Answer(
                number: Int(record.record.text, radix: 16) ?? 0, version: record.version,
                status: place % 3 == 2 ? "rejected" : "accepted",
                code: place % 3 == 2 ? "E2104" : nil, serial: place % 3 == 2 ? nil : "N\(place)")
        }
        guard let document = try? makeReceipt(parcel, answers) else {
            throw .uncertain(.init(.server))
        }
        stored[id] = document
        feed.append(document)
        return document
    }

    private func makeReceipt(_ parcel: Parcel, _ answers: [Answer]) throws -> SignedDocument {
        try signed(receiptBytes(for: parcel, answers, id: "r-\(parcel.id)"))
    }
}
