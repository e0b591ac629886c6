import Foundation
import TestKit
import Testing

/// A county in production with definitions and keys of its own, and one who approves mappings.
struct ProductionSite {
    let site: TestSite
    private let passphrase: String

    init() throws {
        site = try TestSite(hasKeys: false, binding: "assisted")
        try FileManager.default.copyItem(
            atPath: Program.root + "/mappings", toPath: site.folder + "/mappings")
        passphrase = try String(
            contentsOfFile: site.folder + "/keys/passphrase.txt", encoding: .utf8
        ).trimmingCharacters(in: .newlines)
        try PersonalKeys.make("zhou", in: site.folder)
        try site.edit("shangbao.yaml") {
            $0.replacing("environment: rehearsal", with: "environment: production")
                .replacing("passphrase: { file: keys/passphrase.txt }", with: "")
                .replacing(/mappings: .*/, with: "mappings: mappings")
                .replacing(
                    "  binding: assisted\n",
                    with: """
                          binding: assisted
                          recipient: { name: nat-2026, gm: national/county/recipient-gm.pub.pem }

                        """) + """

                    privacy:
                      officers:
                        周审核: { role: 隐私负责人, department: 信息科, key: people/zhou.pub.pem }

                    """
        }
        let made = try run(["keys", "init"])
        try #require(made.status == 0, "\(made.err)")
    }

    func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(
            words + ["--site", site.folder, "--passphrase-fd", "7"], in: "en", input: passphrase)
    }

    /// An officer decides on the mapping as it is now.
    func approve(
        as officer: String = "周审核", with key: String = "zhou", reject: Bool = false
    ) throws -> Program.Ended {
        try site.program.run(
            [
                "mapping", "approve", "county-hospital", "--by", officer, "--key",
                site.folder + "/people/\(key).pem", "--author", "李编写", "--because",
                "必要；M09：机构另有用途",
                "--sheet", try site.sheetSeen().sha256, "--site", site.folder,
            ] + (reject ? ["--reject"] : []), in: "en")
    }

    /// Takes a couple of foreigners, whose numbers no office ever gave.
    func take(_ file: String) throws -> Program.Ended {
        let couple = CleanCouple(file: file).with([
            "女方证件类型": "护照", "女方身份证号": "TEST0\(file.suffix(4))W",
            "男方证件类型": "护照", "男方身份证号": "TEST0\(file.suffix(4))H",
        ])
        let header = try Preconception.loaded().header
        let rows = [header, header.map { couple.cells[$0] ?? "" }]
        let name = "in/\(file).csv"
        try site.write(rows.map { $0.joined(separator: ",") + "\r\n" }.joined(), to: name)
        return try run(["take", site.folder + "/" + name])
    }
}
