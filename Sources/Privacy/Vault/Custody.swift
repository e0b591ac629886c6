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
    /// Who left, and keys that somebody had before: what they signed is still verified, and of
    /// the named ones the old key still takes a layer off. Nothing is wrapped to them.
    package let former: [CustodyPerson]
    /// Each pair of two departments in both orders: the outer one's layer is taken off first.
    package let pairs: [(outer: CustodyPerson, inner: CustodyPerson)]

    package init(_ people: [CustodyPerson], former: [CustodyPerson] = []) {
        self.people = people
        self.former = former
        pairs = people.flatMap { outer in
            people.filter { Custody.canPair(outer, $0) }.map { (outer, $0) }
        }
    }

    /// The person of a name.
    package func person(named name: String) -> CustodyPerson? {
        people.first { $0.name == name }
    }

    /// The pairs by their fingerprints: `outer/inner`.
    package var pairNames: Set<String> {
        Set(pairs.map { NestedKey.pairName($0.outer.fingerprint, $0.inner.fingerprint) })
    }

    /// The same with every key that the named people have or had.
    package var pairsOfAnyKey: Set<String> {
        var names: Set<String> = []
        for (outer, inner) in pairs {
            for front in keys(of: outer) {
                names.formUnion(keys(of: inner).map { NestedKey.pairName(front, $0) })
            }
        }
        return names
    }

    /// The person of a name with a key, of now or of before.
    package func person(named name: String, key: String) -> CustodyPerson? {
        (people + former).first { $0.name == name && $0.fingerprint == key }
    }

    /// Whose a key is or was; `nil` for one that is not listed.
    package func person(ofKey key: String) -> CustodyPerson? {
        (people + former).first { $0.fingerprint == key }
    }

    /// Fingerprints of all keys of a named person, of now and of before.
    package func keys(of person: CustodyPerson) -> Set<String> {
        Set((people + former).filter { $0.name == person.name }.map(\.fingerprint))
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
