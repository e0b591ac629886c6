import Flow
import Foundation
import LibCrypto
import Privacy
import Records
import Storage

/// Rotating the keys of so many stored names: free checks, and contents of cases.
struct RotationRun {
    let arguments: BenchmarkArguments
    private let domain = "link/9901"

    func run() async throws {
        let folder = arguments.work
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["rotate.db", "rotate.db-wal", "rotate.db-shm", "rotate-ring.json"] {
            try? FileManager.default.removeItem(atPath: folder + "/" + name)
        }
        let database = try await SQLiteDatabase.open(
            folder + "/rotate.db", migrations: Site.migrations)
        var ring = try Keyring.create(
            at: folder + "/rotate-ring.json", passphrase: try .random(count: 32), city: "9901",
            suites: [arguments.suite], on: clock())
        try await fill(database, try keys(of: ring))
        try ring.rotate(.pidLink, arguments.suite, domain: domain, on: clock())
        try ring.rotate(.content, arguments.suite, on: clock())
        let keys = try keys(of: ring)
        try await database.write {
            try NamingRegister().begin(keys.epochs, at: clock(), in: $0)
        }
        for use in [KeyUse.pidLink, .content] {
            try await measure(
                "rotate: \(use.rawValue)", couples: arguments.cases, suite: arguments.suite
            ) {
                let rotation = NameRotation(use, of: keys, in: database, clock: clock)
                try await rotation.run { _ in }
                guard let standing = try await rotation.standing(), standing.finished != nil,
                    standing.moved == arguments.cases
                else { throw BenchmarkFailure("not all names were carried over") }
                return 0
            }
        }
        await database.close()
    }

    private func keys(of ring: Keyring) throws -> NamingKeys {
        try NamingKeys(ring, arguments.suite, linkDomain: domain)
    }

    private func fill(_ database: any Database, _ keys: NamingKeys) async throws {
        let link = try PseudonymDomain(
            suite: arguments.suite, root: keys.link[0].secret, domain: domain, epoch: 1,
            source: .residentID)
        var stretch = Register.Stretch(intake: IntakeID("bench"), epochs: keys.epochs)
        for number in 0..<arguments.cases {
            let person = Array("invented person \(number)".utf8)
            let record = Hex.encode(Array(Hash.sm3.digest(person)[0..<16]))
            stretch.cases.append(
                Register.Stretch.Case(
                    record: record, version: 1, content: Array(Hash.sha256.digest(person)[0..<16]),
                    epoch: 1))
            stretch.claims.append(
                Register.Stretch.Claim(
                    claim: String(decoding: try link.pseudonym(of: person), as: UTF8.self) + "/1",
                    record: record, earlier: []))
            guard stretch.cases.count == 10_000 || number + 1 == arguments.cases else { continue }
            let changes = stretch
            try await database.write { try Register().write(changes, in: $0) }
            stretch = Register.Stretch(intake: IntakeID("bench"), epochs: keys.epochs)
        }
    }
}
