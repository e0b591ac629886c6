import Evidence
import LibCrypto
package import Privacy
import Records
import Storage

/// Two people take the two layers off (两人审批), each with his own key.
extension IdentifyDesk {
    /// Approves a request. The first one takes the outer layer off; the second one the inner one,
    /// and closes the rows that were asked for, and no others, to the requester's own key.
    ///
    /// - Throws: `IdentifyFailure`, `CryptoFailure`, `StorageFailure`.
    package func approve(
        _ id: String, by name: String, with key: CustodyKey
    ) async throws -> IdentifyReading {
        try await step(id, by: name, with: key) { turn in
            let (found, request) = (turn.found, turn.request)
            guard !found.isReviewedEarly else { throw IdentifyFailure(.state, place: id) }
            switch found.state(at: turn.now) {
            case .asked, .half: break
            case .expired: throw IdentifyFailure(.expired, place: id)
            case .open, .closed, .refused: throw IdentifyFailure(.state, place: id)
            }
            try demand(turn.person, mayApprove: request, after: found)
            try demandConfirmed(in: turn.transaction)
            let isFirst = found.approvals.isEmpty
            if isFirst {
                try openOuter(of: request, by: turn.person, key, in: turn.transaction)
            } else {
                try openInner(of: request, by: turn.person, key, in: turn.transaction)
            }
            try sign(.approve, .approved, result: isFirst ? "first" : "second", turn)
        }
    }

    /// Throws `IdentifyFailure` where somebody may not approve a request next.
    func demand(
        _ person: CustodyPerson, mayApprove request: IdentifyRequest,
        after found: IdentifyBook.Case
    ) throws(IdentifyFailure) {
        guard person.name != request.requester, person.fingerprint != request.key else {
            throw IdentifyFailure(.own, place: person.name)
        }
        guard isApprover(person, of: request) else {
            throw IdentifyFailure(.role, place: person.name)
        }
        for (fact, _) in found.approvals {
            guard let other = custody.person(named: fact.by) else {
                throw IdentifyFailure(.changed, place: request.id)
            }
            guard other.name != person.name, other.fingerprint != person.fingerprint else {
                throw IdentifyFailure(.twice, place: person.name)
            }
            guard other.department != person.department else {
                throw IdentifyFailure(.department, place: person.name)
            }
            guard Custody.canPair(other, person) else {
                throw IdentifyFailure(.role, place: person.name)
            }
        }
    }

    private func isApprover(_ person: CustodyPerson, of request: IdentifyRequest) -> Bool {
        switch person.role {
        case .officer, .custodian: true
        case .director: request.breakGlass
        case .requester: false
        }
    }

    /// The ids of the data keys of a request's rows, each once. Cases that have left the vault
    /// since are passed over; throws `record` where none is left.
    private func keyIDs(
        of request: IdentifyRequest, in transaction: any Transaction
    ) throws -> [String] {
        var keys = Set<String>()
        for record in request.records {
            guard let row = try Register().vaultRow(of: RecordID(record), in: transaction) else {
                continue
            }
            keys.insert(row.key)
        }
        guard !keys.isEmpty else { throw IdentifyFailure(.record, place: request.records.first) }
        return keys.sorted()
    }

    /// Leaves, for each who may come second, the inner layer, which he alone opens.
    private func openOuter(
        of request: IdentifyRequest, by person: CustodyPerson, _ key: CustodyKey,
        in transaction: any Transaction
    ) throws {
        let seconds = custody.people.filter {
            Custody.canPair(person, $0) && isApprover($0, of: request)
                && $0.fingerprint != request.key
        }.map(\.fingerprint)
        for keyID in try keyIDs(of: request, in: transaction) {
            let nested = try Register().nestedKeys(
                keyID, outer: person.fingerprint, in: transaction
            ).filter { seconds.contains($0.inner) }
            guard !nested.isEmpty else { throw IdentifyFailure(.pair, place: person.name) }
            for layers in nested {
                let inner: [UInt8]
                do throws(CryptoFailure) {
                    inner = try layers.withoutOuter(key.unwrapping)
                } catch { throw IdentifyFailure(.vault, place: keyID) }
                try transaction.run(
                    """
                    INSERT INTO identify_layer (request, key, inner_key, wrapped)
                    VALUES (\(request.id), \(keyID), \(layers.inner), \(inner))
                    """)
            }
        }
    }

    /// Opens the rows and seals them anew under a key that is wrapped to the requester alone: the
    /// stretch's data key, which opens other cases too, is overwritten with the transaction.
    private func openInner(
        of request: IdentifyRequest, by person: CustodyPerson, _ key: CustodyKey,
        in transaction: any Transaction
    ) throws {
        _ = try keyIDs(of: request, in: transaction)
        guard let requester = custody.person(named: request.requester) else {
            throw IdentifyFailure(.changed, place: request.id)
        }
        var dataKeys: [String: SecretBytes] = [:]
        for row in try transaction.run(
            """
            SELECT key, wrapped FROM identify_layer
            WHERE request = \(request.id) AND inner_key = \(person.fingerprint)
            """)
        {
            let (keyID, wrapped) = (try row.text(0), try row.bytes(1))
            do throws(CryptoFailure) {
                dataKeys[keyID] = try key.unwrapping.unwrap(wrapped)
            } catch { throw IdentifyFailure(.vault, place: keyID) }
        }
        let openingID = try IdentityVault.keyID()
        let openingKey = try SecretBytes.random(count: CipherSuite.dataKeyByteCount)
        let opening = try FieldSealer(suite: .gm, keyID: openingID, dataKey: openingKey)
        try erase(request.id, in: transaction)
        for (place, name) in request.records.enumerated() {
            let record = RecordID(name)
            guard let row = try Register().vaultRow(of: record, in: transaction) else { continue }
            guard let dataKey = dataKeys[row.key] else {
                throw IdentifyFailure(.pair, place: person.name)
            }
            let sealed: String
            do throws(CryptoFailure) {
                sealed = try IdentityVault.reseal(
                    row.sealed, of: record, keyID: row.key, dataKey, for: request.id,
                    under: opening)
            } catch { throw IdentifyFailure(.vault, place: name) }
            try transaction.run(
                """
                INSERT INTO identify_row (request, number, record, sealed)
                VALUES (\(request.id), \(place + 1), \(name), \(sealed))
                """)
        }
        try transaction.run(
            """
            INSERT INTO identify_opening (request, key, wrapped)
            VALUES (\(request.id), \(openingID), \(try requester.wrapping.wrap(openingKey)))
            """)
    }
}
