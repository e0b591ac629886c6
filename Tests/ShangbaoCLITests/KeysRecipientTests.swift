import Foundation
import Testing

/// The national side changes its key: county IT compares a fingerprint, and edits no file.
@Suite(.serialized) struct KeysRecipientTests {
    private let site: TestSite

    init() throws { site = try TestSite() }

    private func run(_ words: [String]) throws -> Program.Ended {
        try site.program.run(words + ["--site", site.folder], in: "en")
    }

    private func shell(_ script: String) throws -> (status: Int32, out: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: site.folder)
        let out = Pipe()
        process.standardOutput = out
        process.standardError = out
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try out.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    /// A certificate that a key signs itself, from one day to another, counted from today.
    private func certify(_ name: String, key: String, from: Int = -1, to: Int) throws {
        let made = try shell(
            """
            day() { date -u -d "$1 days" +%Y%m%d%H%M%SZ; }
            openssl req -new -key \(key) -sm3 -sigopt distid:1234567812345678 \
                -subj '/CN=\(name)' -out \(name).csr
            rm -f index.txt*; touch index.txt; echo 01 > serial
            cat > ca.cnf <<'END'
            [ca]
            database=index.txt
            serial=serial
            policy=p
            unique_subject=no
            [p]
            commonName=supplied
            END
            openssl ca -batch -config ca.cnf -name ca -selfsign -keyfile \(key) -in \(name).csr \
                -md sm3 -sigopt distid:1234567812345678 -vfyopt distid:1234567812345678 \
                -startdate $(day \(from)) -enddate $(day \(to)) -notext \
                -outdir . -out \(name).pem
            """)
        #expect(made.status == 0, "\(made.out)")
    }

    private struct Shown: Decodable {
        struct Line: Decodable {
            let name: String
            let key: String
            let fingerprint: String
            let notAfter: String?
            let inUse: Bool
        }
        let taken: Bool
        let recipient: Line
    }

    private func take(_ file: String, _ words: [String] = []) throws -> Shown {
        let path = site.folder + "/" + file
        let ended = try run(["keys", "import-recipient", path, "--json"] + words)
        #expect(ended.status == 0, "\(ended.err)")
        return try JSONDecoder().decode(Shown.self, from: Data(ended.out.utf8))
    }

    private func sample() throws -> String {
        _ = try site.program.run([
            "sample", "--couples", "6", "--seed", "7", "--defects", "0", "--out", site.folder,
        ])
        return site.folder + "/couples-6-seed-7.csv"
    }

    @Test func `a certificate is shown, compared, taken, and what is sent opens under it`() throws {
        // Their own key, newly certified: they open what comes, and so does stock OpenSSL.
        let found = try shell(
            "find / -name recipient-gm.key.pem -path '*shangbao-cli*' 2>/dev/null")
        let key = try #require(
            found.out.split(separator: "\n").first { $0.contains(site.folder) }, "\(found.out)")
        try certify("next", key: String(key), to: 400)
        let shown = try take("next.pem")
        #expect(!shown.taken && shown.recipient.key == "SM2")
        let fingerprint = shown.recipient.fingerprint
        let wrong = try run([
            "keys", "import-recipient", site.folder + "/next.pem", "--fingerprint",
            String(fingerprint.reversed()),
        ])
        #expect(wrong.status == 78 && wrong.err.contains("E-RECIPIENT-FINGERPRINT"))
        #expect(!FileManager.default.fileExists(atPath: site.folder + "/keys/recipients/gm.json"))
        // As `openssl x509 -fingerprint` writes it.
        let colons = stride(from: 0, to: 64, by: 2).map { place in
            String(Array(fingerprint)[place..<(place + 2)]).uppercased()
        }.joined(separator: ":")
        let taken = try take("next.pem", ["--fingerprint", colons])
        #expect(taken.taken && taken.recipient.inUse)
        let listed = try run(["keys", "list"])
        #expect(listed.out.contains(String(fingerprint.prefix(16))), "\(listed.out)")
        #expect(listed.status == 0 && !listed.out.contains("import-recipient"), "no hint yet")

