import Delivery
import LibCrypto
import Records
import Storage
import Testing

/// A national side that refuses in words: known ones are codes, unknown ones are held and listed.
struct AnswerTextTests {
    private let texts = AnswerTexts([
        .init(.exact, "数值超出允许范围", code: "E2104"),
        .init(.contains, "系统繁忙", code: "E5001"),
    ])

    private func endpoint(_ texts: AnswerTexts?) throws -> Endpoint {
        Endpoint(
            name: profile, sender: sender, namespace: namespace,
            keys: ["national-2026": try Keys.nation.verifyingKey()], codes: codes, texts: texts)
    }

    private func document(_ parcel: Parcel, _ entries: [(number: Int, text: String)], id: String)
        throws -> SignedDocument
    {
        let body = entries.map {
            "<Entry record=\"\(recordID($0.number))\" version=\"1\" status=\"rejected\">\($0.text)</Entry>"
        }.joined()
        return try signed(
            Array(
                """
                <Receipt xmlns="\(namespace)" id="\(id)" submission="\(parcel.id.text)" \
                sender="\(sender)" digest="\(parcel.digest)" \
                issued="2012-03-05T22:00:09+08:00" status="processed">\(body)</Receipt>
                """.utf8))
    }

    private func collector(_ desk: DeliveryDesk, _ texts: AnswerTexts?) throws -> Collector {
        Collector(
            database: desk.database, outbox: desk.outbox, endpoint: try endpoint(texts),
            clock: desk.clock.clock)
    }

    @Test func `wide letters, odd blanks and breaks make no other text`() {
        #expect(texts.code(of: "\n 数值超出允许范围　", named: nil) == "E2104")
        #expect(AnswerTexts.normal("Ｅ１２　 三\n四 ") == "E12 三 四")
        #expect(texts.code(of: "当前系统繁忙，请稍后", named: nil) == "E5001")
        #expect(texts.code(of: "数值超出允许范围。", named: nil)?.hasPrefix("TEXT-") == true)
        #expect(texts.code(of: " \n", named: nil) == nil)
    }

