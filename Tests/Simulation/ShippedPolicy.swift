import Delivery
import Programmes
import TestKit

/// The retry rules that the reference profile names, read from its file.
private let shippedPolicy: RetryPolicy = {
    do {
        return try RetryFile.policy(named: "exchange/retry", below: Project.mappings)
    } catch {
        preconditionFailure("\(error)")
    }
}()

extension Outbox {
    init(epoch: String) { self.init(epoch: epoch, policy: shippedPolicy) }
}
