import Definitions
import Flow
import Foundation
import LibCrypto
import LibSSH
import Privacy
import Programmes
import Records
import Rehearsal

/// The pretend national side of one rehearsal site: its identity and ledger lie in `national/` of
/// the site, its port is that of the site's own file.
struct NationalSide {
    let system: NationalSystem
    private let identity: NationalIdentity
    private let port: Int
    private let clock: Clock
    /// Where it is reached by SFTP: its server and its door.
    private let drop: (server: DropRehearsal, door: RehearsalDrop, settings: SFTPSettings)?

    static func folder(of site: Site) -> String { site.configuration.folder + "/national" }

    /// Opens it, and registers the county's public keys with it.
    static func open(
        for site: Site, _ keyring: Keyring, mode: AnswerMode = .atOnce,
        faults: FaultScript = FaultScript()
    ) async throws -> NationalSide {
        let configuration = site.configuration
        guard configuration.environment == .rehearsal else { throw CommandFailure(.notRehearsal) }
        if case .assisted = configuration.national.way { throw AssistedFailure(.rehearsal) }
        guard let port = URL(string: configuration.national.address)?.port else {
            throw CommandFailure(.port, place: configuration.national.address)
        }
        let identity = try NationalIdentity.create(
            folder: folder(of: site), sender: configuration.county.creditCode,
            region: configuration.county.region, moment: site.clock())
        var keys: [String: String] = [:]
        // Those of earlier epochs too: what they signed may still be on its way.
        for (kid, key) in try keyring.verifyingKeys() { keys[kid] = try key.pem() }
        var counties: [RegisteredCounty] = []
        var schemas: [String: NationalSystem.Schema] = [:]
        let programmes = Set(site.catalogue.programmes.map(\.dictionary.programme))
        counties.append(
            try RegisteredCounty(
                sender: configuration.county.creditCode, region: configuration.county.region,
                programmes: programmes, signingKeys: keys))
        for programme in site.catalogue.programmes {
            for profile in programme.profiles where profile.name == site.profile.name {
                let xsd = GeneratedFiles.all(of: programme, for: profile).first {
                    $0.path.hasSuffix("submission.xsd")
                }
                schemas[programme.dictionary.programme] = NationalSystem.Schema(
                    main: Array((xsd?.text ?? "").utf8))
            }
        }
        let system = try await NationalSystem.open(
            NationalSystem.Setting(
                identity: identity, counties: counties, schemas: schemas,
                profile: site.profile.name, clock: site.clock),
            ledgerFile: folder(of: site) + "/ledger.db", mode: mode, faults: faults)
        guard case .sftp(let place) = configuration.national.way else {
            return NationalSide(
                system: system, identity: identity, port: port, clock: site.clock, drop: nil)
        }
        let server = DropRehearsal(folder: folder(of: site) + "/sftp")
        let door = try RehearsalDrop(
            system: system, sender: configuration.county.creditCode, folder: server.drop)
        return NationalSide(
            system: system, identity: identity, port: port, clock: site.clock,
            drop: (server, door, place.settings))
    }

    /// Answers requests while `work` runs.
    func serving<Outcome: Sendable>(_ work: @Sendable () async throws -> Outcome) async throws
        -> Outcome
    {
        if let drop {
            let process = try drop.server.start(port: port)
            defer { process.terminate() }
            try await wait(for: drop.settings)
            return try await serving(drop.door, work)
        }
        let (ready, told) = AsyncStream.makeStream(of: Bool.self)
        let server = RehearsalServer(
            desk: system, identity: identity, port: port, clock: clock,
            listening: { _ in told.yield(true) })
        let serving = Task {
            defer { told.finish() }
            try await server.run()
        }
        var isListening = false
        for await word in ready {
            isListening = word
            break
        }
        guard isListening else {
            await system.close()
            throw CommandFailure(.port, place: "localhost:\(port)")
        }
        do {
            let outcome = try await work()
            await close(serving)
            return outcome
        } catch {
            await close(serving)
            throw error
        }
    }

    /// Looks into the drop once a second while `work` runs.
    private func serving<Outcome: Sendable>(
        _ door: RehearsalDrop, _ work: @Sendable () async throws -> Outcome
    ) async throws -> Outcome {
        let serving = Task {
            while !Task.isCancelled {
                // What could not be read or written is tried again with the next look.
                try? await door.round()
                try await Task.sleep(for: .seconds(1))
            }
        }
        do {
            let outcome = try await work()
            await close(serving)
            return outcome
        } catch {
            await close(serving)
            throw error
        }
    }

    /// Waits until somebody answers, whoever it says it is: five seconds at most.
    private func wait(for settings: SFTPSettings) async throws {
        for _ in 0..<50 {
            do throws(SFTPFailure) {
                _ = try SFTPSession.open(settings)
                return
            } catch {
                if error != .unreachable { return }
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        await system.close()
        throw CommandFailure(.port, place: "localhost:\(port)")
    }

    private func close(_ serving: Task<Void, any Error>) async {
        serving.cancel()
        _ = try? await serving.value
        await system.close()
    }
}
