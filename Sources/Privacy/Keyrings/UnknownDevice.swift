import LibCrypto

/// A device that the ring names and the site's file does not: its keys are listed, and sign
/// nothing.
final class UnknownDevice: SigningDevice {
    let name: String
    let suite: CipherSuite

    init(name: String, suite: CipherSuite) {
        self.name = name
        self.suite = suite
    }

    private var fault: DeviceFault { DeviceFault(.unknown, name) }

    func look(for place: String?) throws(DeviceFault) -> String { throw fault }

    func nextKey(besides known: [[UInt8]]) throws(DeviceFault) -> DeviceKey { throw fault }

    func point(of place: String) throws(DeviceFault) -> [UInt8] { throw fault }

    func sign(_ digest: [UInt8], with place: String) throws(DeviceFault) -> [UInt8] { throw fault }
}
