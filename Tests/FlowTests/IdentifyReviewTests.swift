import Evidence
import Flow
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// An emergency is looked into once it is over, and what is signed is read first.
@Suite(.serialized) struct IdentifyReviewTests {
    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    private func review(_ desk: VaultDesk, _ id: String, _ name: String) async throws {
        _ = try await desk.desk().review(id, by: name, with: desk.key(name), because: "属实")
    }

    private func waiting(_ desk: VaultDesk) async throws -> [String] {
        try await desk.database.read { try IdentifyBook(in: $0).openReviews.map(\.id) }
    }

    /// Writes down a review as an earlier version did at any time.
    private func reviewEarly(_ desk: VaultDesk, _ id: String, _ name: String) async throws {
        let (key, person) = (
            try desk.key(name), try #require(desk.custody.person(named: name))
        )
        try await desk.database.write { transaction in
            let asked = try Ledger().entries(of: "identified", holding: id, in: transaction)
                .compactMap { entry -> IdentifyRequest? in
                    guard case .identified(let fact) = entry.fact else { return nil }
                    return fact.text.flatMap(IdentifyRequest.init(canonical:))
                }
            let words = IdentifyDecision(
                .review, of: try #require(asked.first), by: person, because: "ok",
                at: at("2026-03-02 09:00")
            ).canonical
            let fact = Fact.Identified(
                request: id, step: .reviewed, by: name, records: [],
                text: String(decoding: words, as: UTF8.self),
                signature: Base64.standard.encode(try key.signing.sign(words)),
                key: person.fingerprint)
            try Ledger().append([.identified(fact)], at: at("2026-03-02 09:00"), in: transaction)
        }
    }

    @Test func `an emergency is reviewed when it is over, and waits until then`() async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask(breakGlass: true)
        try await desk.approve(id, "主任丁")
        await refused(.early) { try await review(desk, id, "保管丙") }
        try await desk.approve(id, "保管丙")
        await refused(.early) { try await review(desk, id, "隐私甲") }
        #expect(
            try await desk.desk().reveal(1, of: id, by: "经办戊", with: desk.key("经办戊")).number == 1)
        await refused(.early) { try await review(desk, id, "隐私甲") }
        #expect(try await waiting(desk) == [id])
        _ = try await desk.desk().close(id, by: "somebody")
        #expect(try await waiting(desk) == [id])
        await refused(.reviewOwn) { try await review(desk, id, "保管丙") }
        try await review(desk, id, "隐私甲")
        #expect(try await waiting(desk).isEmpty)
        await refused(.state) { try await desk.approve(id, "保管乙") }
        await refused(.state) { _ = try await desk.open(id) }
        await refused(.state) { try await review(desk, id, "保管乙") }
    }

    @Test func `one that lapsed is reviewed without being closed`() async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask(breakGlass: true)
        try await desk.approve(id, "主任丁")
        try await desk.approve(id, "保管丙")
        desk.pass(to: "2026-03-02 09:16")
        try await review(desk, id, "隐私甲")
        #expect(try await waiting(desk).isEmpty)
    }

    @Test(arguments: [1, 2])
    func `a review that came too early counts for nothing, and nothing goes on after it`(
        approvals: Int
    ) async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask(breakGlass: true)
        for name in ["主任丁", "保管丙"].prefix(approvals) { try await desk.approve(id, name) }
        try await reviewEarly(desk, id, "隐私甲")
        #expect(try await waiting(desk) == [id])
        if approvals == 1 { await refused(.state) { try await desk.approve(id, "隐私甲") } }
        await refused(.state) { _ = try await desk.open(id) }
        #expect(try await desk.desk().portrait(of: id).effect == .none)
        _ = try await desk.desk().close(id, by: "somebody")
        #expect(try await waiting(desk) == [id])
        try await review(desk, id, "保管乙")
        #expect(try await waiting(desk).isEmpty)
    }

    @Test func `whoever approves reads all that he signs`() async throws {
        let desk = try await VaultDesk()
        let id = try await desk.ask([desk.records[0]], breakGlass: true)
        let first = try await desk.desk().portrait(of: id)
        #expect(first.request.caseNumber == "县卫函〔2026〕3号" && first.department == "妇幼科")
        #expect(first.request.records == [desk.records[0].text] && first.request.breakGlass)
        #expect(first.reason?.zh == "审计、督查抽查，须核对本人" && first.isGenuine)
        #expect(first.until == "2026-03-03T09:00:00+08:00" && first.effect == .first)
        #expect(
            first.approvers == ["隐私甲（法规科）", "保管乙（信息科）", "保管丙（信息科）", "主任丁（院办）"])
        try await desk.approve(id, "保管乙")
        let second = try await desk.desk().portrait(of: id)
        #expect(second.effect == .second && second.approvers == ["隐私甲（法规科）", "主任丁（院办）"])
        #expect(second.approvals.map(\.name) == ["保管乙"])
        #expect(second.approvals.map(\.department) == ["信息科"])
        try await desk.approve(id, "主任丁")
        let third = try await desk.desk().portrait(of: id)
        #expect(third.effect == .none && third.until == "2026-03-02T09:15:00+08:00")
        #expect(
            third.approvers.isEmpty && third.approvals.map(\.role) == ["custodian", "director"])
        await refused(.request) { _ = try await desk.desk().portrait(of: "none") }
    }

    @Test func `a request says how often and how long the site's file allowed then`()
        async throws
    {
        let usual = try await VaultDesk()
        let id = try await usual.ask()
        let reading = try await usual.desk().portrait(of: id).request
        #expect(reading.minutes == 15 && reading.perDay == 3 && !reading.isRaised)
        let raised = try await VaultDesk(perDay: 4)
        _ = try await raised.ask()
        let readings = try await raised.desk().digest(days: 7).requests
        #expect(readings.map(\.perDay) == [4] && readings.map(\.isRaised) == [true])
    }

    @Test func `a request of an earlier version, which does not say how often, is read`() throws {
        let request = IdentifyRequest(
            id: "abcdefghij", region: "990101", requester: "经办戊", key: "00", reason: "AUDIT",
            caseNumber: "1", records: [], breakGlass: false, minutes: 15, perDay: 3,
            at: at("2026-03-02 09:00"))
        let text = String(decoding: request.canonical, as: UTF8.self)
        let earlier = text.replacing("\"perDay\":3,", with: "")
        #expect(earlier != text)
        let read = try #require(IdentifyRequest(canonical: earlier))
        #expect(read.perDay == nil && read.minutes == 15)
        #expect(String(decoding: read.canonical, as: UTF8.self) == earlier)
    }
}
