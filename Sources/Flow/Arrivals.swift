package import Programmes

/// The arrivals of a site, one for each programme that it reports (各项目的接收).
package struct Arrivals: Sendable {
    private let all: [Arrival]

    /// - Parameter all: at least one, the first programme's first.
    package init(_ all: [Arrival]) {
        precondition(!all.isEmpty, "a site reports at least one programme")
        self.all = all
    }

    /// The arrival that takes what a mapping reads.
    package func arrival(for file: MappingFile) -> Arrival {
        guard let arrival = all.first(where: { $0.kit.programme.mapping(at: file.path) != nil })
        else { preconditionFailure("the site let a mapping of another programme pass") }
        return arrival
    }

    /// Takes rows that waited for an answer that is there now; how many went out.
    package func reconsider() async throws -> Int {
        var sent = 0
        for arrival in all {
            try await arrival.kit.approvals.learn(from: arrival.database)
            sent += try await arrival.reassemble().sent
            sent += try await arrival.reconsider()
        }
        return sent
    }

    /// Packs again what the other side could not take, and what a list says is to be resent; how
    /// many submissions were queued.
    package func repack() async throws -> Int {
        var queued = 0
        for arrival in all {
            try await arrival.kit.approvals.learn(from: arrival.database)
            queued += try await arrival.repack()
            queued += try await arrival.resend()
        }
        return queued
    }
}
