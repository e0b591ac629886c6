import Evidence
import LibCrypto
package import Privacy
package import Records
import Storage

/// A case that was opened, in memory for one command.
package struct IdentifiedRow: Sendable {
    /// From 1, in the order of the request.
    package let number: Int
    package let record: RecordID
    /// As the national record names them: shown masked, unless one row is revealed. None where
    /// consent was withdrawn meanwhile: the row is gone.
    package let persons: [VaultPerson]
}

/// The requester looks at what two others approved (打开).
extension IdentifyDesk {
    /// Opens all rows of a request. Throws `IdentifyFailure`, `CryptoFailure`, `StorageFailure`.
    package func open(
        _ id: String, by name: String, with key: CustodyKey
    ) async throws -> [IdentifiedRow] {
        try await look(id, by: name, key, revealing: nil)
    }

    /// Opens one row, to be shown in the clear. That it was is written down first.
    ///
    /// - Parameter number: from 1.
    /// - Throws: as `open` does.
    package func reveal(
        _ number: Int, of id: String, by name: String, with key: CustodyKey
    ) async throws -> IdentifiedRow {
        guard
            let row = try await look(id, by: name, key, revealing: number).first(where: {
                $0.number == number
            })
        else { throw IdentifyFailure(.row, place: "\(number)") }
        return row
    }

    private func look(
        _ id: String, by name: String, _ key: CustodyKey, revealing number: Int?
    ) async throws -> [IdentifiedRow] {
        let reading = try await step(id, by: name, with: key) { turn in
            let (request, now) = (turn.request, turn.now)
            guard request.requester == name, request.key == key.fingerprint else {
                throw IdentifyFailure(.requester, place: name)
            }
            guard !turn.found.isReviewedEarly else { throw IdentifyFailure(.state, place: id) }
            switch turn.found.state(at: now) {
            case .open: break
            case .expired: throw IdentifyFailure(.expired, place: id)
            case .asked, .half, .closed, .refused: throw IdentifyFailure(.state, place: id)
            }
            var records = request.records.map { RecordID($0) }
            if let number {
                guard records.indices.contains(number - 1) else {
                    throw IdentifyFailure(.row, place: "\(number)")
                }
                records = [records[number - 1]]
            }
            if number != nil {
                let row = try turn.transaction.run(
                    """
                    SELECT 1 FROM identify_row WHERE request = \(id)
                        AND record = \(records[0].text)
                    """)
                guard !row.isEmpty else {
                    throw IdentifyFailure(.record, place: records[0].text)
                }
            }
            // Before anything is shown: what cannot be read is noted as looked at all the same.
            try append(
                Fact.Identified(
                    request: id, step: number == nil ? .opened : .revealed, by: name,
                    records: records, key: turn.person.fingerprint), now,
                in: turn.transaction)
        }
        return try await database.read { transaction in
            try rows(of: id, reading.records, key, in: transaction)
        }
    }

    /// The rows of a request; where consent was withdrawn meanwhile, one without persons.
    private func rows(
        of id: String, _ records: [String], _ key: CustodyKey, in transaction: any Transaction
    ) throws -> [IdentifiedRow] {
        let found = try transaction.run(
            "SELECT key, wrapped FROM identify_opening WHERE request = \(id)")
        guard let opening = found.first else {
            // Either its time is over, or nobody of it is in the vault any more.
            let gone = try Register().notInVault(records, in: transaction)
            guard gone == records else { throw IdentifyFailure(.expired, place: id) }
            return records.enumerated().map {
                IdentifiedRow(number: $0 + 1, record: RecordID($1), persons: [])
            }
        }
        let (keyID, wrapped) = (try opening.text(0), try opening.bytes(1))
        var sealed: [String: String] = [:]
        for row in try transaction.run(
            "SELECT record, sealed FROM identify_row WHERE request = \(id)")
        { sealed[try row.text(0)] = try row.text(1) }
        let opened: FieldSealer
        do throws(CryptoFailure) {
            opened = try FieldSealer(
                suite: .gm, keyID: keyID, dataKey: try key.unwrapping.unwrap(wrapped))
        } catch { throw IdentifyFailure(.vault, place: id) }
        return try records.enumerated().map { place, name in
            let record = RecordID(name)
            do throws(CryptoFailure) {
                let persons = try sealed[name].map { (text) throws(CryptoFailure) in
                    try IdentityVault.open(text, of: record, for: id, opened)
                }
                return IdentifiedRow(number: place + 1, record: record, persons: persons ?? [])
            } catch { throw IdentifyFailure(.vault, place: name) }
        }
    }
}
