import Flow
import Foundation
import LibCrypto
import Operations
import Privacy
import Records

/// Asks the devices that hold the signing keys in force whether they still sign (设备自查). What they
/// hold up waits meanwhile where it came in: a clinic's file is tried again in each round.
struct DeviceWatch: Sendable {
    let serving: Serving

    /// Nobody waits for it: a device that hangs is told of by those who do.
    func look() {
        let keys = serving.keyring.deviceKeys()
            .filter { key in
                serving.keyring.list().contains { $0.kid == key.held.kid && $0.state == .active }
            }
        guard !keys.isEmpty else { return }
        Task {
            let before = serving.state.now.devices
            guard let found = await serving.state.tryDevices(by: { await tried(keys) }) else {
                return
            }
            for (device, code) in found where before[device] != code {
                guard let entry = privacyCodes.first(where: { $0.code == code }) else { continue }
                serving.log.error(.failed, entry, place: device)
            }
        }
    }

    /// The codes of the devices that do not sign, by their names.
    private func tried(_ keys: [(device: String, held: HeldSigningKey)]) async -> [String: String] {
        // Asking takes a network in most cases: not on a thread that others share.
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                var faults: [String: String] = [:]
                for (device, held) in keys where faults[device] == nil {
                    do { try held.key.prove() } catch {
                        faults[device] = Explanation(error).entry.code
                    }
                }
                continuation.resume(returning: faults)
            }
        }
    }
}
