import Evidence
import Flow
import Foundation
import Glibc
import LibCrypto
import Records
import Rehearsal
import Settlements
import Storage

/// The evidence pack of a year of many cases, and an auditor's look at it.
extension ClosingRun {
    private static let sender = "12990101MA0000T1XF"
    private var container: String { arguments.work + "/close-\(arguments.cases).asice" }

    /// The pack of a statement that was reckoned before: files, trees, signatures, container, and the
    /// lines into the database's own form.
    func pack() async throws {
        let books = SettlementBooks(try settlement(of: try await book()))
        let signers = try CipherSuite.allCases.map { suite in
            let key = try SigningKey(generating: suite)
            return try PackSigner(
                key,
                certificate: key.selfSigned(
                    commonName: Self.sender, notBefore: 1_300_000_000,
                    notAfter: 2_200_000_000))
        }
        let nation = try BenchmarkSite.nation(arguments)
        let national = [
            (
                id: nation.receiptsID(arguments.suite),
                pem: try nation.receiptsKey(arguments.suite).verifyingKey().pem()
            )
        ]
        let counts = try signedCounts(books.statement, nation)
        let scripts = try ["verify.py", "sample.py"].map { name in
            let path = arguments.mappings + "/evidence/" + name
            return (name: name, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        }
        try? FileManager.default.removeItem(atPath: container)
        let database = try await SQLiteDatabase.open(database, migrations: Site.migrations)
        let (container, moment) = (container, clock())
        try await measure("close: pack", couples: arguments.cases, suite: arguments.suite) {
            let work = Sent((signers, national, scripts))
            let pack = try await database.read { transaction in
                let (signers, national, scripts) = work.value
                let sources = PackSources(
                    sender: Self.sender,
                    receipt: { digest in
                        let rows = try transaction.run(
                            """
                            SELECT signature, signing_key, received, bytes FROM receipt
                            JOIN receipt_body ON receipt_body.digest = receipt.digest
                            WHERE receipt.digest = \(digest)
                            """)
                        guard let row = rows.first else {
                            throw BenchmarkFailure("no receipt \(digest)")
                        }
                        return KeptReceipt(
                            bytes: try row.bytes(3), keyID: try row.text(1),
                            signature: try row.bytes(0),
                            receivedAt: Timestamp(microseconds: try row.int64(2)))
                    }, ledgerHead: try Ledger().head(in: transaction), log: .none,
                    approval: Array(#"{"environment":"rehearsal"}"#.utf8), scripts: scripts,
                    signers: signers, nationalKeys: national, nationalCounts: counts)
                return Sent(
                    try EvidencePack.write(books, from: sources, to: container, at: moment))
            }.value
            try pack.seal(by: signers)
            var count = 0
            try pack.newLines { count += $0.count }
            guard count == books.statement.totalCases else {
                throw BenchmarkFailure("lines are missing")
            }
            try pack.finish()
            let size = try FileManager.default.attributesOfItem(atPath: container)[.size] as? Int
            return Double(size ?? 0)
        }
        await database.close()
    }

    /// The national counts of the statement, as the national side says them.
    private func signedCounts(
        _ statement: Statement, _ nation: NationalIdentity
    ) throws -> KeptReceipt {
        var text = """
            <Counts xmlns="urn:shangbao:reference:1" programme="\(statement.programme)" \
            region="\(statement.division)" from="\(statement.year)-01" to="\(statement.year)-12">
            """
        for count in statement.national ?? [] {
            text += """
                <Count institution="\(count.institution)" month="\(count.month)" \
                accepted="\(count.accepted)" rejected="\(count.rejected)" \
                duplicate="\(count.duplicate)"/>
                """
        }
        let bytes = Array((text + "</Counts>").utf8)
        return KeptReceipt(
            bytes: bytes, keyID: nation.receiptsID(arguments.suite),
            signature: try nation.receiptsKey(arguments.suite).sign(bytes), receivedAt: clock())
    }

    /// `verify.py` over the unpacked pack: its own time and memory.
    func verify() throws {
        let folder = arguments.work + "/close-unpacked"
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try look(["-m", "zipfile", "-e", container, folder], "close: unpack")
        try look([arguments.mappings + "/evidence/verify.py", folder], "close: verify.py")
    }

    private func look(_ words: [String], _ stage: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B"] + words
        let began = Date()
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkFailure("\(stage) failed") }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        print(
            """
            {"stage":"\(stage)","seconds":\(Date().timeIntervalSince(began)),\
            "peakMegabytes":\(usage.ru_maxrss / 1024)}
            """)
    }
}

/// Carries what one thread after the other uses into a database's closure and out again.
private struct Sent<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}
