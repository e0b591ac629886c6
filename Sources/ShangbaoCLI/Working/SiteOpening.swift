import Delivery
import Flow
import Foundation
import Privacy
import Programmes
import Records
import Storage

extension SharedOptions {
    /// Reads the site's file and the catalogue, and writes down that somebody did.
    ///
    /// - Parameter isAudited: not where nothing of anybody is shown or changed.
    func openSite(isAudited: Bool = true) throws -> Site {
        let folder = siteFolder
        guard FileManager.default.fileExists(atPath: folder + "/" + Configuration.fileName) else {
            throw CommandFailure(.noSite, place: folder)
        }
        let site = try Site(folder: folder, clock: systemClock, pins: pins)
        if isAudited { try CommandAudit.current.begin(site) }
        return site
    }

    /// Opens the key ring; one that is older than the ledger knows, or another, is refused.
    func openKeyring(of site: Site) async throws -> Keyring {
        try await site.openKnownKeyring(passphrase)
    }
}

extension Site {
    /// Opens the database for one command, and gives it back whatever happens.
    func withDatabase<Outcome>(
        _ stay: Stay = .alone, checkpointed: @escaping CheckpointHook = {},
        _ work: (any SteadyDatabase) async throws -> Outcome
    ) async throws -> Outcome {
        let database = try await openDatabase(stay, checkpointed: checkpointed)
        do {
            let outcome = try await work(database)
            await database.close()
            return outcome
        } catch {
            await database.close()
            throw error
        }
    }

    /// Looks into the database for one command that changes nothing, also while another process
    /// works on it.
    func withView<Outcome>(_ work: (any SteadyDatabase) async throws -> Outcome) async throws
        -> Outcome
    {
        let view = try await openView()
        do {
            let outcome = try await work(view)
            await view.close()
            return outcome
        } catch {
            await view.close()
            throw error
        }
    }

    /// Everything that takes items in.
    func arrivals(_ database: any SteadyDatabase, _ outbox: Outbox, _ keyring: Keyring) async throws
        -> Arrivals
    {
        try await bind(database, to: keyring)
        // What never left may be taken back; a database that was put back may not know what has.
        try await wireGuard(database, outbox).learn()
        let vault = try await notedVault(in: database)
        return Arrivals(
            try programmes.map { part in
                let kit = try preparationKit(keyring, for: part, vault: vault)
                return Arrival(
                    database: database, outbox: outbox, kit: kit, desks: try desks(kit),
                    clock: clock)
            })
    }

    /// A path below the site's folder as its file would name it.
    func shown(_ path: String) -> String {
        path.hasPrefix(configuration.folder + "/")
            ? String(path.dropFirst(configuration.folder.count + 1)) : path
    }
}
