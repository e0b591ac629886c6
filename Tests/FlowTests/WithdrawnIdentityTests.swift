import DatabaseKit
import Evidence
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

/// Consent that is withdrawn takes a case's persons out of the vault, and out of whatever was
/// opened of it, to the last byte.
@Suite(.serialized) struct WithdrawnIdentityTests {
    private func refused(
        _ reason: IdentifyFailure.Reason, _ work: () async throws -> Void
    ) async {
        await #expect {
            try await work()
        } throws: { ($0 as? IdentifyFailure)?.reason == reason }
    }

    private func withdraw(_ records: [RecordID], _ desk: VaultDesk) async throws {
        var stretch = Register.Stretch(
            intake: IntakeID("withdrawn"), epochs: NamingEpochs(link: 1, content: 1))
        stretch.forgotten = records
        let written = stretch
        try await desk.database.write { try Register().write(written, in: $0) }
    }

    /// All sealed texts and wrapped keys of a case, and of what was opened of it.
    private func traces(of record: RecordID, _ desk: VaultDesk) async throws -> [Data] {
        try await desk.database.read { transaction in
            try transaction.run(
                """
                SELECT sealed FROM vault WHERE record = \(record.text)
                UNION ALL SELECT sealed FROM identify_row WHERE record = \(record.text)
                """
            ).map { Data(try $0.text(0).utf8) }
        }
    }

    private func openings(_ desk: VaultDesk) async throws -> [Data] {
        try await desk.database.read { transaction in
            try transaction.run("SELECT wrapped FROM identify_opening").map {
                Data(try $0.bytes(0))
            }
        }
    }

    /// The database's files as they lie on the disk, its log with them.
    private func files(_ desk: VaultDesk) throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: desk.folder)
            .reduce(into: Data()) { bytes, name in
                bytes += FileManager.default.contents(atPath: desk.folder + "/" + name) ?? Data()
            }
    }

    private var isOnDisk: Bool { TestDatabase.chosen == .sqlite }

    @Test func `a request that is open shows it as gone, and no file has a byte of it`()
        async throws
    {
        let desk = try await VaultDesk()
        let (gone, stays) = (desk.records[0], desk.records[1])
        let id = try await desk.ask([gone, stays])
        try await desk.approve(id, "隐私甲")
        try await desk.approve(id, "保管乙")
        let number = try #require(
            try await desk.open(id).first { $0.record == gone }?.number)
        let before = try await traces(of: gone, desk)
        #expect(before.count == 2)
        if isOnDisk {
            let bytes = try files(desk)
            #expect(before.allSatisfy { bytes.range(of: $0) != nil })
        }
        try await withdraw([gone], desk)
        if isOnDisk {
            // The database is open still: its log is looked at, too.
            let bytes = try files(desk)
            #expect(before.allSatisfy { bytes.range(of: $0) == nil })
            let kept = try await traces(of: stays, desk)
            #expect(kept.count == 2 && kept.allSatisfy { bytes.range(of: $0) != nil })
        }
        let rows = try await desk.open(id)
        #expect(rows.first { $0.record == gone }?.persons.isEmpty == true)
        #expect(rows.first { $0.record == stays }?.persons.count == 2)
        await refused(.record) {
            _ = try await desk.desk().reveal(number, of: id, by: "经办戊", with: desk.key("经办戊"))
        }
        #expect(try await desk.desk().readings().map(\.gone) == [[gone.text]])
        #expect(try await desk.steps().allSatisfy { !$0.hasPrefix("revealed") })
    }

    @Test func `what only those asked for who are gone is erased whole, with its data keys`()
        async throws
    {
        let desk = try await VaultDesk()
        let id = try await desk.ask([desk.records[0]])
        try await desk.approve(id, "隐私甲")
        try await desk.approve(id, "保管乙")
        let opened = try await openings(desk)
        #expect(opened.count == 1)
        let wrapped = try await desk.database.read { transaction in
            try transaction.run("SELECT wrapped FROM vault_key").map { Data(try $0.bytes(0)) }
        }
        try await withdraw(desk.records, desk)
        #expect(try await desk.count("vault_key") == 0)
        #expect(try await openings(desk).isEmpty)
        let rows = try await desk.open(id)
        #expect(rows.map(\.persons.isEmpty) == [true])
        guard isOnDisk else { return }
        let bytes = try files(desk)
        #expect((opened + wrapped).allSatisfy { bytes.range(of: $0) == nil })
    }

    @Test(arguments: [0, 1]) func `what is pending goes on with the others, or not at all`(
        approvals: Int
    ) async throws {
        let desk = try await VaultDesk()
        let both = try await desk.ask([desk.records[0], desk.records[1]])
        let one = try await desk.ask([desk.records[0]])
        let order = ["隐私甲", "保管乙"]
        for name in order.prefix(approvals) {
            try await desk.approve(both, name)
            try await desk.approve(one, name)
        }
        try await withdraw([desk.records[0]], desk)
        for name in order.dropFirst(approvals) { try await desk.approve(both, name) }
        let rows = try await desk.open(both)
        #expect(rows.filter { $0.persons.isEmpty }.map(\.record) == [desk.records[0]])
        #expect(rows.filter { $0.persons.count == 2 }.map(\.record) == [desk.records[1]])
        await refused(.record) { try await desk.approve(one, order[approvals]) }
    }

    @Test func `its follow-ups are about the same people, and go with it`() async throws {
        let desk = try await VaultDesk()
        let (parent, followUp) = (desk.records[0].text, desk.records[1].text)
        try await desk.database.write { transaction in
            try transaction.run(
                "INSERT INTO follow_up (record, parent) VALUES (\(followUp), \(parent))")
        }
        try await withdraw([desk.records[0]], desk)
        #expect(try await desk.count("vault") == 1)
        #expect(try await traces(of: desk.records[1], desk).isEmpty)
    }

    @Test func `a reader who looks at an older state delays the log's end, and no more`()
        async throws
    {
        guard isOnDisk else { return }
        let desk = try await VaultDesk()
        let before = try await traces(of: desk.records[0], desk)
        let view = try await SQLiteView.open(
            desk.folder + "/test.sqlite", migrations: Site.migrations)
        let (begun, hasBegun) = AsyncStream.makeStream(of: Int.self)
        let mayEnd = DispatchSemaphore(value: 0)
        let looking = Task {
            try await view.read { transaction in
                hasBegun.yield(try transaction.run("SELECT count(*) FROM vault")[0].int(0))
                mayEnd.wait()
            }
        }
        for await count in begun {
            #expect(count == 3)
            break
        }
        try await withdraw([desk.records[0]], desk)
        mayEnd.signal()
        try await looking.value
        await view.close()
        // Whatever is written next empties it.
        try await withdraw([desk.records[1]], desk)
        let bytes = try files(desk)
        #expect(before.allSatisfy { bytes.range(of: $0) == nil })
    }
}
