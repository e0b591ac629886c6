/// Something that holds private keys and signs with them, and lets none of them out (密码设备): a
/// PKCS#11 token, or a cipher machine by its SDF interface.
///
/// May be shared between threads.
package protocol SigningDevice: AnyObject, Sendable {
    /// As the site's file calls it.
    var name: String { get }
    /// In which its keys sign.
    var suite: CipherSuite { get }

    /// Logs in, or finds that it is still logged in, and says what device it is: maker, model,
    /// serial number, as it gives them.
    ///
    /// - Parameter place: of a key that it should hold: another device of that name is not given
    ///   the PIN.
    func look(for place: String?) throws(DeviceFault) -> String

    /// A key pair for signing that is not among `known`: one that waits in the device, else one
    /// that is made there, where the interface can.
    ///
    /// - Parameter known: the points of the keys that the ring has, 64 bytes each.
    func nextKey(besides known: [[UInt8]]) throws(DeviceFault) -> DeviceKey

    /// The public half as the device has it: x‖y, 64 bytes.
    func point(of place: String) throws(DeviceFault) -> [UInt8]

    /// Signs a digest of 32 bytes.
    ///
    /// - Parameter place: which key, as `DeviceKey.place` says it.
    /// - Returns: r‖s, 64 bytes.
    func sign(_ digest: [UInt8], with place: String) throws(DeviceFault) -> [UInt8]
}

/// A key pair in a device, as the outside knows it.
package struct DeviceKey: Sendable, Hashable {
    /// Which one: the id of an object (hexadecimal), or the index of a key.
    package let place: String
    /// The public half: x‖y, 64 bytes.
    package let point: [UInt8]

    /// What a device says of one of its keys.
    package init(place: String, point: [UInt8]) {
        self.place = place
        self.point = point
    }
}

/// Why a device did not do what it was asked for. It never holds a PIN.
package struct DeviceFault: Error, Sendable, Hashable {
    /// What a person can tell apart, and does different things about.
    package enum Reason: String, Sendable, CaseIterable {
        /// The library is not there, or the system does not load it.
        case noLibrary
        /// Others than root and we may change the library.
        case exposed
        /// The library lacks a function of the interface.
        case notOurs
        /// The site's file does not name the device that the ring names.
        case unknown
        /// No token, no machine, or no connection to it.
        case absent
        /// Several answer to its name.
        case ambiguous
        /// Nobody gave a PIN.
        case noPIN
        case wrongPIN
        /// One try is left before the device locks itself: none is made.
        case lastTry
        /// The device takes no PIN any more, until somebody sets it free.
        case lockedPIN
        /// No key at this place.
        case noKey
        /// A key of another kind, or one that could be taken out.
        case otherKind
        /// A key that was brought in from outside.
        case imported
        /// The index holds a key that the ring has already.
        case used
        /// The public half in the device is not the one in the ring, or it is another device.
        case changed
        /// A signature that does not fit the public half.
        case wrongSignature
        /// The device refused for another reason.
        case refused
    }

    package let reason: Reason
    /// The device as the site's file calls it.
    package let device: String
    /// The function and the device's own code: `C_Login CKR_PIN_INCORRECT`.
    package let detail: String

    /// A fault of a device. `detail` names a function, a code or a key, never a secret.
    package init(_ reason: Reason, _ device: String, _ detail: String = "") {
        self.reason = reason
        self.device = device
        self.detail = detail
    }
}
