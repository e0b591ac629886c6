import CTokens
package import LibCrypto
import Synchronization

/// A cipher machine (密码机) that signs by SM2 with the key of an index inside it (GM/T 0018). The
/// digest with the signer's id is made here; the machine gets 32 bytes.
///
/// Nothing is opened before it is needed. What fails with an open session is tried once more with
/// a new one; a PIN that was refused is never tried again by this process.
package final class SDFMachine: SigningDevice, @unchecked Sendable {
    /// An open session, with the right to use the keys of some indexes.
    private struct Session {
        let device: UnsafeMutableRawPointer
        let handle: UnsafeMutableRawPointer
        var allowed: Set<UInt32> = []
    }

    package let name: String
    package let suite = CipherSuite.gm
    private let path: String
    private let index: UInt32
    private let pin: DevicePIN
    private let lock = Mutex(())
    // All three are touched under the lock only.
    private var library: SDFLibrary?
    private var session: Session?
    private var refusedPIN: DeviceFault?

    /// - Parameters:
    ///   - library: the path of the vendor's library.
    ///   - index: of the key that `nextKey` takes.
    package init(name: String, library: String, index: UInt32, pin: DevicePIN) {
        self.name = name
        path = library
        self.index = index
        self.pin = pin
    }

    deinit {
        if let library { close(library) }
    }

    package func look(for place: String? = nil) throws(DeviceFault) -> String {
        try withSession { (library, session) throws(SDFRefusal) in
            var info = DEVICEINFO()
            try SDFRefusal.check(library.deviceInfo(session.handle, &info), "GetDeviceInfo")
            return [
                paddedText(info.IssuerName), paddedText(info.DeviceName),
                paddedText(info.DeviceSerial),
            ].joined(separator: " ")
        }
    }

    package func nextKey(besides known: [[UInt8]]) throws(DeviceFault) -> DeviceKey {
        let key = DeviceKey(place: String(index), point: try point(of: String(index)))
        // The interface makes no key at an index: the vendor's own tool does.
        guard !known.contains(key.point) else { throw DeviceFault(.used, name, "\(index)") }
        return key
    }

    package func point(of place: String) throws(DeviceFault) -> [UInt8] {
        let index = try index(place)
        let key = try withSession { (library, session) throws(SDFRefusal) in
            var key = ECCrefPublicKey()
            try SDFRefusal.check(
                library.exportKey(session.handle, index, &key), "ExportSignPublicKey_ECC")
            return key
        }
        guard key.bits == 256 else { throw DeviceFault(.otherKind, name, "\(key.bits) bits") }
        return lastHalf(key.x) + lastHalf(key.y)
    }

    package func sign(_ digest: [UInt8], with place: String) throws(DeviceFault) -> [UInt8] {
        let index = try index(place)
        let signature = try withSession(using: index) { (library, session) throws(SDFRefusal) in
            var (digest, signature) = (digest, ECCSignature())
            try SDFRefusal.check(
                library.sign(session.handle, index, &digest, UInt32(digest.count), &signature),
                "InternalSign_ECC")
            return signature
        }
        return lastHalf(signature.r) + lastHalf(signature.s)
    }

    private func index(_ place: String) throws(DeviceFault) -> UInt32 {
        guard let index = UInt32(place) else { throw DeviceFault(.noKey, name, place) }
        return index
    }

    /// The last 32 bytes of a field of 64.
    private func lastHalf<Field>(_ field: Field) -> [UInt8] {
        withUnsafeBytes(of: field) { Array($0.suffix(32)) }
    }
}

// MARK: - Sessions

extension SDFMachine {
    /// Does something with the machine; once more with a new session where an open one failed.
    ///
    /// - Parameter index: of a private key that it takes, if any.
    private func withSession<Result>(
        using index: UInt32? = nil,
        _ work: (SDFLibrary, Session) throws(SDFRefusal) -> Result
    ) throws(DeviceFault) -> Result {
        try lock.withLock { (_) throws(DeviceFault) in
            let library = try loaded()
            if let session, index.map(session.allowed.contains) ?? true {
                do throws(SDFRefusal) { return try work(library, session) } catch {
                    // What makes a session invalid has no number of its own in the standard.
                    guard !error.isNoKey, !error.isOtherKind else { throw fault(error) }
                    close(library)
                }
            }
            var session = try opened(library)
            if let index, session.allowed.insert(index).inserted {
                try gainAccess(to: index, in: session, library)
                self.session = session
            }
            do throws(SDFRefusal) { return try work(library, session) } catch {
                if !error.isNoKey, !error.isOtherKind { close(library) }
                throw fault(error)
            }
        }
    }

    private func loaded() throws(DeviceFault) -> SDFLibrary {
        if let refusedPIN { throw refusedPIN }
        if let library { return library }
        let new = try SDFLibrary(path, for: name)
        library = new
        return new
    }

    private func opened(_ library: SDFLibrary) throws(DeviceFault) -> Session {
        if let session { return session }
        var (device, handle): (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?)
        do throws(SDFRefusal) {
            try SDFRefusal.check(library.openDevice(&device), "OpenDevice")
            do throws(SDFRefusal) {
                try SDFRefusal.check(library.openSession(device, &handle), "OpenSession")
            } catch {
                _ = library.closeDevice(device)
                throw error
            }
        } catch { throw DeviceFault(.absent, name, error.text) }
        guard let device, let handle else { throw DeviceFault(.absent, name, "SDF_OpenSession") }
        let new = Session(device: device, handle: handle)
        session = new
        return new
    }

    private func gainAccess(
        to index: UInt32, in session: Session, _ library: SDFLibrary
    ) throws(DeviceFault) {
        let pin = try pin.read(for: name)
        let answer = pin.withUnsafeBytes { bytes in
            // Declared mutable, and only read.
            library.getAccess(
                session.handle, index,
                UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress),
                UInt32(bytes.count))
        }
        do throws(SDFRefusal) {
            try SDFRefusal.check(answer, "GetPrivateKeyAccessRight")
        } catch {
            close(library)
            let fault = fault(error)
            if error.isDenied { refusedPIN = fault }
            throw fault
        }
    }

    private func close(_ library: SDFLibrary) {
        guard let session else { return }
        for index in session.allowed { _ = library.releaseAccess(session.handle, index) }
        _ = library.closeSession(session.handle)
        _ = library.closeDevice(session.device)
        self.session = nil
    }

    private func fault(_ refusal: SDFRefusal) -> DeviceFault {
        let reason: DeviceFault.Reason =
            if refusal.isDenied {
                refusal.function == "GetPrivateKeyAccessRight" ? .wrongPIN : .refused
            } else if refusal.isNoKey {
                .noKey
            } else if refusal.isOtherKind {
                .otherKind
            } else {
                refusal.isAway ? .absent : .refused
            }
        return DeviceFault(reason, name, refusal.text)
    }
}
