import Flow
import Foundation
import LibCrypto
import Records
import Rehearsal
import Samples

/// Makes a site's folder (新建站点). What is there already is never touched.
struct SiteFolder {
    let path: String
    let mappings: String
    let isRehearsal: Bool
    let suite: CipherSuite
    let binding: Binding

    /// What was made, and what was there before; paths below the folder.
    struct Made: Encodable {
        var made: [String] = []
        var kept: [String] = []
    }

    func make() throws -> Made {
        var made = Made()
        for folder in ["", "/in", "/in/county-hospital", "/out", "/keys", "/data", "/approvals"] {
            try make(folder: path + folder, mode: folder == "/keys" ? 0o700 : 0o750)
        }
        if isRehearsal {
            try put(SiteFolder.inventedPassphrase() + "\n", "keys/passphrase.txt", 0o600, &made)
        }
        try put(designated, "designated.csv", 0o644, &made)
        try put(qualified, "qualified.csv", 0o644, &made)
        guard !holds(Configuration.fileName) else {
            made.kept.append(Configuration.fileName)
            return made
        }
        try put(isRehearsal ? try rehearsal() : production, Configuration.fileName, 0o644, &made)
        return made
    }

    private func make(folder: String, mode: Int) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: mode])
        } catch { throw CommandFailure(.unwritable, place: folder) }
    }

    private func holds(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/" + name)
    }

    private func put(_ text: String, _ name: String, _ mode: Int, _ made: inout Made) throws {
        if holds(name) {
            made.kept.append(name)
        } else {
            try Places.write(text, to: path + "/" + name, mode: mode)
            made.made.append(name)
        }
    }

    /// A list of the samples, in a rehearsal where it is at hand.
    private func sample(_ name: String) -> String? {
        let path = (mappings as NSString).deletingLastPathComponent + "/samples/site/" + name
        guard isRehearsal, let bytes = FileManager.default.contents(atPath: path) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The list of the samples where it is at hand, else the head alone: a county fills it in.
    private var designated: String {
        if let sample = sample("designated.csv") { return sample }
        var text = """
            # 本县定点服务机构：机构代码（WS 218，22 位）、名称、起止日期（含首尾两日，空为不限）。
            # This county's designated institutions: WS 218 code, names, both days inclusive, empty: no end.
            code,zh,en,valid_from,valid_to

            """
        if isRehearsal {
            for place in SampleInstitution.invented {
                text += "\(place.code),\(place.name),\(place.name),2010-04-01,\n"
            }
        }
        return text
    }

    /// Like `designated`. In a rehearsal without the samples every invented institution may screen.
    private var qualified: String {
        if let sample = sample("qualified.csv") { return sample }
        var text = """
            # 机构资格：代码、名称、服务、起止日期（含首尾两日，空为不限）；一家机构每项服务、每段日期一行。
            # What each institution may do: code, names, service, both days inclusive, empty: no end. A line each.
            # service: designated 定点, entrusted 受托, serum 血清学筛查, nipt 无创检测, diagnosis 产前诊断
            code,zh,en,service,valid_from,valid_to

            """
        if isRehearsal {
            for place in SampleInstitution.invented {
                for service in ["designated", "serum", "nipt", "diagnosis"] {
                    text += "\(place.code),\(place.name),\(place.name),\(service),2010-04-01,\n"
                }
            }
        }
        return text
    }

    /// Six groups of five letters and digits: about 150 bits.
    private static func inventedPassphrase() throws -> String {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
        let bytes = try SecretBytes.random(count: 30).withUnsafeBytes { Array($0) }
        let text = String(decoding: bytes.map { letters[Int($0 & 31)] }, as: UTF8.self)
        return stride(from: 0, to: 30, by: 5).map { start in
            String(text.dropFirst(start).prefix(5))
        }.joined(separator: "-")
    }

    /// The folder `mappings` as the site's file names it.
    private var mappingsShown: String {
        let beside = (path as NSString).deletingLastPathComponent + "/mappings"
        return mappings == beside ? "../mappings" : mappings
    }

    private func rehearsal() throws -> String {
        let sender = "12990101MA0000T1XF"
        let region = "990101"
        let identity = try NationalIdentity.create(
            folder: path + "/national", sender: sender, region: region, moment: systemClock())
        let receipts = CipherSuite.allCases.map { suite in
            "    - { id: \(identity.receiptsID(suite)), "
                + "key: national/county/receipts-\(suite.rawValue).pub.pem }"
        }
        var site = SiteText(
            environment: "rehearsal", zh: "示例区", en: "Example district", creditCode: sender,
            region: region, city: "city-9901", mappings: mappingsShown,
            passphrase: "{ file: keys/passphrase.txt }", suite: suite.rawValue,
            binding: binding, address: rehearsalAddress,
            national: "national/county",
            recipientName: identity.recipientID(suite), receipts: receipts)
        if binding == .sftp {
            site.hostKey = try DropRehearsal(folder: path + "/national/sftp").make()
            site.loginKey = "national/sftp/" + DropRehearsal.countyKey
        }
        return site.text
    }

    /// On this machine, at a port that is hardly taken.
    private var rehearsalAddress: String {
        let port = Int.random(in: 20_000...29_999)
        return switch binding {
        case .https: "https://localhost:\(port)"
        case .soap: "https://localhost:\(port)/soap"
        case .sftp: "sftp://\(NSUserName())@localhost:\(port)"
        case .assisted: ""
        }
    }

    private var production: String {
        let (open, receipts) = (Configuration.unfilled, "receipts-\(suite.rawValue).pub.pem")
        return SiteText(
            environment: "production", zh: "县（区）名称", en: "Name of the county",
            creditCode: open, region: open, city: open, mappings: mappingsShown,
            passphrase: "{ credential: shangbao }", suite: suite.rawValue,
            binding: binding,
            address: binding == .sftp
                ? "sftp://county@national.example" : "https://national.example",
            national: "keys/national",
            recipientName: open,
            receipts: ["    - { id: \(open), key: keys/national/\(receipts) }"]
        ).text
    }
}
