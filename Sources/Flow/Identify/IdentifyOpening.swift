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
    /// As the national record names them: shown masked, unless one row is revealed.
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
        _ = try await step(id, by: name, with: key) { turn in
            let (request, now) = (turn.request, turn.now)
            guard request.requester == name, request.key == key.fingerprint else {
                throw IdentifyFailure(.requester, place: name)
            }
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
            // Before anything is shown: what cannot be read is noted as looked at all the same.
            try append(
                Fact.Identified(
                    request: id, step: number == nil ? .opened : .revealed, by: name,
                    records: records, key: turn.person.fingerprint), now,
                in: turn.transaction)
        }
        return try await database.read { transaction in
            try rows(of: id, key, in: transaction)
        }
    }

    private func rows(
        of id: String, _ key: CustodyKey, in transaction: any Transaction
    ) throws -> [IdentifiedRow] {
        let found = try transaction.run(
            "SELECT key, wrapped FROM identify_opening WHERE request = \(id)")
        guard let opening = found.first else { throw IdentifyFailure(.expired, place: id) }
        let (keyID, wrapped) = (try opening.text(0), try opening.bytes(1))
        var rows: [IdentifiedRow] = []
        for row in try transaction.run(
            "SELECT number, record, sealed FROM identify_row WHERE request = \(id) ORDER BY number")
        {
            let record = RecordID(try row.text(1))
            let (number, sealed) = (try row.int(0), try row.text(2))
            do throws(CryptoFailure) {
                let sealer = try FieldSealer(
                    suite: .gm, keyID: keyID, dataKey: try key.unwrapping.unwrap(wrapped))
                rows.append(
                    IdentifiedRow(
                        number: number, record: record,
                        persons: try IdentityVault.open(sealed, of: record, for: id, sealer)))
            } catch { throw IdentifyFailure(.vault, place: record.text) }
        }
        return rows
    }
}
