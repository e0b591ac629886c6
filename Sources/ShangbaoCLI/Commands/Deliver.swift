import ArgumentParser
import Delivery
import Flow
import Foundation
import Privacy
import Programmes
import Records
import Storage

/// Sends what is due, asks for what is doubtful, fetches what has come.
struct Deliver: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: said("发送到期的报文，并取回回执。", "Send what is due and fetch receipts."))
    }

    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        let stop = StopSignal()
        let limits = RoundLimits().until(stop)
        return try await site.withDatabase { database in
            let exchange = try Exchange(site: site, database: database)
            try await exchange.courier.start()
            try await exchange.openMendedLane()
            // Cases whose part is there, left by a run that was cut short, are to go too.
            if try await database.read({ try Register().hasDueLeads(in: $0) }) {
                let keyring = try await common.openKeyring(of: site)
                _ = try await site.arrivals(database, exchange.outbox, keyring).reconsider()
            }
            let delivering = Delivering(exchange: exchange, database: database, output: output)
            var result = try await delivering.deliver(limits)
            // What the answers set free goes with the same command.
            while result.receipts > 0, !stop.isRaised {
                let free = try await SetFree(site, exchange.outbox, database) {
                    try await common.openKeyring(of: site)
                }
                if free.isNothing { break }
                result.add(try await delivering.deliver(limits))
            }
            try output.give(result)
            delivering.show(result)
            return result.status
        }
    }
}
