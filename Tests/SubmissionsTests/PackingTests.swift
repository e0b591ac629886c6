import Definitions
import LibCrypto
import LibXML
import Privacy
import Records
import Submissions
import TestKit
import Testing

struct PackingTests {
    private let couples = [
        CleanCouple(file: "DEMO-0001"), CleanCouple(file: "DEMO-0002").without(.husband),
        CleanCouple(file: "DEMO-0003").without(.wife),
        CleanCouple(file: "DEMO-0004").with([
            "服务机构名称": "一院<&>\"二'部\"&amp;", "女方妇科B超": "未查", "女方促甲状腺激素TSH": "未查",
        ]),
    ]

    @Test(arguments: CipherSuite.allCases)
    func `libxml2 and xmllint take what was packed`(_ suite: CipherSuite) throws {
        let desk = try PackingDesk.open(suite)
        let packed = try desk.pack(couples, under: desk.envelope(), sampling: .oneIn(100))
        #expect(packed.refused.isEmpty)
        let document = try document(of: #require(packed.submission))
        let schema = try CompiledSchema(main: Array(desk.schemaText.utf8))
        #expect(isValid(document, by: schema.validator()))
        let shell = try Shell(["d.xml": document, "s.xsd": Array(desk.schemaText.utf8)])
        #expect(try shell.run("xmllint --noout --schema s.xsd d.xml").status == 0)
        // It is the schema that says so: one wrong unit is refused by the same command.
        #expect(
            try shell.run(
                "sed -i '0,/unit=\"g.L\"/s//unit=\"g\\/dL\"/' d.xml; xmllint --noout --schema s.xsd d.xml"
            ).status != 0)
    }

