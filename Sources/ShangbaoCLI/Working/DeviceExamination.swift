import Flow
import LibCrypto
import Privacy
import Records

extension Examination {
    /// Whether the devices are there and do what they should: each says what it is, and each of
    /// its keys signs 32 random bytes, which the public half in the ring verifies.
    mutating func devices(_ site: Site, _ keyring: Keyring) {
        var failed: Set<String> = []
        for device in site.devices {
            let what = said("密码设备 ", "device ") + device.name
            do throws(DeviceFault) {
                let held = keyring.deviceKeys().first { $0.device == device.name }?.held
                note(
                    true, what,
                    "\(device.suite.rawValue), \(try device.look(for: held?.key.place))")
            } catch {
                failed.insert(device.name)
                note(KeyFailure(error), what)
            }
        }
        // What a device that does not answer would say of its keys has been said.
        for (device, held) in keyring.deviceKeys() where !failed.contains(device) {
            let what = said("密钥 ", "key ") + "\(held.kid) (\(device))"
            do {
                try held.key.prove()
                note(true, what, said("签名核验无误", "signs, and the signature verifies"))
            } catch { note(error, what) }
        }
    }
}