    @Test func `patterns that disagree on a text leave it unknown`() {
        let torn = AnswerTexts([
            .init(.contains, "繁忙", code: "E5001"), .init(.contains, "退回", code: "E2104"),
        ])
        #expect(torn.code(of: "系统繁忙，退回", named: nil)?.hasPrefix("TEXT-") == true)
        #expect(
            AnswerTexts.Pattern(.contains, "繁忙", code: "a").overlaps(
                .init(.exact, "系统繁忙", code: "b")))
        #expect(
            !AnswerTexts.Pattern(.exact, "繁忙", code: "a").overlaps(
                .init(.contains, "系统繁忙", code: "b")))
    }

    @Test func `known texts are verdicts; an unknown one is held, listed and never shown`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", (1...3).map { submitted($0) })
        try await desk.send(sent)
        let secret = "王小明的身份证号码有误"
        let taken = try await collector(desk, texts).take(
            document(
                sent, [(1, "数值超出允许范围"), (2, "系统繁忙 请稍后"), (3, secret)], id: "r-1"))
        #expect(taken.disposition == .stored)
        #expect(try await desk.itemStates("s-1") == [.rejected, .transient, .unknown])
        #expect(try await desk.show("s-1").line.reason == QueueReason.unknownCode.rawValue)
        let unknown = try await desk.database.read { try desk.outbox.unknownTexts(in: $0) }
        #expect(unknown.count == 1 && unknown[0].records == 1)
        #expect(unknown[0].name.wholeMatch(of: /TEXT-[0-9a-f]{16}/) != nil)
        // Nothing of the text is in what is told, only in the receipt's own bytes.
        let facts = try await desk.facts().map { "\($0)" }.joined()
        #expect(!facts.contains("王") && !"\(unknown)".contains("王"))
        let own = try endpoint(texts)
        let text = try await desk.database.read {
            try desk.outbox.text(of: unknown[0], by: own, in: $0)
        }
        #expect(text == secret)
        // What was written before texts had names under a key is still found.
        let bare = Hex.encode(Hash.sha256.digest(Array(secret.utf8))).prefix(12)
        let earlier = "TEXT-\(bare)-\(secret.count)"
        let found = try await desk.database.write { transaction in
            try transaction.run("UPDATE item SET code = \(earlier) WHERE state = 'unknown'")
            let named = try desk.outbox.unknownTexts(in: transaction)
            #expect(named.map(\.name) == [earlier])
            return try desk.outbox.text(of: named[0], by: own, in: transaction)
        }
        #expect(found == secret)

        // Once the profile has it, the kept receipt is read again.
        let more = AnswerTexts(texts.patterns + [.init(.contains, "身份证号码有误", code: "E2104")])
        try await collector(desk, more).applyStored()
        #expect(try await desk.itemStates("s-1") == [.rejected, .transient, .rejected])
        #expect(try await desk.state("s-1") == .final)
    }

    /// What somebody can do who has a name and a guess at the text, and no key.
    @Test func `a name cannot be tried out, tells no length, and is the same for the same text`()
        async throws
    {
        let number = "990101198808080021"
        var names: [String] = []
        for site in 0..<2 {
            let desk = try await DeliveryDesk()
            let sent = try parcel("s-1", (1...3).map { submitted($0) })
            try await desk.send(sent)
            _ = try await collector(desk, texts).take(
                document(
                    sent, [(1, number), (2, "王小明"), (3, site == 0 ? number : "王明")], id: "r-1"))
            let codes = try await desk.database.read {
                try $0.run("SELECT code FROM item ORDER BY position").map { try $0.text(0) }
            }
            #expect((codes[0] == codes[2]) == (site == 0))
            names += codes
        }
        // Another site has another key.
        #expect(Set(names).count == 5 && Set(names.map(\.count)) == [21])
        for hash in [Hash.sha256, .sm3] {
            let digest = Hex.encode(hash.digest(Array(number.utf8)))
            #expect(!names.contains { digest.hasPrefix($0.dropFirst(5).prefix(12)) })
        }
    }

    @Test func `by the ring the same text has the same name for good`() throws {
        let ring = try SecretBytes.random(count: 32)
        let names = try AnswerTextNames(suite: .gm, caseKey: ring)
        let again = try AnswerTextNames(suite: .gm, caseKey: ring)
        let other = try AnswerTextNames(suite: .gm, caseKey: .random(count: 32))
        #expect(names.name(of: "王小明") == again.name(of: "王小明"))
        #expect(names.name(of: "王小明") != other.name(of: "王小明"))
        #expect(names.name(of: "王小明") != names.name(of: "王小民"))
        #expect(names.name(of: "") == AnswerTextNames.nameless)
    }

    @Test func `where the profile has no texts, a refusal without a code is no receipt`()
        async throws
    {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1)])
        try await desk.send(sent)
        let taken = try await collector(desk, nil).take(
            document(sent, [(1, "数值超出允许范围")], id: "r-1"))
        #expect(taken.disposition == .malformed)
        // A code that stands there is taken as it is, whatever is written beside it.
        let coded = try await collector(desk, texts).take(
            receipt(for: sent, [.rejected(1, "E5001")], id: "r-2"))
        #expect(coded.disposition == .applied)
        #expect(try await desk.itemStates("s-1") == [.transient])
    }

    @Test func `a whole document refused in words means what the words say`() async throws {
        let desk = try await DeliveryDesk()
        let sent = try parcel("s-1", [submitted(1), submitted(2)])
        try await desk.send(sent)
        let bytes = String(
            decoding: receiptBytes(for: sent, [], status: "refused"), as: UTF8.self
        ).replacing("></Receipt>", with: ">系统繁忙</Receipt>")
        let taken = try await collector(desk, texts).take(signed(Array(bytes.utf8)))
        #expect(taken.disposition == .applied)
        #expect(try await desk.itemStates("s-1") == [.transient, .transient])
    }
}
