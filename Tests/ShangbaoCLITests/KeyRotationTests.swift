import Foundation
import TestKit
import Testing

/// Keys are rotated in a site that works: what was known is known afterwards, and answers that were
/// on their way still find their records.
@Suite(.serialized) struct KeyRotationTests {
    private let site: TestSite
    private let header: [String]

    init() throws {
        site = try TestSite()
        header = try Preconception.loaded().header
    }

    private struct Proof: Decodable, Equatable {
        let use: String
        let epoch: Int
        let names: Int
        let carried: Int
        let recomputed: Int
        let isProven: Bool
    }

    private struct Standing: Decodable {
        let cases: [String: Int]
        let balances: Bool
    }

    private struct Key: Decodable {
        let id: String
        let use: String
        let suite: String
        let epoch: Int
        let state: String
    }

    private func take(_ couples: [CleanCouple], as name: String, in folder: String) throws
        -> TakenFile
    {
        let rows = [header] + couples.map { couple in header.map { couple.cells[$0] ?? "" } }
        let text = rows.map { $0.joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
        let file = folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let ended = try Program().run(["take", file, "--site", folder, "--json"])
        let taken = try JSONDecoder().decode([TakenFile].self, from: Data(ended.out.utf8))
        return try #require(taken.first, "\(ended.err)")
    }

    private func run(_ words: [String], in folder: String) throws -> Program.Ended {
        try Program(names: [folder: "SITE"]).run(words + ["--site", folder], in: "en")
    }

    private func done(_ words: [String]) throws {
        let ended = try run(words, in: site.folder)
        #expect(ended.status == 0, "\(words): \(ended.out)\(ended.err)")
    }

    private func keys() throws -> [Key] {
        let listed = try run(["keys", "list", "--json"], in: site.folder)
        return try JSONDecoder().decode([Key].self, from: Data(listed.out.utf8))
    }

    private func proofs(_ folder: String) throws -> [Proof] {
        let ended = try run(["keys", "verify-rotation", "--json"], in: folder)
        return try JSONDecoder().decode([Proof].self, from: Data(ended.out.utf8))
    }

    @Test func `after all keys were rotated, answers on their way match and nothing is new`() throws
    {
        let national = try NationalProcess(site: site.folder, answers: ["--later"])
        defer { national.end() }
        let (first, second) = (CleanCouple(file: "A"), CleanCouple(file: "B"))
        // The second has no full name of a doctor: it stays here, sealed.
        let kept = second.with(["付费方式": "没有这个"])
        #expect(try take([first], as: "1.csv", in: site.folder).fates == ["sent": 1])
        _ = try take([kept], as: "kept.csv", in: site.folder)
        try done(["deliver"])
        for use in ["pid-link", "content", "field", "pid-out", "sign"] {
            try done(["keys", "rotate", use])
        }
        let waiting = try #require(try keys().first { $0.state == "pending" })
        #expect(waiting.use == "sign" && waiting.suite == "gm")
        try done(["keys", "export"])
        let exported = site.folder + "/keys/public/gm-\(waiting.id).pub.pem"
        #expect(FileManager.default.fileExists(atPath: exported))
        try done(["keys", "mark", waiting.id, "active"])

        for _ in 0..<3 { try done(["collect"]) }
        let standing = try JSONDecoder().decode(
            Standing.self, from: Data(try run(["status", "--json"], in: site.folder).out.utf8))
        #expect(standing.cases["accepted"] == 1 && standing.balances)
        #expect(try take([first], as: "2.csv", in: site.folder).fates == ["unchanged": 1])
        // The same people in another file: the one free check is taken.
        let another = try take([second], as: "3.csv", in: site.folder)
        #expect(another.fates == ["quarantined": 1] && another.findings["R-05"] == 1)
        let proofs = try proofs(site.folder)
        #expect(proofs.allSatisfy { $0.isProven && $0.epoch == 2 }, "\(proofs)")
        #expect(proofs.first { $0.use == "pid-link" }?.recomputed == 1)

        // What was sealed under the old field key was sealed anew: nothing needs that key.
        let old = try #require(
            try keys().first { $0.use == "field" && $0.state == "verify-only" })
        try done(["keys", "mark", old.id, "retired"])
        try done(["keys", "mark", old.id, "destroyed"])
        for use in ["pid-link", "pid-out", "content"] {
            let needed = try #require(
                try keys().first { $0.use == use && $0.state == "verify-only" })
            for state in ["retired", "compromised", "destroyed"] {
                let refused = try run(["keys", "mark", needed.id, state], in: site.folder)
                #expect(refused.status == 78, "\(use) \(state): \(refused.out)")
            }
        }
        let named = try run(["keys", "rotate", "case-id"], in: site.folder)
        #expect(named.status == 78 && named.err.contains("E-KEY-STATE"))
    }

    @Test func `a key in force is told apart, and what a person typed is not said again`() throws {
        for use in ["sign", "pid-out"] {
            let used = try #require(
                try keys().first { $0.use == use && $0.suite == "gm" && $0.state == "active" })
            let refused = try run(["keys", "mark", used.id, "compromised"], in: site.folder)
            #expect(refused.status == 78 && refused.err.contains("E-KEY-ACTIVE"), "\(refused.err)")
        }
        let number = "11010119900307" + "7758"
        for words in [
            ["keys", "mark", number, "retired"], ["keys", "rotate", "sign", "--device", number],
            ["keys", "import-recipient", site.folder + "/\(number).pem"],
        ] {
            let refused = try run(words, in: site.folder)
            #expect(refused.status == 78 && !(refused.out + refused.err).contains(number))
        }
        #expect(try run(["keys", "verify-rotation", "--draws", "0"], in: site.folder).status == 64)
    }

    @Test func `a submission that was signed and sealed before goes out again after rotations`()
        throws
    {
        #expect(
            try take([CleanCouple(file: "A")], as: "1.csv", in: site.folder).fates == ["sent": 1])
        for use in ["sign", "field", "pid-out"] { try done(["keys", "rotate", use]) }
        let waiting = try #require(try keys().first { $0.state == "pending" })
        try done(["keys", "mark", waiting.id, "active"])
        // The other side knows the keys of both epochs.
        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        try done(["deliver"])
        try done(["collect"])
        let standing = try JSONDecoder().decode(
            Standing.self, from: Data(try run(["status", "--json"], in: site.folder).out.utf8))
        #expect(standing.cases["accepted"] == 1)
    }

    @Test func `killed at any durable step of sealing anew, the same again ends it and all opens`()
        throws
    {
        let kept = CleanCouple(file: "B").with(["付费方式": "没有这个"])
        #expect(
            try take([CleanCouple(file: "A")], as: "1.csv", in: site.folder).fates == ["sent": 1])
        #expect(try take([kept], as: "kept.csv", in: site.folder).fates["sent"] == nil)
        let calls = "fdatasync,fsync,rename,renameat,renameat2"
        var (step, isThrough) = (1, false)
        while !isThrough, step < 40 {
            let folder = site.folder + "-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let rotate = ["keys", "rotate", "field"]
            let killed = try Program().run(
                rotate + ["--site", folder], under: Program.killing(at: step, of: calls))
            isThrough = killed.status == 0
            if !isThrough {
                let again = try run(rotate, in: folder)
                #expect(again.status == 0, "step \(step): \(again.out)\(again.err)")
            }
            // By the newest key alone: the sealed number is read, and the names are proven by it.
            let listed = try run(["keys", "list", "--json"], in: folder)
            let old = try JSONDecoder().decode([Key].self, from: Data(listed.out.utf8))
                .filter { $0.use == "field" && $0.suite == "gm" && $0.state == "verify-only" }
            #expect(!old.isEmpty, "step \(step)")
            for key in old {
                for state in ["retired", "destroyed"] {
                    let marked = try run(["keys", "mark", key.id, state], in: folder)
                    #expect(marked.status == 0, "step \(step) \(state): \(marked.err)")
                }
            }
            let link = try proofs(folder).first { $0.use == "pid-link" }
            #expect(link?.recomputed == 1 && link?.isProven == true, "step \(step)")
            let findings = try run(["take", folder + "/kept.csv", "--json"], in: folder)
            #expect(findings.status != 78, "step \(step): \(findings.err)")
            step += 1
        }
        #expect(isThrough, "the sweep found no end")
        #expect(step > 5)
    }

    @Test func `killed at any durable step, the next commands mend it and nobody gets two checks`()
        throws
    {
        let (first, second) = (CleanCouple(file: "A"), CleanCouple(file: "B"))
        #expect(try take([first], as: "1.csv", in: site.folder).fates == ["sent": 1])
        let calls = "fdatasync,fsync,rename,renameat,renameat2"
        var (step, isThrough) = (1, false)
        while !isThrough, step < 40 {
            let folder = site.folder + "-\(step)"
            try FileManager.default.copyItem(atPath: site.folder, toPath: folder)
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let rotate = ["keys", "rotate", "pid-link", "--site", folder]
            let killed = try Program().run(rotate, under: Program.killing(at: step, of: calls))
            isThrough = killed.status == 0
            // Whatever the rotation came to, the person is known by both names.
            let another = try take([second], as: "2.csv", in: folder)
            #expect(another.findings["R-05"] == 1, "step \(step): \(another)")
            if !isThrough {
                let again = try Program().run(rotate, in: "en")
                #expect(again.status == 0, "step \(step): \(again.out)\(again.err)")
            }
            let proofs = try proofs(folder)
            let isProven = proofs.allSatisfy(\.isProven)
            #expect(isProven, "step \(step): \(proofs)")
            let link = try #require(proofs.first { $0.use == "pid-link" })
            #expect(link.epoch > 1 && link.names == 1 && link.recomputed == 1, "step \(step)")
            let third = try take([CleanCouple(file: "C")], as: "3.csv", in: folder)
            #expect(third.findings["R-05"] == 1, "step \(step): \(third)")
            #expect(try Program().brokenInvariants(of: folder) == [], "step \(step)")
            step += 1
        }
        #expect(isThrough, "the sweep found no end")
        #expect(step > 5)
    }
}
