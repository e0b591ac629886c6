import Flow
import Foundation
import LibCrypto
import Privacy
import Records

/// The public keys of a pack beside those that this site knows: a pack that was made anew and
/// signed with other keys holds in itself, and only here does it show.
struct PackKeys {
    /// Our own signing keys by fingerprint; `nil` where the key ring could not be opened.
    private let own: [String: String]?
    /// Why not: a stable code.
    private let closed: String?
    /// The configured national keys by fingerprint.
    private let national: [String: String]

    /// - Parameter keyring: opens the site's key ring.
    init(_ site: Site, keyring: () async throws -> Keyring) async throws {
        var national: [String: String] = [:]
        for key in site.configuration.national.receiptKeys {
            if let fingerprint = PackKeys.fingerprint(ofFileAt: key.file) {
                national[fingerprint] = key.id
            }
        }
        self.national = national
        do {
            var own: [String: String] = [:]
            for key in try await keyring().list() where key.use == .sign {
                if let fingerprint = key.fingerprint { own[fingerprint] = key.kid }
            }
            self.own = own
            closed = nil
        } catch let failure as KeyFailure {
            own = nil
            closed = failure.entry.code
        }
    }

    /// One step for each public key in the pack; none of them where there is no key at all.
    func steps(of pack: String) -> [Verification.Step] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: pack + "/keys")) ?? []
        return names.filter { $0.hasSuffix(".pub.pem") }.sorted().map { name in
            let found = PackKeys.fingerprint(ofFileAt: pack + "/keys/" + name)
            return name.hasPrefix("sender-")
                ? step(name, found, among: own, said("本站密钥环", "this site's key ring"))
                : step(
                    name, found, among: national,
                    said("shangbao.yaml 的国家平台公钥", "the national keys of shangbao.yaml"))
        }
    }

    private func step(
        _ name: String, _ found: String?, among known: [String: String]?, _ whose: String
    ) -> Verification.Step {
        guard let known else {
            return Verification.Step(
                what: "keys/\(name)"
                    + said("：密钥环没有打开（", ": not compared, the key ring is closed (")
                    + (closed ?? "") + said("），没有比对", ")"), holds: nil)
        }
        guard let found, let id = known[found] else {
            return Verification.Step(
                what: "keys/\(name)" + said("：不在\(whose)中", ": unknown, not among \(whose)"),
                holds: false)
        }
        return Verification.Step(
            what: "keys/\(name) = \(id)" + said("（\(whose)）", " (\(whose))"), holds: true)
    }

    private static func fingerprint(ofFileAt path: String) -> String? {
        guard let pem = FileManager.default.contents(atPath: path),
            let key = try? VerifyingKey(pem: String(decoding: pem, as: UTF8.self))
        else { return nil }
        return try? key.fingerprint()
    }
}
