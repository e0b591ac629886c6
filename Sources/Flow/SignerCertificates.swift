import Foundation
import LibCrypto
import LibCurl
import Privacy
import Records
import Settlements

/// The certificates of the county's signing keys (签名证书): those that an authority issued, where
/// the site names them; else one that each key signs itself, made once, beside the key ring.
struct SignerCertificates {
    private let site: Site

    init(_ site: Site) {
        self.site = site
    }

    /// Both signers of a pack: either alone is enough. Throws `KeyFailure`, `CryptoFailure`,
    /// `SiteFailure` for a certificate of another key.
    func signers(_ keyring: Keyring, at moment: Timestamp) throws -> [PackSigner] {
        try CipherSuite.allCases.map { suite in
            let held = try keyring.signingKey(suite)
            let certificate = try certificate(of: held, suite, at: moment)
            return try PackSigner(held.key, certificate: certificate)
        }
    }

    private func certificate(
        of held: HeldSigningKey, _ suite: CipherSuite, at moment: Timestamp
    ) throws -> String {
        if let path = site.configuration.evidence.certificates[suite] {
            let text = try site.text(path)
            guard let first = PEMBlocks.split(text).first,
                (try? held.key.isCertified(by: first)) == true
            else { throw SiteFailure(.certificate) }
            return text
        }
        let folder = URL(fileURLWithPath: site.configuration.keyring).deletingLastPathComponent()
        let path = folder.appendingPathComponent("signer-\(suite.rawValue)-\(held.kid).pem").path
        if let kept = FileManager.default.contents(atPath: path) {
            return String(decoding: kept, as: UTF8.self)
        }
        let now = moment.microseconds / 1_000_000
        let day: Int64 = 86_400
        let made = try held.key.selfSigned(
            commonName: site.configuration.county.creditCode, notBefore: now - day,
            notAfter: now + 3_653 * day)
        do {
            try Data(made.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch { throw SiteFailure(.certificate) }
        return made
    }
}

extension EvidenceSettings {
    /// How a pack's signatures are stamped; `nil` where the site names no authority.
    func stamping(_ site: Site) throws -> PackStamping? {
        guard let timestamp else { return nil }
        let roots = PEMBlocks.split(try site.text(timestamp.roots))
        return PackStamping(roots: roots) { bytes in
            let query = try TimeStampQuery(over: bytes)
            let post = NoticePost(authority: nil, proxy: nil, allowsPlain: true)
            guard
                let answer = try? post.post(
                    query.bytes, to: timestamp.address,
                    headers: ["Content-Type: application/timestamp-query"]),
                answer.status == 200,
                (try? query.time(in: answer.body, roots: roots)) != nil
            else { throw SiteFailure(.timestamp) }
            return answer.body
        }
    }
}
