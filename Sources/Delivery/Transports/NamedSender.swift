import Foundation
import LibCrypto
package import Records

/// A way on which nothing is sent under a client certificate that does not name us as the sender
/// (核对报送主体): every receipt would be addressed to somebody else.
///
/// Asking and fetching goes on, so that what was sent before is still answered.
package struct NamedSender: Transport {
    private let way: any Transport
    private let sender: String
    private let certificateFile: String

    /// - Parameters:
    ///   - sender: our social credit code, as submissions name it.
    ///   - certificateFile: PEM; read for each submission, since it is renewed while we run.
    package init(_ way: any Transport, sender: String, certificateFile: String) {
        self.way = way
        self.sender = sender
        self.certificateFile = certificateFile
    }

    package func send(_ shipment: Shipment) async throws(TransportFailure) -> SendAnswer {
        // Without a certificate the connection says what is the matter.
        if let certificate = NamedSender.certificate(certificateFile),
            !certificate.names(sender)
        {
            throw .notSent(.init(.sender))
        }
        return try await way.send(shipment)
    }

    package func receipt(
        of submission: SubmissionID
    ) async throws(TransportFailure) -> InquiryAnswer {
        try await way.receipt(of: submission)
    }

    package func receipts(
        after cursor: String, limit: Int
    ) async throws(TransportFailure) -> FeedPage {
        try await way.receipts(after: cursor, limit: limit)
    }

    package func counts(_ query: CountsQuery) async throws(TransportFailure) -> SignedDocument {
        try await way.counts(query)
    }

    /// The first certificate of a PEM file; `nil` where there is none that can be read.
    private static func certificate(_ file: String) -> Certificate? {
        FileManager.default.contents(atPath: file).flatMap {
            try? Certificate(pem: String(decoding: $0, as: UTF8.self))
        }
    }
}

extension Certificate {
    /// Whether its subject names an organisation by its social credit code: as the common name, the
    /// serial number or the organization identifier, there also behind a prefix (ETSI EN 319 412-1,
    /// 5.1.4).
    package func names(_ creditCode: String) -> Bool {
        if commonName == creditCode || subjectSerialNumber == creditCode { return true }
        return organizationIdentifier.map {
            $0 == creditCode || $0.hasSuffix("-" + creditCode)
        } ?? false
    }
}
