import DatabaseKit
import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage
import Testing

private let register = Register()
private let naming = NamingRegister()
/// 2012-03-05 12:00 in Asia/Shanghai.
private let moment = Timestamp(microseconds: 1_330_920_000_000_000)

/// A county with its ring and some invented people, who have names and no values.
private struct County {
    let folder = NSTemporaryDirectory() + "shangbao-rotation-" + UUID().uuidString
    private let domain = "link/city-9901"
    private var ring: Keyring

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var passphrase = Array("four unrelated words".utf8)
        ring = try Keyring.create(
            at: folder + "/keyring.json", passphrase: SecretBytes(consuming: &passphrase),
            city: "city-9901", suites: [.gm], on: moment, cost: PassphraseCost(n: 16))
    }

    func keys() throws -> NamingKeys { try NamingKeys(ring, .gm, linkDomain: domain) }

    /// The name of each of some people, and the content of their cases, in every epoch.
    func names(_ count: Int) throws -> [(links: [String], contents: [[UInt8]])] {
        let keys = try keys()
        let (links, contents) = (try RotationChain.link(keys), try RotationChain.content(keys))
        let first = try PseudonymDomain(
            suite: .gm, root: keys.link[0].secret, domain: domain, epoch: 1, source: .residentID)
        return try (0..<count).map { person in
            let name = Array("person \(person)".utf8)
            let content = Array(Hash.sm3.digest(name)[0..<16])
            return (
                try links.names(from: first.pseudonym(of: name)).map {
                    String(decoding: $0, as: UTF8.self) + "/\(person % 2 + 1)"
                }, try contents.names(from: content)
            )
        }
    }

    /// Writes a case and its free check for some people, in the newest epoch.
    func fill(
        _ database: any Database, _ people: Range<Int>, version: Int = 1, epochs: NamingEpochs
    ) async throws {
        let named = try names(people.upperBound)
        var stretch = Register.Stretch(intake: IntakeID("one"), epochs: epochs)
        for person in people {
            stretch.cases.append(
                Register.Stretch.Case(
                    record: "record \(person)", version: version,
                    content: named[person].contents[epochs.content - 1], epoch: epochs.content))
            let links = named[person].links.prefix(epochs.link)
            stretch.claims.append(
                Register.Stretch.Claim(
                    claim: links[links.count - 1], record: "record \(person)",
                    earlier: links.dropLast()))
        }
        let changes = stretch
        try await database.write { try register.write(changes, in: $0) }
    }

    mutating func rotate(_ database: any Database) async throws {
        try ring.rotate(.pidLink, .gm, domain: domain, on: moment)
        try ring.rotate(.content, .gm, on: moment)
        let epochs = try keys().epochs
        try await database.write { try naming.begin(epochs, at: moment, in: $0) }
    }

    func run(_ use: KeyUse, in database: any Database) async throws {
        try await NameRotation(use, of: keys(), in: database, clock: { moment }).run { _ in }
    }

    /// Everybody is found by all names, and every content by its digests.
    func expectAllFound(_ database: any Database, _ people: Int) async throws {
        let named = try names(people)
        let missing = try await database.read { transaction in
            try named.indices.filter { person in
                let record = "record \(person)"
                let latest = try register.latest(of: record, in: transaction)
                return try register.holder(of: named[person].links, in: transaction) != record
                    || !(latest.map { named[person].contents.contains($0.content) } ?? false)
            }
        }
        #expect(missing == [])
    }
}

/// Stored names are carried over to the next epoch, whatever ends the work and whoever writes
/// meanwhile.
struct NameRotationTests {
    private struct PowerCut: Error {}

    /// A database that fails before or after one of its writes.
    private actor FailingDatabase: Database {
        private let base: any Database
        private let number: Int
        private let isKept: Bool
        private var writes = 0

        init(_ base: any Database, at number: Int, isKept: Bool) {
            self.base = base
            self.number = number
            self.isKept = isKept
        }

        func write<Outcome: Sendable>(
            _ work: @Sendable (any Transaction) throws -> Outcome
        ) async throws -> Outcome {
            writes += 1
            guard writes == number else { return try await base.write(work) }
            if isKept { _ = try await base.write(work) }
            throw PowerCut()
        }

        func read<Outcome: Sendable>(
            _ work: @Sendable (any Transaction) throws -> Outcome
        ) async throws -> Outcome {
            try await base.read(work)
        }
    }