    @Test func `the document says what it is, whose it is and what it holds`() throws {
        let desk = try PackingDesk.open()
        let heads = [
            try desk.head(), try desk.head(version: 2, action: .amend),
            try desk.head(version: 7), try desk.head(),
        ]
        let packed = try desk.pack(couples, under: desk.envelope(), heads: heads)
        let submission = try #require(packed.submission)
        let root = try tree(document(of: submission))
        let expected = [
            "id": "019a0000-0000-7000-8000-000000000001", "profile": "reference-1",
            "programme": "preconception-check", "sender": "12990101MA0000T1XF",
            "region": "990101", "created": "2012-03-05T22:00:04+08:00", "count": "4",
            "pseudonymEpoch": "1",
        ]
        #expect(root.name == "Submission" && root.namespace == "urn:shangbao:reference:1")
        #expect(root.attributes.count == expected.count)
        for (name, value) in expected { #expect(root.attribute(name) == value) }
        let key = try #require(root.child("Key"))
        #expect(key.attribute("id") == "k7q2m9x1" && key.attribute("suite") == "gm")
        #expect(key.attribute("recipient") == "national-2026")
        let records = root.children(named: "Record")
        #expect(records.map { $0.attribute("id") } == submission.records.map(\.record.text))
        #expect(records.map { $0.attribute("version") } == ["1", "2", "7", "1"])
        #expect(records.map { $0.attribute("action") } == ["submit", "amend", "submit", "submit"])
        #expect(records[0].attribute("institution") == "MA0000T1X99010111G1001")
        #expect(records[0].attribute("serviceDate") == "2012-03-01")
        let roles = records.map {
            $0.children(named: "Subject").compactMap { $0.attribute("role") }
        }
        #expect(roles == [["wife", "husband"], ["wife"], ["husband"], ["wife", "husband"]])
        #expect(submission.records.map(\.childOrder) == [1, 1, 1, 1])
        #expect(submission.records.map(\.version) == [1, 2, 7, 1])
        #expect(submission.byteCount == (try document(of: submission)).count)
    }

    @Test func `values stand in their form, with their unit, and missing ones do not stand at all`()
        throws
    {
        let desk = try PackingDesk.open()
        let packed = try desk.pack(couples, under: desk.envelope())
        let records = try tree(document(of: #require(packed.submission))).children(named: "Record")
        let last = records[3]
        func form(_ name: String) throws -> XMLTree.Element {
            try #require(last.children(named: "Form").first { $0.attribute("name") == name })
        }
        #expect(
            try form("basic").child("servingOrgName")?.text == "一院<&>\"二'部\"&amp;",
            "escaped once, and read back as it was")
        let hemoglobin = try #require(form("wifeLaboratory").child("hemoglobin"))
        #expect(hemoglobin.text == "128" && hemoglobin.attribute("unit") == "g/L")
        #expect(try form("wifeLaboratory").child("tsh") == nil)
        #expect(try form("ultrasound").child("ultrasoundResult")?.text == "NOT_DONE")
        let wife = try #require(last.child("Subject"))
        #expect(wife.child("birthMonth")?.text == "1986-03")
        for dropped in [
            "localFileId", "plannedPregnancyDate", "residenceSince", "birthDate", "name",
        ] {
            #expect(wife.child(dropped) == nil)
            #expect(try form("basic").child(dropped) == nil)
        }
        for record in records {
            for part in record.children {
                #expect(!part.children.isEmpty)
                for value in part.children { #expect(!value.text.isEmpty, "\(value.name)") }
            }
        }
    }

    @Test func `a record that breaks the structure stays, named by its element, and the others go`()
        throws
    {
        let desk = try PackingDesk.open()
        let heads = [
            try desk.head(version: 0), try desk.head(), try desk.head(institution: "abc"),
            try desk.head(),
        ]
        let packed = try desk.pack(couples, under: desk.envelope(), heads: heads)
        #expect(packed.refused.map(\.index) == [0, 2])
        #expect(packed.refused.map(\.element) == ["@version", "@institution"])
        let submission = try #require(packed.submission)
        #expect(submission.records.count == 2)
        let root = try tree(document(of: submission))
        #expect(root.attribute("count") == "2" && root.children(named: "Record").count == 2)
        let nobody = try desk.pack(
            [CleanCouple()], under: desk.envelope(2), heads: [desk.head(version: 0)])
        #expect(nobody.submission == nil && nobody.refused.count == 1)
    }

    @Test func `a document that is too large is not made`() throws {
        let desk = try PackingDesk.open()
        let whole = try #require(desk.pack(couples, under: desk.envelope()).submission)
        let error = #expect(throws: PackingFailure.self) {
            _ = try desk.pack(couples, under: desk.envelope(2), mostBytes: whole.byteCount - 200)
        }
        #expect(error?.entry.code == "E-SIZE")
        #expect(throws: Never.self) {
            _ = try desk.pack(couples, under: desk.envelope(3), mostBytes: whole.byteCount + 200)
        }
    }

    @Test func `one desk packs one submission after the other`() throws {
        let desk = try PackingDesk.open()
        let packing = try desk.packing(.oneIn(2))
        for number in 1...3 {
            let batch = try desk.protect(couples, under: desk.envelope(number))
            let packed = try packing.pack(
                batch, heads: couples.map { _ in try desk.head() }, sender: desk.sender,
                at: PackingDesk.moment)
            let root = try tree(document(of: #require(packed.submission)))
            #expect(root.children(named: "Record").count == 4)
        }
    }
}

/// Nothing of a person stands anywhere in clear: not in the document, the wire, or a failure.
struct CanaryTests {
    @Test(arguments: CipherSuite.allCases)
    func `no clear personal value leaves`(_ suite: CipherSuite) throws {
        let desk = try PackingDesk.open(suite)
        let couple = CleanCouple(file: "CANARY-FILE-77").with([
            "女方姓名": "样丙丙", "男方姓名": "测丁丁", "女方户口所在村": "金丝雀村",
            "建档医师": "题医金丝雀", "评估建议": "金丝雀建议", "计划怀孕时间": "2013-01-17",
            "女方现住地居住起始日期": "2009-08-07", "资格确认单位": "金丝雀局",
        ])
        let canaries = [
            "样丙丙", "测丁丁", "金丝雀", "CANARY", "990101198603150022", "990101198411200013",
            "1986-03-15", "1984-11-20", "12000000001", "12000000002", "示例省", "样例市", "甲镇",
            "题医", "2013-01-17", "2009-08-07", "注意营养",
        ]
        let packed = try desk.pack([couple], under: desk.envelope())
        let submission = try #require(packed.submission)
        let document = try document(of: submission)
        let refused = try desk.pack(
            [couple], under: desk.envelope(2), heads: [desk.head(version: 0)])
        let failure = #expect(throws: PackingFailure.self) {
            _ = try desk.pack([couple], under: desk.envelope(3), mostBytes: 100)
        }
        var failures = "\(refused) "
        dump(refused, to: &failures)
        dump(failure, to: &failures)
        dump(submission.records, to: &failures)
        for canary in canaries {
            let bytes = Array(canary.utf8)
            #expect(document.firstRange(of: bytes) == nil, "\(canary)")
            #expect(submission.wire.firstRange(of: bytes) == nil, "\(canary)")
            #expect(!failures.contains(canary), "\(canary)")
        }
        // The values that may leave are there, so the search can find something.
        for kept in ["1986-03<", "990101", "示例区妇幼保健院"] {
            #expect(document.firstRange(of: Array(kept.utf8)) != nil, "\(kept)")
        }
    }
}

/// What the national side does, with stock tools and nothing of ours.
struct ReceiverTests {
    private func signed(_ suite: CipherSuite) throws -> (Submission, [UInt8]) {
        let desk = try PackingDesk.open(suite)
        let packed = try desk.pack([CleanCouple()], under: desk.envelope())
        let submission = try #require(packed.submission)
        return (submission, try document(of: submission))
    }

    @Test(arguments: CipherSuite.allCases)
    func `stock tools unpack, digest and verify it`(_ suite: CipherSuite) throws {
        let desk = try PackingDesk.open(suite)
        let (submission, document) = try signed(suite)
        let shell = try Shell([
            "d.gz": submission.wire, "d.sig": submission.signature, "same.xml": document,
            "key.pub": Array(try desk.signing.verifyingKey().pem().utf8),
        ])
        #expect(try shell.run("gunzip -c d.gz > d.xml; cmp d.xml same.xml").status == 0)
        let sha256 = try shell.run("sha256sum d.xml | cut -d' ' -f1")
        #expect(sha256.output == Hex.encode(submission.digest) + "\n")
        let sm3 = try shell.run("openssl dgst -sm3 -r d.gz | cut -d' ' -f1")
        #expect(sm3.output == Hex.encode(submission.wireSM3) + "\n")
        let verify =
            suite == .gm
            ? "openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey key.pub -in d.xml "
                + "-sigfile d.sig -pkeyopt distid:1234567812345678"
            : "openssl dgst -sha256 -verify key.pub -signature d.sig d.xml"
        #expect(try shell.run(verify).status == 0)
        #expect(try shell.run("printf ' ' >> d.xml; " + verify).status != 0)
    }

    /// PRIVACY appendix B; for `intl` the same with the other suite's algorithms.
    private static let open = """
        if [ $SUITE = gm ]; then DIGEST=SM3 CIPHER=sm4-ctr LENGTH=16 UNWRAP=""
        else DIGEST=SHA256 CIPHER=aes-256-ctr LENGTH=32
          UNWRAP="-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256"
          UNWRAP="$UNWRAP -pkeyopt rsa_mgf1_md:sha256"; fi
        openssl pkeyutl -decrypt -inkey national.pem -in wrapped $UNWRAP -out dek.bin
        IFS=. read -r V S KID IV CT TAG < field; [ $V.$S = GWF1.$SUITE ]
        hex() { local t=$(printf %s "$1" | tr _- /+)
          while [ $(( ${#t} % 4 )) -ne 0 ]; do t=$t=; done
          printf %s "$t" | base64 -d | xxd -p -c 9999; }
        IV=$(hex $IV) CT=$(hex $CT) TAG=$(hex $TAG)
        kdf() { openssl kdf -keylen $2 -binary -kdfopt digest:$DIGEST \
          -kdfopt mode:EXTRACT_AND_EXPAND -kdfopt hexkey:$(xxd -p -c 64 dek.bin) \
          -kdfopt hexsalt:$(printf "GWF1|$SUITE|$KID" | xxd -p -c 999) -kdfopt info:$1 HKDF \
          | xxd -p -c 64; }
        KE=$(kdf enc $LENGTH) KM=$(kdf mac 32) AAD=$(xxd -p -c 999 place)
        printf '%s%08x%s%s' $IV $(( ${#AAD} / 2 )) $AAD $CT | xxd -r -p > mi
        [ "$(openssl mac -digest $DIGEST -macopt hexkey:$KM -in mi HMAC | tr A-F a-f)" = "$TAG" ]
        printf %s $CT | xxd -r -p | openssl enc -d -$CIPHER -K $KE -iv $IV | xxd -p -c 999
        """

    @Test(arguments: CipherSuite.allCases)
    func `stock OpenSSL opens a sealed name with the document and the national key alone`(
        _ suite: CipherSuite
    ) throws {
        let desk = try PackingDesk.open(suite)
        let (_, document) = try signed(suite)
        let root = try tree(document)
        let key = try #require(root.child("Key"))
        let record = try #require(root.child("Record"))
        let name = try #require(
            record.sealed.first { $0.owner == "wife" && $0.field == "name" })
        let submission = try #require(root.attribute("id"))
        let place =
            "GWF1|\(suite.rawValue)|\(try #require(key.attribute("id")))|\(submission)|"
            + "\(try #require(record.attribute("id")))|wife.name"
        let shell = try Shell([
            "national.pem": try desk.unwrapping.pem().withUnsafeBytes { Array($0) },
            "wrapped64": Array(try #require(key.attribute("wrapped")).utf8),
            "field": Array((name.text + "\n").utf8), "place": Array(place.utf8),
        ])
        let opened = try shell.run(
            "base64 -d wrapped64 > wrapped; SUITE=\(suite.rawValue)\n" + ReceiverTests.open)
        // 样乙二 is nine bytes, padded to 16 with 0x80 and zeros.
        let expected = Array("样乙二".utf8) + [0x80] + Array(repeating: 0, count: 6)
        #expect(opened.status == 0 && opened.output == Hex.encode(expected) + "\n")
    }
}
