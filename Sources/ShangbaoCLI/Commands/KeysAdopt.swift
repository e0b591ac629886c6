import ArgumentParser
import Delivery
import Flow
import Foundation
import Privacy
import Records
import Storage

/// After a deliberate restore: the older key ring is the one in force.
struct KeysAdopt: HouseCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "adopt",
            abstract: said("有意恢复旧密钥环之后，重新登记其计数。", "Register a ring restored on purpose."))
    }

    @OptionGroup var reason: ReasonOption
    @OptionGroup var common: SharedOptions

    func perform(_ output: Output) async throws -> ExitStatus {
        let site = try common.openSite()
        // Not refused for its age: that is what this is for.
        let keyring = try site.openKeyring(common.passphrase)
        let decision = reason.decision
        try await site.withDatabase(.guest) { database in
            try await site.register(
                keyring, in: database, by: decision.by, because: decision.because)
        }
        try output.give([
            "counter": "\(keyring.counter)", "by": decision.by, "because": decision.because,
        ])
        output.line(
            "✓ 密钥环计数 \(keyring.counter) 已登记，从此以它为准",
            "✓ the key ring's counter \(keyring.counter) is registered and holds from now on")
        return .done
    }
}
