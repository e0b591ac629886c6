import Foundation
import LibCrypto
import LibXML

/// The SFTP door of the pretend national system: it works on the folder that an SFTP server shows
/// to one county, `outbox/` and `inbox/` in it (EXCHANGE 4).
///
/// What has its final name and its signature beside it is taken out of `outbox/`; receipts appear
/// in `inbox/` under their final names only when they are whole. One round at a time.
package actor RehearsalDrop {
    private let system: NationalSystem
    private let sender: String
    private let folder: String
    private var given: Set<[UInt8]> = []

    /// - Parameters:
    ///   - sender: the county whose login the server shows this folder to.
    ///   - folder: made, with what belongs in it, if it is missing.
    /// - Throws: the system's error for a folder that cannot be made.
    package init(system: NationalSystem, sender: String, folder: String) throws {
        self.system = system
        self.sender = sender
        self.folder = folder
        for name in ["outbox", "inbox/done", "taken"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
    }

    /// Takes what is whole, and lays out the receipts that are due. Throws the system's errors.
    package func round() async throws {
        for name in try names(in: "outbox") where name.hasSuffix(".xml") {
            try await take(String(name.dropLast(4)))
        }
        try await publish()
    }

    private func take(_ id: String) async throws {
        let place = "\(folder)/outbox/\(id).xml"
        guard PostedDocument.isIdentifier(id),
            let document = FileManager.default.contents(atPath: place),
            let signature = FileManager.default.contents(atPath: place + ".sig")
        else { return }
        let lines = String(decoding: signature, as: UTF8.self).split(separator: "\n")
        guard lines.count == 2 else { return }
        let digest = Base64.standard.encode(Hash.sha256.digest([UInt8](document)))
        let answer = await system.answer(
            ExchangeRequest(
                method: "POST", path: "/submissions",
                headers: [
                    .init("Content-Type", "application/xml"), .init("Idempotency-Key", id),
                    .init("Content-Digest", "sha-256=:\(digest):"),
                    .init("Signature", String(lines[1])),
                    .init("Signature-Key", String(lines[0])),
                ], body: [UInt8](document)), client: sender)
        // Busy, or as if it had never come: it lies there until the next round.
        guard [200, 202, 400, 409, 413, 422].contains(answer.status) else { return }
        for name in ["\(id).xml", "\(id).xml.sig"] {
            let taken = "\(folder)/taken/\(name)"
            try? FileManager.default.removeItem(atPath: taken)
            try FileManager.default.moveItem(atPath: "\(folder)/outbox/\(name)", toPath: taken)
        }
        guard !answer.body.isEmpty, !answer.isDropped else { return }
        try give(
            answer.body, signature: answer.headers.first { $0.name == "Signature" }?.value,
            key: answer.headers.first { $0.name == "Signature-Key" }?.value)
    }

    /// The feed, from where the last round ended.
    private func publish() async throws {
        let mark = folder + "/taken/cursor"
        let cursor =
            FileManager.default.contents(atPath: mark)
            .map { String(decoding: $0, as: UTF8.self) } ?? "0"
        let answer = await system.answer(
            ExchangeRequest(
                method: "GET", path: "/receipts",
                query: [.init("after", cursor), .init("limit", "500")]), client: sender)
        let root = answer.body.withUnsafeBytes { try? XMLTree.parse($0) }
        guard answer.status == 200, let root, let next = root.attribute("next") else { return }
        for item in root.children {
            guard let bytes = try? Base64.standard.decode(item.text) else { continue }
            try give(bytes, signature: item.attribute("signature"), key: item.attribute("key"))
        }
        try Data(next.utf8).write(to: URL(fileURLWithPath: mark), options: .atomic)
    }

    /// Lays out one receipt with its signature, unless just this pair was laid out before.
    private func give(_ bytes: [UInt8], signature: String?, key: String?) throws {
        let root = bytes.withUnsafeBytes { try? XMLTree.parse($0) }
        guard let id = root?.attribute("submission"), PostedDocument.isIdentifier(id),
            given.insert(bytes + Array((signature ?? "").utf8)).inserted
        else { return }
        var number = 1
        let laid = Set(try names(in: "inbox") + names(in: "inbox/done"))
        while laid.contains("\(id).\(number).receipt.xml") { number += 1 }
        let name = "\(id).\(number).receipt.xml"
        if let signature, let key {
            try lay(Array("\(key)\n\(signature)\n".utf8), as: name + ".sig")
        }
        try lay(bytes, as: name)
    }

    private func lay(_ bytes: [UInt8], as name: String) throws {
        let place = "\(folder)/inbox/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: place + ".part"))
        try FileManager.default.moveItem(atPath: place + ".part", toPath: place)
    }

    private func names(in part: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)").sorted()
    }
}
