import CTokens
package import LibCrypto
import Synchronization

/// A PKCS#11 token that signs with ECDSA on P-256 (v2.40). The key is made in it, and never leaves.
///
/// Nothing is opened before it is needed. A session that is lost is opened anew once; a PIN that
/// was refused is never tried again by this process, so that no service locks a token.
package final class PKCS11Token: SigningDevice, @unchecked Sendable {
    /// Which token of a library.
    package enum Choice: Sendable, Hashable {
        case label(String)
        case slot(UInt)
    }

    package let name: String
    package let suite = CipherSuite.intl
    private let library: String
    private let choice: Choice
    private let label: String
    private let pin: DevicePIN
    // Both are touched under the module's lock only.
    private var session: PKCS11Session?
    private var refusedPIN: DeviceFault?

    /// - Parameters:
    ///   - library: the path of the vendor's library.
    ///   - label: what keys are called in the token.
    package init(
        name: String, library: String, token choice: Choice, label: String, pin: DevicePIN
    ) {
        self.name = name
        self.library = library
        self.choice = choice
        self.label = label
        self.pin = pin
    }

    deinit {
        guard session != nil, let module = try? PKCS11Module.load(library, for: name) else {
            return
        }
        // The last session that closes logs the process out.
        module.lock.withLock { _ in close() }
    }

    package func look(for place: String? = nil) throws(DeviceFault) -> String {
        try withSession(of: place.flatMap(serial)) { (session) throws(PKCS11Refusal) in
            let info = session.info
            return [
                paddedText(info.manufacturerID), paddedText(info.model),
                paddedText(info.serialNumber),
            ].joined(separator: " ")
        }
    }

    package func nextKey(besides known: [[UInt8]]) throws(DeviceFault) -> DeviceKey {
        let label = label
        let (waiting, serial) = try withSession {
            (session) throws(PKCS11Refusal) -> ([UInt8]?, String) in
            for id in try session.ids(labelled: label) {
                if let point = try session.point(id), !known.contains(point) {
                    return (id, session.serial)
                }
            }
            return (nil, session.serial)
        }
        let id: [UInt8]
        if let waiting {
            id = waiting
        } else {
            id = try freshID()
            try withSession(of: serial) { (session) throws(PKCS11Refusal) in
                try session.generate(id: id, label: label)
            }
        }
        let name = id.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let place = serial.isEmpty ? name : "\(name)@\(serial)"
        return DeviceKey(place: place, point: try point(of: place))
    }

    package func point(of place: String) throws(DeviceFault) -> [UInt8] {
        let id = try id(place)
        let (flaw, point) = try withSession(of: serial(place)) {
            (session) throws(PKCS11Refusal) in (try session.flaw(of: id), try session.point(id))
        }
        if let (reason, attribute) = flaw {
            throw DeviceFault(
                reason, name,
                ["\(label) \(place)", attribute].filter { !$0.isEmpty }.joined(separator: " "))
        }
        guard let point else { throw DeviceFault(.noKey, name, "\(label) \(place)") }
        return point
    }

    package func sign(_ digest: [UInt8], with place: String) throws(DeviceFault) -> [UInt8] {
        let id = try id(place)
        let signature = try withSession(of: serial(place)) { (session) throws(PKCS11Refusal) in
            try session.sign(digest, id)
        }
        guard let signature else { throw DeviceFault(.noKey, name, "\(label) \(place)") }
        return signature
    }

    private func id(_ place: String) throws(DeviceFault) -> [UInt8] {
        let digits = Array(place.prefix { $0 != "@" })
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        guard !bytes.isEmpty, bytes.count * 2 == digits.count else {
            throw DeviceFault(.noKey, name, place)
        }
        return bytes
    }

    /// The token's serial number in the place of a key; `nil` where it was taken up without.
    private func serial(_ place: String) -> String? {
        place.firstIndex(of: "@").map { String(place[place.index(after: $0)...]) }
    }

    private func freshID() throws(DeviceFault) -> [UInt8] {
        do throws(CryptoFailure) {
            return try SecretBytes.random(count: 16).withUnsafeBytes { Array($0) }
        } catch { throw DeviceFault(.refused, name, error.detail) }
    }
}

