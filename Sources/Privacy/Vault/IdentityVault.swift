import Definitions
import Foundation
package import LibCrypto
package import Mappings
package import Records

/// A person of a case as the national record names him; in memory only.
package struct VaultPerson: Codable, Sendable {
    /// `wife`, `husband`.
    package let role: String
    package let name: String
    /// The document's code (证件类型); absent where the record has none.
    package let idType: String?
    package let idNumber: String
}

/// Rows of the vault under one data key of their own, and that key for every pair of people.
package struct VaultStretch: Sendable {
    /// A case's row.
    package struct Row: Sendable {
        package let record: RecordID
        /// `GWF1`, bound to the record.
        package let sealed: String
    }

    package let keyID: String
    package let rows: [Row]
    package let keys: [NestedKey]
}

/// Seals who a case is about, so that two people together can find out again (身份保管库).
///
/// Whoever has the passphrase, the key ring and the database opens nothing: the data key of a
/// stretch is made here, wrapped under people's own keys, and overwritten when this returns.
package struct IdentityVault: Sendable {
    /// Names and numbers are filled up to a multiple of it, so that none shows by its length.
    private static let pad = 128

    private let custody: Custody

    package init(custody: Custody) { self.custody = custody }

    /// Seals the persons of some rows. Throws `CryptoFailure`.
    ///
    /// - Parameter identities: of the whole batch, by row.
    package func seal(
        _ batch: RecordBatch, rows: some Collection<Int>, identities: [Identity]
    ) throws(CryptoFailure) -> VaultStretch {
        let keyID = try IdentityVault.keyID()
        let key = try SecretBytes.random(count: CipherSuite.dataKeyByteCount)
        let sealer = try FieldSealer(suite: .gm, keyID: keyID, dataKey: key)
        var sealed: [VaultStretch.Row] = []
        for row in rows {
            guard let record = identities[row].record else { continue }
            sealed.append(
                VaultStretch.Row(
                    record: record,
                    sealed: try IdentityVault.seal(
                        canonicalJSON(IdentityVault.persons(of: row, in: batch)), sealer,
                        "vault", record)))
        }
        return VaultStretch(
            keyID: keyID, rows: sealed, keys: try NestedKey.all(of: key, for: custody))
    }

    /// Opens a row with its data key and seals it again for one request.
    ///
    /// - Parameters:
    ///   - keyID: the row's key.
    ///   - request: to which the new seal is bound.
    /// - Throws: `authenticationFailed` for a row of another record or one that was changed.
    package static func reseal(
        _ sealed: String, of record: RecordID, keyID: String, _ key: SecretBytes,
        for request: String, under opening: FieldSealer
    ) throws(CryptoFailure) -> String {
        let sealer = try FieldSealer(suite: .gm, keyID: keyID, dataKey: key)
        let persons = try sealer.open(
            sealed, additionalData: bound(sealer, "vault", record), pad: pad)
        return try seal(persons, opening, request, record)
    }

    /// Whether a data key is the one that sealed a row, whose content is overwritten at once.
    package static func opens(
        _ sealed: String, of record: RecordID, keyID: String, _ key: SecretBytes
    ) -> Bool {
        guard let sealer = try? FieldSealer(suite: .gm, keyID: keyID, dataKey: key) else {
            return false
        }
        let bound = Array(bound(sealer, "vault", record).utf8)
        let persons = Array(sealed.utf8).withUnsafeBytes { text in
            bound.withUnsafeBytes { try? sealer.openSecret(text, additionalData: $0, pad: pad) }
        }
        return persons != nil
    }

    /// The persons of a row that was sealed for a request. Throws `authenticationFailed`.
    package static func open(
        _ sealed: String, of record: RecordID, for request: String, _ opening: FieldSealer
    ) throws(CryptoFailure) -> [VaultPerson] {
        let bytes = try opening.open(
            sealed, additionalData: bound(opening, request, record), pad: pad)
        guard let persons = value(ofCanonical: bytes, as: [VaultPerson].self) else {
            throw CryptoFailure(.malformed, "vault row")
        }
        return persons
    }

    /// A fresh id for a data key: 16 letters and digits. Throws `randomUnavailable`.
    package static func keyID() throws(CryptoFailure) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        let name = try SecretBytes.random(count: 16).withUnsafeBytes { bytes in
            bytes.map { letters[Int($0 & 31)] }
        }
        return String(decoding: name, as: UTF8.self)
    }

    private static func seal(
        _ persons: [UInt8], _ sealer: FieldSealer, _ place: String, _ record: RecordID
    ) throws(CryptoFailure) -> String {
        try sealer.seal(persons, additionalData: bound(sealer, place, record), pad: pad)
    }

    /// `GWF1|gm|key|place|record|persons`.
    private static func bound(
        _ sealer: FieldSealer, _ place: String, _ record: RecordID
    ) -> String {
        "GWF1|\(sealer.suite.rawValue)|\(sealer.keyID)|\(place)|\(record.text)|persons"
    }

    private static func persons(of row: Int, in batch: RecordBatch) -> [VaultPerson] {
        let dictionary = batch.dictionary
        return batch.withRow(row) { (values, arena) in
            func text(_ ordinal: Int) -> String? {
                guard values[ordinal].isResult else { return nil }
                var bytes: [UInt8] = []
                dictionary.elements[ordinal].appendText(
                    of: values[ordinal], arena: arena, to: &bytes)
                return String(decoding: bytes, as: UTF8.self)
            }
            return dictionary.subjects.compactMap { subject in
                let (name, number) = (text(subject.name), text(subject.idNumber))
                guard name != nil || number != nil else { return nil }
                return VaultPerson(
                    role: subject.role, name: name ?? "",
                    idType: subject.idType.flatMap { text($0) }, idNumber: number ?? "")
            }
        }
    }
}
