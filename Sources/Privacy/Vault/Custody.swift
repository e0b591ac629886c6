package import LibCrypto

/// Somebody who has a part in opening the identity vault (身份保管库), with his own SM2 key.
package struct CustodyPerson: Sendable {
    /// What he may do.
    package enum Role: String, Sendable, CaseIterable {
        /// The privacy officer (隐私负责人): approves.
        case officer
        /// A custodian (保管人): approves.
        case custodian
        /// The director (负责人): approves in an emergency alone.
        case director
        /// Asks, and approves nothing (经办人).
        case requester
    }

    package let name: String
    package let department: String
    package let role: Role
    /// SHA-256 of the public key's DER, hex.
    package let fingerprint: String
    /// Under which data keys are wrapped to him.
    package let wrapping: WrappingKey
    /// Checks what he signed.
    package let verifying: VerifyingKey

    /// - Parameter pem: his public key.
    /// - Throws: `badKey` for any key but SM2: only SM2 both signs and unwraps here.
    package init(
        name: String, department: String, role: Role, pem: String
    ) throws(CryptoFailure) {
        self.name = name
        self.department = department
        self.role = role
        verifying = try VerifyingKey(pem: pem)
        guard verifying.suite == .gm else { throw CryptoFailure(.badKey, "not an SM2 key") }
        wrapping = try WrappingKey(pem: pem)
        fingerprint = try wrapping.fingerprint()
    }
}

/// Those who have a part in opening the vault, and which two of them open it together.
package struct Custody: Sendable {
    package let people: [CustodyPerson]
    /// Each pair of two departments in both orders: the outer one's layer is taken off first.
    package let pairs: [(outer: CustodyPerson, inner: CustodyPerson)]

    package init(_ people: [CustodyPerson]) {
        self.people = people
        pairs = people.flatMap { outer in
            people.filter { Custody.canPair(outer, $0) }.map { (outer, $0) }
        }
    }

    /// The person of a name.
    package func person(named name: String) -> CustodyPerson? {
        people.first { $0.name == name }
    }

    /// Whether two people may open together: of two departments, and the director only beside an
    /// officer or a custodian.
    package static func canPair(_ one: CustodyPerson, _ other: CustodyPerson) -> Bool {
        one.department != other.department && one.fingerprint != other.fingerprint
            && one.role != .requester && other.role != .requester
            && (one.role != .director || other.role != .director)
    }
}

/// A person's own private key, which signs and unwraps. In memory for one command.
package struct CustodyKey: Sendable {
    package let signing: SigningKey
    package let unwrapping: UnwrappingKey
    /// SHA-256 of the public key's DER, hex.
    package let fingerprint: String

    /// - Parameter pem: PKCS#8 without a passphrase.
    /// - Throws: `badKey` for any key but SM2.
    package init(pem: SecretBytes) throws(CryptoFailure) {
        signing = try SigningKey(pem: pem)
        unwrapping = try UnwrappingKey(pem: pem)
        fingerprint = try signing.verifyingKey().fingerprint()
    }
}
