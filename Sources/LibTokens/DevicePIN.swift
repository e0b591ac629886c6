package import LibCrypto

/// Where the PIN of a device comes from (设备口令). It is read at each log-in and wiped after it;
/// whoever reads from a place that gives it only once keeps it in secure memory.
package struct DevicePIN: Sendable {
    private let reading: @Sendable () throws -> SecretBytes

    /// - Parameter reading: may ask a person, and throws where there is no PIN.
    package init(_ reading: @escaping @Sendable () throws -> SecretBytes) {
        self.reading = reading
    }

    /// Throws `noPIN`.
    func read(for device: String) throws(DeviceFault) -> SecretBytes {
        do { return try reading() } catch {
            throw DeviceFault(.noPIN, device)
        }
    }
}