// MARK: - Sessions

extension PKCS11Token {
    /// Does something with the token; once more with a new session where the one that was open is
    /// lost.
    ///
    /// - Parameter serial: of the token that it must be, where that is known.
    private func withSession<Result>(
        of serial: String? = nil, _ work: (PKCS11Session) throws(PKCS11Refusal) -> Result
    ) throws(DeviceFault) -> Result {
        let module = try PKCS11Module.load(library, for: name)
        return try module.lock.withLock { (_) throws(DeviceFault) in
            if let session {
                try refuse(session.serial, besides: serial)
                do throws(PKCS11Refusal) { return try work(session) } catch {
                    guard CK.lost.contains(error.code) else { throw fault(error) }
                    close()
                }
            }
            let session = try opened(module, serial)
            do throws(PKCS11Refusal) { return try work(session) } catch {
                close()
                throw fault(error)
            }
        }
    }

    private func refuse(_ found: String, besides serial: String?) throws(DeviceFault) {
        guard let serial, found != serial else { return }
        throw DeviceFault(.changed, name, "\(found), \(serial)")
    }

    /// Finds the token and logs in; another one of its label is not sent the PIN.
    private func opened(_ module: PKCS11Module, _ serial: String?) throws(DeviceFault)
        -> PKCS11Session
    {
        if let refusedPIN { throw refusedPIN }
        var found = tokens(of: module)
        if found.isEmpty {
            module.restart()
            found = tokens(of: module)
        }
        guard let (slot, info) = found.first else { throw DeviceFault(.absent, name, "\(choice)") }
        guard found.count == 1 else {
            let slots = found.map { "slot \($0.slot)" }.joined(separator: ", ")
            throw DeviceFault(.ambiguous, name, "\(choice): \(slots)")
        }
        try refuse(paddedText(info.serialNumber), besides: serial)
        if info.flags & CK.pinLocked != 0 {
            throw DeviceFault(.lockedPIN, name, "CKF_USER_PIN_LOCKED")
        }
        // A service that is started again and again must not be what locks the token.
        if info.flags & CK.pinFinalTry != 0 {
            throw DeviceFault(.lastTry, name, "CKF_USER_PIN_FINAL_TRY")
        }
        let pin = try pin.read(for: name)
        do throws(PKCS11Refusal) {
            let new = try PKCS11Session(module, slot: slot, info)
            session = new
            try new.logIn(pin)
            return new
        } catch {
            close()
            throw loginFault(error, module)
        }
    }

    private func tokens(of module: PKCS11Module) -> [(slot: UInt, info: CK_TOKEN_INFO)] {
        ((try? module.tokens()) ?? []).filter { slot, info in
            switch choice {
            case .label(let label): paddedText(info.label) == label
            case .slot(let number): slot == number
            }
        }
    }

    /// A wrong PIN is kept in mind; what the token says of the tries that are left is said.
    private func loginFault(_ refusal: PKCS11Refusal, _ module: PKCS11Module) -> DeviceFault {
        let isWrong = CK.wrongPIN.contains(refusal.code)
        guard isWrong || CK.lockedPIN.contains(refusal.code) else { return fault(refusal) }
        let flags = tokens(of: module).first?.info.flags ?? 0
        let marks = [
            (CK.pinCountLow, "CKF_USER_PIN_COUNT_LOW"), (CK.pinFinalTry, "CKF_USER_PIN_FINAL_TRY"),
            (CK.pinLocked, "CKF_USER_PIN_LOCKED"),
        ].filter { flags & $0.0 != 0 }.map(\.1)
        let fault = DeviceFault(
            isWrong ? .wrongPIN : .lockedPIN, name, ([refusal.text] + marks).joined(separator: ", ")
        )
        refusedPIN = fault
        return fault
    }

    private func fault(_ refusal: PKCS11Refusal) -> DeviceFault {
        DeviceFault(CK.away.contains(refusal.code) ? .absent : .refused, name, refusal.text)
    }

    private func close() {
        session?.close()
        session = nil
    }
}