    @Test(arguments: TestDatabase.all, [true, false])
    func `ended at any transaction, it goes on and loses nobody`(
        kind: TestDatabase, isKept: Bool
    ) async throws {
        var county = try County()
        let database = try await kind.open(in: county.folder, migrations: Site.migrations)
        let people = 2 * NameRotation.stretch + 500
        try await county.fill(database, 0..<people, epochs: NamingEpochs(link: 1, content: 1))
        try await county.rotate(database)
        for use in [KeyUse.pidLink, .content] {
            // Three stretches and the end: the first and the third of each attempt is cut off.
            for number in [1, 3, 1] {
                let failing = FailingDatabase(database, at: number, isKept: isKept)
                let known = county
                await #expect(throws: PowerCut.self) {
                    try await known.run(use, in: failing)
                }
                try await county.expectAllFound(database, people)
            }
            try await county.run(use, in: database)
            let standing = try #require(
                try await database.read { try naming.standing(of: use, in: $0) })
            #expect(standing.epoch == 2 && standing.names == people)
            #expect(standing.moved == people && standing.overtaken == 0)
            #expect(standing.finished == moment)
            #expect(try await database.read { try naming.count(of: use, before: 2, in: $0) } == 0)
        }
        try await county.expectAllFound(database, people)
        let named = try county.names(people)
        let isNew = try await database.read { transaction in
            try named.indices.allSatisfy { person in
                let latest = try register.latest(of: "record \(person)", in: transaction)
                let old = [named[person].links[0]]
                return try latest?.content == named[person].contents[1] && latest?.epoch == 2
                    && register.holder(of: old, in: transaction) == nil
            }
        }
        #expect(isNew, "no old name is left")
        await database.close()
    }

    @Test(arguments: TestDatabase.all)
    func `what a clinic writes meanwhile is written once, and counted`(kind: TestDatabase)
        async throws
    {
        var county = try County()
        let database = try await kind.open(in: county.folder, migrations: Site.migrations)
        try await county.fill(database, 0..<20, epochs: NamingEpochs(link: 1, content: 1))
        try await county.rotate(database)
        // Five cases come again with something new, and five that nobody knew.
        let newest = NamingEpochs(link: 2, content: 2)
        try await county.fill(database, 0..<5, version: 2, epochs: newest)
        try await county.fill(database, 20..<25, epochs: newest)
        try await county.expectAllFound(database, 25)
        for use in [KeyUse.pidLink, .content] {
            try await county.run(use, in: database)
            let standing = try #require(
                try await database.read { try naming.standing(of: use, in: $0) })
            #expect(standing.names == 20 && standing.moved == 15 && standing.overtaken == 5)
        }
        try await county.expectAllFound(database, 25)
        let count = try await database.read {
            try $0.run("SELECT count(*) FROM entitlement")[0].int(0)
        }
        #expect(count == 25)
        await database.close()
    }

    @Test(arguments: TestDatabase.all)
    func `a process that has the old ring writes nothing more`(kind: TestDatabase)
        async throws
    {
        var county = try County()
        let database = try await kind.open(in: county.folder, migrations: Site.migrations)
        let old = NamingEpochs(link: 1, content: 1)
        try await county.fill(database, 0..<3, epochs: old)
        try await county.rotate(database)
        for epochs in [old, NamingEpochs(link: 1, content: 2), NamingEpochs(link: 2, content: 1)] {
            let known = county
            await #expect(throws: KeyFailure(.rotated)) {
                try await known.fill(database, 3..<4, epochs: epochs)
            }
        }
        // Nor is a ring taken that lacks what names stand in.
        await #expect(throws: KeyFailure(.rotated)) {
            try await database.write { try naming.begin(old, at: moment, in: $0) }
        }
        try await county.expectAllFound(database, 3)
        await database.close()
    }

    @Test(arguments: TestDatabase.all)
    func `two rotations in a row end in the newest epoch`(kind: TestDatabase) async throws {
        var county = try County()
        let database = try await kind.open(in: county.folder, migrations: Site.migrations)
        try await county.fill(database, 0..<10, epochs: NamingEpochs(link: 1, content: 1))
        try await county.rotate(database)
        try await county.fill(database, 10..<12, epochs: NamingEpochs(link: 2, content: 2))
        try await county.rotate(database)
        try await county.expectAllFound(database, 12)
        for use in [KeyUse.pidLink, .content] {
            try await county.run(use, in: database)
            let standing = try #require(
                try await database.read { try naming.standing(of: use, in: $0) })
            #expect(standing.epoch == 3 && standing.names == 12 && standing.moved == 12)
        }
        try await county.expectAllFound(database, 12)
        await database.close()
    }
}
