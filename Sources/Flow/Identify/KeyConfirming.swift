import Evidence
import LibCrypto
package import Privacy
import Records
package import Storage

/// A changed or new key of custody holds once somebody whose own key is noted says so (确认公钥).
extension IdentifyDesk {
    /// Confirms a person's key, department and role as they are listed now. Of one who is no longer
    /// listed, what was found is put aside.
    ///
    /// - Parameters:
    ///   - person: whose key it is.
    ///   - name: who says so: a noted officer, custodian or director; his noted key is what counts.
    /// - Throws: `IdentifyFailure`, `CryptoFailure`, `StorageFailure`.
    package func confirm(
        _ person: String, by name: String, with key: CustodyKey, because: String
    ) async throws -> KeyConfirmation {
        try await guarded("", by: name, key.fingerprint) { transaction, now in
            let list = try custody.people.map(KeyBook.Listed.init)
            let book = try KeyBook.note(list, of: .custody, at: now, in: transaction)
            // Noted, and listed still: who left vouches for nobody.
            guard custody.people.contains(where: { $0.name == name }),
                let signer = try book.person(named: name)
            else { throw IdentifyFailure(.who, place: name) }
            guard signer.fingerprint == key.fingerprint else {
                throw IdentifyFailure(.key, place: name)
            }
            guard signer.role != .requester else { throw IdentifyFailure(.role, place: name) }
            return try book.confirm(
                person, in: list, of: region,
                by: KeyBook.Voucher(
                    name: name, key: key.signing, fingerprint: key.fingerprint, because: because),
                at: now, in: transaction)
        }
    }

    /// Refuses while a key of these people is not confirmed; of anybody where none is named.
    /// Throws `IdentifyFailure`, `StorageFailure`, `DecodingError`.
    func demandConfirmed(_ name: String? = nil, in transaction: any Transaction) throws {
        let names = try unconfirmed(in: transaction)
        let found = name.map { names.contains($0) ? [$0] : [] } ?? names
        guard found.isEmpty else {
            throw IdentifyFailure(.unconfirmed, place: found.joined(separator: "、"))
        }
    }

    /// Whose keys are not confirmed. Throws `StorageFailure`, `DecodingError`, `CryptoFailure`.
    func unconfirmed(in transaction: any Transaction) throws -> [String] {
        try KeyBook(.custody, in: transaction).unconfirmed(
            in: custody.people.map(KeyBook.Listed.init))
    }

    /// Who opens the vault together now. Throws as `unconfirmed` does.
    func inForce(in transaction: any Transaction) throws -> Custody {
        try KeyBook(.custody, in: transaction).inForce(custody)
    }

    /// What is new of the people's keys, to be written down. Throws as `unconfirmed` does.
    func keyNews(in transaction: any Transaction, _ now: Timestamp) throws -> [Fact.PersonKey] {
        try KeyBook(.custody, in: transaction).news(
            of: custody.people.map(KeyBook.Listed.init), at: now)
    }
}

extension KeyBook {
    /// Somebody whose own key is noted, and who says that another's is right.
    struct Voucher {
        let name: String
        let key: SigningKey
        /// SHA-256 of his public key, hex.
        let fingerprint: String
        let because: String
    }

    /// Writes down that a person's key is right as it is listed, signed by one who may say so. Of
    /// one who is no longer listed, what was found is put aside.
    ///
    /// Throws `IdentifyFailure` (`confirmed`) where nothing of him waits; `CryptoFailure`,
    /// `StorageFailure`, `DecodingError`, `EncodingError`.
    func confirm(
        _ person: String, in list: [Listed], of region: String, by voucher: Voucher,
        at now: Timestamp, in transaction: any Transaction
    ) throws -> KeyConfirmation {
        let (about, isListed) = try waiting(person, in: list)
        let words = KeyWords(
            roll: roll.rawValue, region: region, name: about.name, department: about.department,
            role: about.role, key: about.key, by: voucher.name, signer: voucher.fingerprint,
            because: voucher.because, at: now
        ).canonical
        let fact = Fact.PersonKey(
            roll: roll, step: isListed ? .confirmed : .withdrawn, name: about.name,
            department: about.department, role: about.role, key: about.key, pem: about.pem,
            by: voucher.name, because: voucher.because,
            text: String(decoding: words, as: UTF8.self),
            signature: Base64.standard.encode(try voucher.key.sign(words)),
            signer: voucher.fingerprint)
        try Ledger().append([.personKey(fact)], at: now, in: transaction)
        let after = try KeyBook.note(list, of: roll, at: now, in: transaction)
        return KeyConfirmation(
            name: about.name, key: about.key, isListed: isListed,
            left: after.unconfirmed(in: list))
    }

    /// What waits to be confirmed of a person, and whether it is listed still. Throws
    /// `IdentifyFailure` (`confirmed`).
    func waiting(
        _ person: String, in list: [Listed]
    ) throws(IdentifyFailure) -> (about: Listed, isListed: Bool) {
        guard unconfirmed(in: list).contains(person) else {
            throw IdentifyFailure(.confirmed, place: person)
        }
        if let listed = list.first(where: { $0.name == person }) { return (listed, true) }
        guard let found = open[person]?.listed else {
            throw IdentifyFailure(.confirmed, place: person)
        }
        return (found, false)
    }
}

/// A key that somebody confirmed.
package struct KeyConfirmation: Sendable, Encodable {
    package let name: String
    /// SHA-256 of the public key, hex.
    package let key: String
    /// `false` for one who is no longer listed: what was found is put aside.
    package let isListed: Bool
    /// Whose keys are still to be confirmed.
    package let left: [String]
}

extension Site {
    /// Notes the keys of those who open the vault and of those who approve mappings, and gives the
    /// vault for those who hold; `nil` where the site keeps none.
    ///
    /// Throws `DefinitionError`, `CryptoFailure`, `StorageFailure`.
    package func notedVault(in database: any Database) async throws -> IdentityVault? {
        let custody = try custody()
        let people = try custody?.people.map(KeyBook.Listed.init)
        let officers = try officers().map(KeyBook.Listed.init)
        let now = clock()
        let isNew = try await database.read { transaction in
            let custodyNews = try people.map {
                try KeyBook(.custody, in: transaction).news(of: $0, at: now)
            }
            return try custodyNews?.isEmpty == false
                || !KeyBook(.officers, in: transaction).news(
                    of: officers, at: now
                ).isEmpty
        }
        if isNew {
            try await database.write { transaction in
                if let people {
                    _ = try KeyBook.note(people, of: .custody, at: now, in: transaction)
                }
                _ = try KeyBook.note(officers, of: .officers, at: now, in: transaction)
            }
        }
        guard let custody else { return nil }
        return IdentityVault(
            custody: try await database.read { transaction in
                try KeyBook(.custody, in: transaction).inForce(custody)
            })
    }
}