        let national = try NationalProcess(site: site.folder)
        defer { national.end() }
        for words in [["take", try sample()], ["deliver"], ["collect"]] {
            let ended = try run(words)
            #expect(ended.status == 0, "\(words) \(ended.out)\(ended.err)")
        }
        let status = try run(["status", "--json"])
        #expect(status.out.contains("\"accepted\":6") || status.out.contains("\"accepted\" : 6"))

        // Somebody puts another certificate in its place: nothing more is done.
        let made = try shell("openssl genpkey -algorithm SM2 -out theirs.key")
        #expect(made.status == 0)
        try certify("theirs", key: "theirs.key", to: 400)
        let kept = "keys/recipients/gm-\(fingerprint.prefix(16)).pem"
        #expect(try shell("cp \(kept) safe.pem; cp theirs.pem \(kept)").status == 0)
        let refused = try run(["take", site.folder + "/couples-6-seed-7.csv"])
        #expect(refused.status == 78 && refused.err.contains("E-RECIPIENT-OTHER"))
        #expect(try shell("cp safe.pem \(kept)").status == 0)
        #expect(try run(["take", site.folder + "/couples-6-seed-7.csv"]).status == 0)
        // The choice itself is taken away: the site's file would hold again.
        #expect(try shell("mv keys/recipients/gm.json gm.json").status == 0)
        let gone = try run(["take", site.folder + "/couples-6-seed-7.csv"])
        #expect(gone.status == 78 && gone.err.contains("E-RECIPIENT-OTHER"))
        #expect(try take("next.pem", ["--fingerprint", fingerprint]).taken, "the mend")
        #expect(try run(["take", site.folder + "/couples-6-seed-7.csv"]).status == 0)
    }

    @Test func `one that the ledger knows nothing of is not used`() throws {
        let file = try sample()
        #expect(try shell("openssl genpkey -algorithm SM2 -out theirs.key").status == 0)
        try certify("next", key: "theirs.key", to: 400)
        #expect(try run(["status"]).status == 0)
        #expect(try shell("cp -a data data-before").status == 0)
        let fingerprint = try take("next.pem").recipient.fingerprint
        #expect(try take("next.pem", ["--fingerprint", fingerprint]).taken)
        // Yesterday's database; or somebody put the files there.
        #expect(try shell("rm -r data; mv data-before data").status == 0)
        let refused = try run(["take", file])
        #expect(refused.status == 78 && refused.err.contains("E-RECIPIENT-OTHER"))
        #expect(try run(["doctor"]).out.contains("E-RECIPIENT-OTHER"))
        #expect(try take("next.pem", ["--fingerprint", fingerprint]).taken, "the mend")
        #expect(try run(["take", file]).status == 0)
    }

    @Test
    func `what ends soon is warned of, what is over seals nothing, and the next one mends it`()
        throws
    {
        #expect(try shell("openssl genpkey -algorithm SM2 -out theirs.key").status == 0)
        try certify("soon", key: "theirs.key", to: 20)
        let fingerprint = try take("soon.pem").recipient.fingerprint
        #expect(
            try take("soon.pem", ["--fingerprint", fingerprint, "--name", "gm-2027"])
                .recipient.name == "gm-2027")
        let listed = try run(["keys", "list"])
        #expect(listed.out.contains("ends in 19 days"), "\(listed.out)")
        struct Line: Decodable {
            let what: String
            let holds: Bool
        }
        let doctor = try run(["doctor", "--json"])
        let lines = try JSONDecoder().decode([Line].self, from: Data(doctor.out.utf8))
        #expect(lines.contains { $0.what == "recipient" && !$0.holds })

        let file = try sample()
        // The same for the one that the site's file names, which is over.
        try certify("over", key: "theirs.key", from: -9, to: -2)
        try certify("early", key: "theirs.key", from: 2, to: 400)
        try FileManager.default.moveItem(
            atPath: site.folder + "/keys/recipients", toPath: site.folder + "/recipients")
        let other = try TestSite()
        try FileManager.default.copyItem(
            atPath: site.folder + "/over.pem", toPath: other.folder + "/over.pem")
        try other.edit("shangbao.yaml") {
            $0.replacing(/gm: \S*recipient-gm.pub.pem/, with: "gm: over.pem")
        }
        let late = try site.program.run(["take", file, "--site", other.folder], in: "en")
        #expect(late.status == 78 && late.err.contains("E-RECIPIENT-EXPIRED"), "\(late.err)")
        let standing = try site.program.run(["status", "--site", other.folder, "--json"])
        #expect(!standing.out.contains("couples-6"), "nothing of the file is written")
        for (name, code) in [("over", "E-RECIPIENT-EXPIRED"), ("early", "E-RECIPIENT-EARLY")] {
            let refused = try run(["keys", "import-recipient", site.folder + "/\(name).pem"])
            #expect(refused.status == 78 && refused.err.contains(code), "\(refused.err)")
        }
        try certify("next", key: "theirs.key", to: 400)
        try FileManager.default.copyItem(
            atPath: site.folder + "/next.pem", toPath: other.folder + "/next.pem")
        let next = try take("next.pem").recipient.fingerprint
        for words in [
            [
                "keys", "import-recipient", other.folder + "/next.pem", "--fingerprint", next,
            ], ["take", file],
        ] {
            let ended = try site.program.run(words + ["--site", other.folder], in: "en")
            #expect(ended.status == 0, "\(ended.out)\(ended.err)")
        }
        try FileManager.default.moveItem(
            atPath: site.folder + "/recipients", toPath: site.folder + "/keys/recipients")
        #expect(try take("next.pem", ["--fingerprint", next]).taken)
        let both = try run(["keys", "list"]).out
        #expect(both.contains(next.prefix(16)) && both.contains(fingerprint.prefix(16)))
    }

    @Test func `the service tells of it, seals nothing once it is over, and goes on living`() throws
    {
        #expect(try shell("openssl genpkey -algorithm SM2 -out theirs.key").status == 0)
        try certify("over", key: "theirs.key", from: -9, to: -2)
        try certify("next", key: "theirs.key", to: 400)
        try site.edit("shangbao.yaml") {
            $0.replacing(/gm: \S*recipient-gm.pub.pem/, with: "gm: over.pem")
                + "\nservice: { listen: 127.0.0.1:0 }\n"
        }
        let file = site.folder + "/in/county-hospital/couples.csv"
        try FileManager.default.moveItem(atPath: sample(), toPath: file)
        let service = try ServiceProcess(site: site.folder)
        try service.wait {
            service.events("incident.began").contains { $0["code"] as? String == "N-RECIPIENT" }
        }
        let page = try service.get("/metrics").text
        #expect(page.contains("not_after_timestamp_seconds{role=\"recipient\""), "\(page)")
        #expect(try service.get("/health/live").status == 200)
        #expect(FileManager.default.fileExists(atPath: file), "it waits for the next one")
        let next = try take("next.pem").recipient.fingerprint
        #expect(try take("next.pem", ["--fingerprint", next]).taken)
        service.signal(SIGHUP)
        try service.wait { service.events("file.taken").count == 1 }
        #expect(service.end() == 0)
    }

    @Test func `an authority in the site's file must have issued it`() throws {
        #expect(try shell("openssl genpkey -algorithm SM2 -out ca.key").status == 0)
        #expect(try shell("openssl genpkey -algorithm SM2 -out theirs.key").status == 0)
        try certify("ca", key: "ca.key", to: 900)
        try certify("forged", key: "theirs.key", to: 90)
        try site.edit("shangbao.yaml") {
            $0.replacing("recipient: {", with: "recipient: { authority: ca.pem,")
        }
        let forged = try run(["keys", "import-recipient", site.folder + "/forged.pem"])
        #expect(forged.status == 78 && forged.err.contains("E-RECIPIENT-ISSUER"), "\(forged.err)")
        let issued = try shell(
            """
            openssl x509 -req -in forged.csr -CA ca.pem -CAkey ca.key -CAcreateserial -sm3 \
                -sigopt distid:1234567812345678 -vfyopt distid:1234567812345678 -days 90 \
                -out issued.pem
            """)
        #expect(issued.status == 0, "\(issued.out)")
        #expect(try !take("issued.pem").taken)
    }
}
