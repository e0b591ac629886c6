import Blocking
import LibCrypto
package import LibSSH
import LibZlib
package import Records

/// The SFTP drop of the exchange: files in `outbox/`, receipts in `inbox/`.
///
/// Nothing is answered here. That a file has its final name on the server is all that a send can
/// come to; what is decided comes as a receipt. One connection, on a thread of its own.
package actor SFTPTransport: Transport {
    private let executor = ThreadExecutor()
    private let settings: SFTPSettings
    private let outbox: DropOutbox
    private var inbox: DropInbox
    private let clock: Clock
    private var kept: (session: SFTPSession, used: ContinuousClock.Instant)?

    /// A connection that was idle for longer may be dead without a word: a new one is made.
    private static let idleLimit = Duration.seconds(10)
    /// EXCHANGE 1: at most 20 MB before compression.
    private static let documentBytes = 20_000_000

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - root: the folder in which `outbox` and `inbox` lie; empty for where the login leads to.
    ///   - isSigned: whether a receipt bears the other side's signature: then it is whole.
    package init(
        settings: SFTPSettings, root: String,
        isSigned: @escaping @Sendable (SignedDocument) -> Bool, clock: @escaping Clock
    ) {
        self.settings = settings
        let root = root.isEmpty || root.hasSuffix("/") ? root : root + "/"
        outbox = DropOutbox(folder: root + "outbox/")
        inbox = DropInbox(folder: root + "inbox/", isSigned: isSigned)
        self.clock = clock
    }

    package func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        // The XML itself is dropped, over which the signature is.
        guard let document = try? Gzip.decompress(shipment.wire, limit: Self.documentBytes) else {
            throw .refused(.init(.rejected))
        }
        return try attempt { (session) throws(TransportFailure) in
            try outbox.put(document, shipment, over: session)
        }
    }

    package func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        try attempt { (session) throws(TransportFailure) in
            if let receipt = try inbox.newest(of: submission, over: session) {
                return .document(receipt)
            }
            return try outbox.trace(of: submission, over: session)
        }
    }

    package func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        let now = clock()
        return try attempt { (session) throws(TransportFailure) in
            try inbox.page(after: cursor, limit: limit, now: now, over: session)
        }
    }

    /// This binding knows no counts (EXCHANGE 4).
    package func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        throw .refused(.init(.address))
    }

    /// Does something over the kept connection, or over a new one. After any failure the next
    /// attempt begins with a connection of its own; nothing is done twice.
    private func attempt<Outcome>(
        _ work: (SFTPSession) throws(TransportFailure) -> Outcome
    ) throws(TransportFailure) -> Outcome {
        let session: SFTPSession
        if let kept, ContinuousClock.now - kept.used < Self.idleLimit {
            session = kept.session
        } else {
            kept = nil
            session = try beforeSending { () throws(SFTPFailure) in
                try SFTPSession.open(settings)
            }
        }
        kept = nil
        let outcome = try work(session)
        kept = (session, ContinuousClock.now)
        return outcome
    }
}

/// Runs a step before which nothing can have been taken: whatever fails, it is safe to try again.
func beforeSending<Outcome>(
    _ step: () throws(SFTPFailure) -> Outcome
) throws(TransportFailure) -> Outcome {
    do throws(SFTPFailure) {
        return try step()
    } catch {
        throw .notSent(.init(error.code))
    }
}

extension SFTPFailure {
    /// The code of what went wrong, for the schedule and for people.
    var code: TransportCode {
        switch self {
        case .unreachable: .unreachable
        case .handshake, .hostKey: .untrusted
        case .login, .denied: .denied
        case .keyFile: .configuration
        // A folder that should be there, or no SFTP at all: the place is not what was agreed on.
        case .missing, .noSFTP: .address
        case .timeout: .timeout
        case .lost: .broken
        // SFTP version 3 has no word for a full disk but that it failed.
        case .full, .failed, .exists, .tooLarge: .busy
        }
    }
}
