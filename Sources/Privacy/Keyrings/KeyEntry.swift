package import LibCrypto
package import Records

/// What a key of the key ring is for. A key never serves two uses.
package enum KeyUse: String, Sendable, Codable, CaseIterable {
    /// Root of the internal join; domain `link/<city>`. Never used for what leaves.
    case pidLink = "pid-link"
    /// Root of everything that leaves; the purpose goes in by its own domain, `out/…`.
    case pidOut = "pid-out"
    /// Names cases (`Record@id`). Never rotated: the names are for good.
    case caseID = "case-id"
    /// Tells whether a case's content changed.
    case content
    /// Seals rows that stay at home.
    case field
    /// Signs: SM2 in `gm`, P-256 in `intl`.
    case sign

    /// The domain of the uses that have only one; `nil` for `pid-link`, whose domain is the city's.
    package var onlyDomain: String? {
        switch self {
        case .pidLink: nil
        case .pidOut: "out/*"
        case .caseID, .content, .field: "home"
        case .sign: "county"
        }
    }

    /// Whether what is stored under an old key is carried over to the next one, step by step: the
    /// old keys are part of every name from then on (`RotationChain`).
    package var isChained: Bool { self == .pidLink || self == .content }

    /// Whether a key that was ever active may come to this. What the ledger or the register holds
    /// could never be found again without the keys that name people and cases.
    func mayEnd(as state: KeyState) -> Bool {
        switch state {
        case .pending, .active, .verifyOnly: true
        case .retired, .compromised, .destroyed: self == .field || self == .sign
        }
    }
}

/// How far a key may still be used (PRIVACY 3.2).
package enum KeyState: String, Sendable, Codable, CaseIterable {
    case pending
    /// Makes new things; exactly one for each use, suite and domain.
    case active
    /// Opens, recomputes and verifies what is old.
    case verifyOnly = "verify-only"
    /// Opens under dual control only.
    case retired
    case compromised
    /// The row stays; the key is gone.
    case destroyed

    /// Whether the gateway may use a key in this state by itself.
    package var isUsable: Bool { self == .active || self == .verifyOnly }

    /// How far on the way it is: no way leads back from a higher one.
    package var stage: Int {
        switch self {
        case .pending: 0
        case .active: 1
        case .verifyOnly: 2
        case .retired: 3
        case .compromised: 4
        case .destroyed: 5
        }
    }

    /// Whether a person may move a key from this state to `next`. No way leads back.
    func mayBecome(_ next: KeyState) -> Bool {
        switch (self, next) {
        case (.pending, .active), (.active, .verifyOnly), (.verifyOnly, .retired): true
        case (.pending, .destroyed), (.retired, .destroyed), (.compromised, .destroyed): true
        case (.destroyed, _), (.compromised, _): false
        case (_, .compromised): true
        default: false
        }
    }
}

/// One line of `shangbao keys list`: all about a key but the key.
package struct KeyEntry: Hashable, Sendable {
    /// Eight random characters of `a-z0-9`, never given again.
    package let kid: String
    package let use: KeyUse
    package let suite: CipherSuite
    package let domain: String
    /// Counts from 1 in each use, suite and domain.
    package let epoch: Int
    package let state: KeyState
    package let created: Timestamp
    /// When it became active; of one that never did, when it was made.
    package let since: Timestamp
    /// For a signing key the SHA-256 of its public key, 64 hex digits; else 8 hex digits of the
    /// keyed digest of its id under itself; `nil` when it is destroyed.
    package let fingerprint: String?
    /// The device that holds it; `nil` for one in the ring's own file.
    package let device: String?
}

/// A secret that the key ring lends, with the names that go beside it.
package struct HeldKey: Sendable {
    package let kid: String
    package let epoch: Int
    /// When it became active.
    package let activated: Timestamp
    package let secret: SecretBytes
    /// Whether its names are made of numbers, not of the names of the epoch before.
    package let isRoot: Bool
    /// Of a key of what leaves, the epoch of the link key whose pseudonyms its own are made of.
    package let base: Int

    /// A key of that id, lent by whoever has it.
    package init(
        kid: String, epoch: Int, activated: Timestamp, secret: SecretBytes, isRoot: Bool = false,
        base: Int = 1
    ) {
        self.base = base
        self.isRoot = isRoot
        self.kid = kid
        self.epoch = epoch
        self.activated = activated
        self.secret = secret
    }
}

/// A signing key that the key ring lends; its id stands beside every signature.
package struct HeldSigningKey: Sendable {
    package let kid: String
    package let key: SigningKey
}
