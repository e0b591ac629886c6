import Delivery
import Programmes
import Records
import TestKit

/// The retry rules that the reference profile names, read from its file.
let shippedPolicy: RetryPolicy = {
    do {
        return try RetryFile.policy(named: "exchange/retry", below: Project.mappings)
    } catch {
        preconditionFailure("\(error)")
    }
}()

/// The shipped rules with something else in them.
func policy(_ change: (inout RetryRules) -> Void) throws -> RetryPolicy {
    var rules = shippedPolicy.rules
    change(&rules)
    return try RetryPolicy(name: "changed", rules)
}

extension Outbox {
    init(
        epoch: String, latestSend: @escaping @Sendable (Parcel) -> Timestamp? = { _ in nil }
    ) {
        self.init(epoch: epoch, policy: shippedPolicy, latestSend: latestSend)
    }
}
