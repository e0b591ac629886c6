import Foundation
import LibCrypto
import Testing

/// The whole way, twice.
struct DemoTests {
    /// Every file below a folder with its digest.
    private func digests(of folder: String) throws -> [String: String] {
        var digests: [String: String] = [:]
        let files = FileManager.default.enumerator(atPath: folder)
        while let name = files?.nextObject() as? String {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + name) else {
                continue
            }
            digests[name] = Hex.encode(Hash.sha256.digest([UInt8](bytes)))
        }
        return digests
    }

    @Test func `the demo ends with a verified statement, and again with nothing changed`() throws {
        let folder = NSTemporaryDirectory() + "shangbao-demo-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = Program(names: [folder: "SITE"])
        let words = ["demo", "--site", folder]
        let first = try program.run(words)
        #expect(first.status == 0, "\(first.out)\(first.err)")
        #expect(!first.out.contains("没有变化："))
        Snapshot.expect(first.out, as: "demo-first")

        let before = try digests(of: folder + "/out")
        #expect(before.keys.contains("evidence_990101_2012_1.html"))
        let second = try program.run(words)
        #expect(second.status == 0, "\(second.out)\(second.err)")
        #expect(second.out.contains("没有变化："))
        #expect(try digests(of: folder + "/out") == before)

        let third = try program.run(words + ["--json"], in: "en")
        #expect(third.status == 0)
        #expect(third.out.contains("\"nothingChanged\" : true"))
        #expect(third.out.contains("\"fen\" : 6408000"))
        #expect(third.out.contains("\"packVerified\" : true"))

        let container = folder + "/out/evidence_990101_2012_1.asice"
        #expect(try program.run(["verify", container]).status == 0)
        let pack = try UnpackedPack(container, in: folder).folder
        #expect(try program.run(["verify", pack]).status == 0)
        let home = try program.run(["verify", pack, "--site", folder], in: "en")
        #expect(home.status == 0, "\(home.out)")
        #expect(home.out.matches(of: #/✓ keys/sender-\w+\.pub\.pem =/#).count == 2)
        #expect(home.out.matches(of: #/✓ keys/national-\S+ =/#).count >= 1)
        let elsewhere = try TestSite()
        let strange = try program.run(["verify", pack, "--site", elsewhere.folder], in: "en")
        #expect(strange.status == 6, "its keys are not that site's: \(strange.out)")
        #expect(strange.out.contains("✗ keys/sender-gm.pub.pem: unknown"))
        #expect(home.out.contains("recount.py"), "\(home.out)")
        let book = folder + "/结算表.xlsx"
        let made = try program.run(["statement", container, "--out", book])
        #expect(made.status == 0, "\(made.err)")
        #expect(made.out.contains("64080.00 元（陆万肆仟零捌拾元整）"), "\(made.out)")
        let paper = try program.run(["statement", pack, "--out", folder + "/结算表.pdf"])
        #expect(paper.status == 0 && paper.out.contains("陆万肆仟零捌拾元整"), "\(paper.err)")
        let odd = try program.run(["statement", pack, "--out", folder + "/st.csv"], in: "en")
        #expect(odd.status == 64 && odd.err.contains(".xlsx"), "\(odd.err)")
        let over = try program.run(["statement", pack, "--out", book], in: "en")
        #expect(over.status == 64 && over.err.contains("E-EXISTS"), "\(over.err)")
        let none = try program.run(["statement", folder, "--out", folder + "/2.xlsx"], in: "en")
        #expect(none.status == 6 && none.err.contains("E-PACK"), "\(none.err)")
        try lookAtMoney(program, in: folder, pack)
        let statement = URL(fileURLWithPath: pack + "/settlement.csv")
        try (Data(contentsOf: statement) + Data("x".utf8)).write(to: statement)
        let workbook = try program.run(["statement", pack, "--out", folder + "/3.xlsx"], in: "en")
        #expect(workbook.status == 6 && workbook.err.contains("E-PACK"), "\(workbook.err)")
        let forged = try program.run(["verify", pack], in: "en")
        #expect(forged.status == 6 && forged.err.contains("E-PACK"))
    }

    /// What is not paid is worth what the sample's defects are, and a paid case leads to its row.
    private func lookAtMoney(_ program: Program, in folder: String, _ pack: String) throws {
        let settle = ["settle", "--year", "2012", "--site", folder]
        let open = try program.run(settle + ["--what-if"])
        #expect(open.status == 0, "\(open.err)")
        // Two incomplete files at 240 yuan; a line with too many cells is worth nobody knows what.
        #expect(open.out.contains("480.00  项目未做全"), "\(open.out)")
        #expect(open.out.contains("其中 1 例不知值多少"), "\(open.out)")
        let leaves = try String(contentsOfFile: pack + "/ledger/leaves.jsonl", encoding: .utf8)
        let third = leaves.split(separator: "\n")[2]
        let record = try #require(third.firstMatch(of: #/"record":"(\w+)"/#)?.output.1)
        let chain = try program.run(settle + ["--explain", String(record)])
        #expect(chain.status == 0, "\(chain.err)")
        #expect(chain.out.contains("county-hospital-2012.csv 第 "), "\(chain.out)")
        #expect(chain.out.contains("leaves.jsonl:3"), "\(chain.out)")
        #expect(chain.out.contains("中央 4/5 192.00"), "\(chain.out)")
        let none = try program.run(settle + ["--explain", "abc"], in: "en")
        #expect(none.status == 64 && none.err.contains("E-RECORD"), "\(none.err)")
    }

    @Test func `a preview shows people masked and writes nothing`() throws {
        let site = try TestSite()
        let sample = Program.root + "/samples/preconception-2012/county-hospital-2012.csv"
        let preview = try site.program.run(["preview", sample, "--site", site.folder])
        #expect(preview.status == 3, "\(preview.err)")
        Snapshot.expect(preview.out, as: "preview")
        #expect(preview.out.firstMatch(of: /99\d{15}[\dX]/) == nil, "an ID number in the clear")
        #expect(!FileManager.default.fileExists(atPath: site.folder + "/data/shangbao.db"))
    }
}
