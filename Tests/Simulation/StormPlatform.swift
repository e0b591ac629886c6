import Delivery
import Records

/// A platform that takes what comes, or says that it is busy.
actor StormPlatform: Transport {
    private var isBusy = false
    private var underWay = 0
    private(set) var sends = 0
    private(set) var looks = 0
    private(set) var taken = 0
    /// How many were under way when each of those that worked came.
    private(set) var atOnce: [Int] = []

    func set(isBusy: Bool) { self.isBusy = isBusy }

    func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        sends += 1
        underWay += 1
        // The others that are on their way have time to come.
        for _ in 0..<20 { await Task.yield() }
        let width = underWay
        underWay -= 1
        guard !isBusy else { throw .notSent(.init(.busy)) }
        taken += 1
        atOnce.append(width)
        return SendAnswer(outcome: "HTTP-202", document: nil)
    }

    func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer { .pending }

    func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        looks += 1
        guard !isBusy else { throw .notSent(.init(.busy)) }
        return FeedPage(next: cursor, items: [])
    }

    func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        throw .refused(.init(.rejected))
    }
}
