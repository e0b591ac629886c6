import Foundation
import LibCrypto
import Records

/// Our own look at an evidence pack: files against the manifest, and the signatures over it.
struct PackCheck: Encodable {
    struct Finding: Encodable {
        let what: String
        let holds: Bool
    }

    private(set) var checked: [Finding] = []

    var holds: Bool { !checked.isEmpty && checked.allSatisfy(\.holds) }

    /// - Throws: `E-PACK` where there is no manifest.
    init(_ pack: String) throws(CommandFailure) {
        guard let manifest = FileManager.default.contents(atPath: pack + "/MANIFEST.sha256") else {
            throw CommandFailure(.notPack, place: pack, detail: "MANIFEST.sha256")
        }
        checkFiles(of: pack, String(decoding: manifest, as: UTF8.self))
        for suite in CipherSuite.allCases { checkSignature(of: pack, [UInt8](manifest), suite) }
    }

    private mutating func checkFiles(of pack: String, _ manifest: String) {
        var count = 0
        var wrong: [String] = []
        for line in manifest.split(separator: "\n") {
            guard let cut = line.firstRange(of: "  ") else { continue }
            let name = String(line[cut.upperBound...])
            count += 1
            let bytes = FileManager.default.contents(atPath: pack + "/" + name)
            let digest = bytes.map { Hex.encode(Hash.sha256.digest([UInt8]($0))) }
            if name.contains("..") || digest != String(line[..<cut.lowerBound]) {
                wrong.append(name)
            }
        }
        let names = wrong.prefix(3).joined(separator: ", ")
        checked.append(
            Finding(
                what: "MANIFEST.sha256: "
                    + said("\(count) 个文件", "\(count) files")
                    + (wrong.isEmpty ? "" : said("，不符：", "; wrong: ") + names),
                holds: wrong.isEmpty && count > 0))
    }

    private mutating func checkSignature(of pack: String, _ manifest: [UInt8], _ suite: CipherSuite)
    {
        let name = suite.rawValue
        let pem = FileManager.default.contents(atPath: pack + "/keys/sender-\(name).pub.pem")
        let signature = FileManager.default.contents(atPath: pack + "/META/signature.\(name).sig")
        guard let pem, let signature,
            let key = try? VerifyingKey(pem: String(decoding: pem, as: UTF8.self))
        else {
            checked.append(Finding(what: "META/signature.\(name).sig", holds: false))
            return
        }
        checked.append(
            Finding(
                what: "META/signature.\(name).sig ← keys/sender-\(name).pub.pem",
                holds: key.suite == suite
                    && key.verify(signature: [UInt8](signature), over: manifest)))
    }
}
