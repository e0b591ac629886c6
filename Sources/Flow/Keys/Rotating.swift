package import LibCrypto
package import Privacy
import Records
package import Storage

/// A key that took the place of another, or waits to.
package struct RotatedKey: Sendable, Hashable {
    package let entry: KeyEntry
    /// An earlier rotation had not come to its end: it goes on, and no key was made.
    package let isResumed: Bool
}

extension Site {
    /// Puts a new key of a use in force (轮换密钥): first in the ring, then in the ledger and the
    /// register. Ended in between, the next command that binds the database to the ring notes it.
    ///
    /// A signing key is only made ready: it must not sign before the other side knows it. Stored
    /// names and sealed texts are carried over by `NameRotation` and `HomeResealing`.
    ///
    /// - Parameter device: holds the next signing key; its suite is the one that is rotated.
    ///
    /// Throws `KeyFailure` (`state` for the key that names cases), `StorageFailure`, and more.
    package func rotate(
        _ use: KeyUse, _ suite: CipherSuite, _ keyring: inout Keyring, in database: any Database,
        device: (any SigningDevice)? = nil
    ) async throws -> RotatedKey {
        try await bind(database, to: keyring)
        if use == .pidLink, suite == configuration.suite {
            let moment = clock()
            let state = try await database.read { try RekeyBook(in: $0).state(at: moment) }
            guard state != .underWay else { throw RekeyFailure(.underWay) }
        }
        let isUnderWay = try await isUnderWay(use, suite, keyring, in: database)
        let kid: String
        if isUnderWay {
            kid = try keyring.active(use, suite, domain: domain(of: use)).kid
        } else if use == .sign {
            let waiting = keyring.list().first {
                $0.use == .sign && $0.suite == suite && $0.state == .pending
            }
            if let device, waiting?.device != device.name {
                kid = try keyring.add(signingKeyIn: device, on: clock())
            } else {
                kid = try waiting?.kid ?? keyring.add(.sign, suite, on: clock())
            }
        } else {
            kid = try keyring.rotate(use, suite, domain: domain(of: use), on: clock())
        }
        try await check(keyring, in: database)
        guard let entry = keyring.list().first(where: { $0.kid == kid }) else {
            throw KeyFailure(.missing, detail: kid)
        }
        return RotatedKey(entry: entry, isResumed: isUnderWay)
    }

    /// Whether something stored still stands under an earlier key than the newest.
    private func isUnderWay(
        _ use: KeyUse, _ suite: CipherSuite, _ keyring: Keyring, in database: any Database
    ) async throws -> Bool {
        guard suite == configuration.suite else { return false }
        if use.isChained {
            let standing = try await database.read {
                try NamingRegister().standing(of: use, in: $0)
            }
            return standing.map { $0.finished == nil } ?? false
        }
        guard use == .field else { return false }
        let newest = try keyring.active(.field, suite).kid
        let earlier = try keyring.epochs(of: .field, suite).map(\.kid).filter { $0 != newest }
        for kid in earlier {
            let count = try await database.read { try SealedShelf.count(under: kid, in: $0) }
            if count > 0 { return true }
        }
        return false
    }

    private func domain(of use: KeyUse) -> String? { use == .pidLink ? linkDomain : nil }

    /// Moves a key to another state (标记密钥状态). Refused for one that stored things need.
    ///
    /// Throws `KeyFailure` (`state`, `needed`), `CryptoFailure` of a device that holds it and does
    /// not sign, `StorageFailure`, and more.
    package func mark(
        _ kid: String, as state: KeyState, _ keyring: inout Keyring, in database: any Database
    ) async throws {
        try await bind(database, to: keyring)
        guard let entry = keyring.list().first(where: { $0.kid == kid }) else {
            // It is what somebody typed.
            throw KeyFailure(
                .missing, place: keyring.path, detail: PersonalSigns.masked(kid))
        }
        // Their rotation carries stored names over, and an active key is relieved by its next one.
        guard state != .verifyOnly, !(state == .active && entry.use.isChained) else {
            throw KeyFailure(
                .state, place: keyring.path,
                detail: "\(kid): \(entry.state.rawValue) → \(state.rawValue)")
        }
        if entry.state != .pending, state != .active {
            try await refuseNeeded(entry, for: state, keyring, in: database)
        }
        if state == .active {
            // A device that does not sign would hold up everything from here on.
            try keyring.deviceKeys().first { $0.held.kid == kid }?.held.key.prove()
        }
        try keyring.mark(kid, as: state, on: clock())
        try await check(keyring, in: database)
    }

    private func refuseNeeded(
        _ entry: KeyEntry, for state: KeyState, _ keyring: Keyring, in database: any Database
    ) async throws {
        // Without an active key nothing is made any more; without old ones nothing is found.
        let kid = entry.kid
        if entry.use == .pidLink,
            keyring.supersededLinkKeys(entry.suite, domain: entry.domain).contains(entry)
        {
            // The last root's names are made without it; those before are still carried by it.
            let root = try NamingKeys(keyring, entry.suite, linkDomain: entry.domain)
                .epochs.linkRoot
            let count =
                entry.suite == configuration.suite
                ? try await database.read { try NamingRegister().carried(before: root, in: $0) }
                : 0
            guard count == 0 else {
                throw KeyFailure(.needed, place: keyring.path, detail: "\(kid): \(count)")
            }
            return
        }
        let isNaming = entry.use.isChained || entry.use == .caseID
        guard entry.state != .active || isNaming else {
            throw KeyFailure(
                .inForce, place: keyring.path, detail: "\(entry.use.rawValue) \(kid)")
        }
        guard entry.use == .field || entry.use == .sign else {
            throw KeyFailure(.needed, place: keyring.path, detail: kid)
        }
        guard entry.use == .field else { return }
        let count = try await database.read { try SealedShelf.count(under: kid, in: $0) }
        guard count == 0 else {
            throw KeyFailure(.needed, place: keyring.path, detail: "\(kid): \(count)")
        }
    }
}
