import Foundation
import LibCrypto
import Records

/// Our own look at an unpacked evidence pack: files against the manifest that is signed, and the
/// SM2 signature over it.
struct PackCheck: Encodable {
    struct Finding: Encodable {
        let what: String
        let holds: Bool
    }

    private(set) var checked: [Finding] = []

    private static let manifest = "META-INF/ASiCManifest001.xml"

    var holds: Bool { !checked.isEmpty && checked.allSatisfy(\.holds) }

    init(_ folder: String) {
        let bytes = FileManager.default.contents(atPath: folder + "/" + PackCheck.manifest)
        let manifest = bytes.map { [UInt8]($0) } ?? []
        checkFiles(of: folder, String(decoding: manifest, as: UTF8.self))
        checkSignature(of: folder, manifest)
    }

    private mutating func checkFiles(of folder: String, _ manifest: String) {
        var count = 0
        var wrong: [String] = []
        let entry = /<asic:DataObjectReference URI="([^"]+)">.*?<ds:DigestValue>([^<]+)</
        for found in manifest.matches(of: entry) {
            let name = String(found.1)
            count += 1
            let bytes = FileManager.default.contents(atPath: folder + "/" + name)
            let digest = bytes.map { Hash.sha256.digest([UInt8]($0)) }
            if name.contains("..") || digest.map(Base64.standard.encode) != String(found.2) {
                wrong.append(name)
            }
        }
        let names = wrong.prefix(3).joined(separator: ", ")
        checked.append(
            Finding(
                what: PackCheck.manifest + ": "
                    + said("\(count) 个文件", "\(count) files")
                    + (wrong.isEmpty ? "" : said("，不符：", "; wrong: ") + names),
                holds: wrong.isEmpty && count > 0))
    }

    private mutating func checkSignature(of folder: String, _ manifest: [UInt8]) {
        let name = "META-INF/signature001.sm2"
        let pem = FileManager.default.contents(atPath: folder + "/keys/sender-gm.pub.pem")
        let signature = FileManager.default.contents(atPath: folder + "/" + name)
        guard let pem, let signature,
            let key = try? VerifyingKey(pem: String(decoding: pem, as: UTF8.self))
        else {
            checked.append(Finding(what: name, holds: false))
            return
        }
        checked.append(
            Finding(
                what: "\(name) ← keys/sender-gm.pub.pem",
                holds: key.suite == .gm
                    && key.verify(signature: [UInt8](signature), over: manifest)))
    }
}
