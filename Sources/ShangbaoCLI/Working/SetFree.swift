import Delivery
import Flow
import Privacy
import Records
import Storage

/// What answers set free (因回执可以继续的): rows that waited for one, submissions to be packed again.
struct SetFree {
    private(set) var released = 0
    private(set) var repacked = 0

    var isNothing: Bool { released + repacked == 0 }

    /// Queues what may go on now.
    ///
    /// - Parameter keyring: asked for only where there is something to pack.
    init(
        _ site: Site, _ outbox: Outbox, _ database: any SteadyDatabase,
        keyring: () async throws -> Keyring
    ) async throws {
        let now = site.clock()
        let hasMore = try await database.read { transaction in
            try Register().hasMore(outbox, in: transaction)
                || Register().hasDueLeads(in: transaction)
                || !outbox.repackable(now: now, in: transaction).isEmpty
                || !outbox.resendTurns(now: now, in: transaction).isEmpty
        }
        guard hasMore else { return }
        let arrivals = try await site.arrivals(database, outbox, try await keyring())
        released = try await arrivals.reconsider()
        repacked = try await arrivals.repack()
    }
}
