import Evidence
package import Privacy
package import Records
package import Storage

/// For whom the vault's data keys are wrapped, beside who is named now (保管库密钥现状).
package struct VaultStanding: Sendable, Encodable {
    /// Data keys that open rows, and those that are not wrapped for exactly the pairs of now.
    package let keys: Int
    package let stale: Int
    /// Who is no longer named and has a layer of some key, alone or with another; a fingerprint's
    /// beginning for one whose key is not listed.
    package let strangers: [String]
    /// Pairs of people of now by how many keys they do not open.
    package let unable: [String: Int]
    /// Keys that no two of the people of now open, with any key they ever had.
    package let lost: Int
    /// Since when that is known, and by when it is to be mended.
    package let since: String?
    package let until: String?
    package let isLate: Bool
    /// Who began to wrap anew; a second one goes on until then.
    package let begunBy: String?
    package let begunUntil: String?
    /// Whose keys are others than noted, or new, and nobody has confirmed: name and fingerprint's
    /// beginning, as they are listed. Until then keys are wrapped for those listed before.
    package let unconfirmed: [String]

    package var isLevel: Bool { stale == 0 }

    /// Throws `StorageFailure`, `DecodingError`.
    package init(_ listed: Custody, in transaction: any Transaction, at now: Timestamp) throws {
        let keyBook = try KeyBook(.custody, in: transaction)
        let custody = try keyBook.inForce(listed)
        unconfirmed = try keyBook.unconfirmed(in: listed.people.map(KeyBook.Listed.init)).map {
            name in
            guard let person = listed.person(named: name) else { return name }
            return "\(name) \(person.fingerprint.prefix(16))"
        }
        let named = custody.pairNames
        let register = Register()
        let stale =
            try register.isWrapped(for: named, in: transaction)
            ? [] : register.keysNotWrapped(for: named, in: transaction)
        keys = try register.wrappings(in: transaction).keys
        self.stale = stale.count
        let people = Set(custody.people.map(\.fingerprint))
        let wrapped = Set(stale.flatMap(\.pairs).flatMap { $0.split(separator: "/") })
            .map(String.init)
        strangers = wrapped.filter { !people.contains($0) }.map { key in
            custody.person(ofKey: key)?.name ?? String(key.prefix(12))
        }.sorted()
        // Either order opens.
        var unable: [String: Int] = [:]
        for (one, other) in custody.pairs where one.fingerprint < other.fingerprint {
            let (front, back) = (one.fingerprint, other.fingerprint)
            let names = [NestedKey.pairName(front, back), NestedKey.pairName(back, front)]
            let closed = stale.count { $0.pairs.isDisjoint(with: names) }
            if closed > 0 { unable["\(one.name)＋\(other.name)"] = closed }
        }
        self.unable = unable
        let able = custody.pairsOfAnyKey
        lost = stale.count { $0.pairs.isDisjoint(with: able) }
        let book = try RewrapBook(in: transaction)
        let due = stale.isEmpty ? nil : book.due
        since = due?.dateTime
        until = due?.adding(seconds: RewrapBook.dueSeconds).dateTime
        isLate = !stale.isEmpty && book.isLate(at: now)
        let open = book.open.flatMap { $0.until < now ? nil : $0 }
        begunBy = open?.by
        begunUntil = open?.until.dateTime
    }
}

extension Register {
    /// Whether all data keys that open rows are wrapped for exactly these pairs. Throws
    /// `StorageFailure`.
    func isWrapped(for pairs: Set<String>, in transaction: any Transaction)
        throws(StorageFailure) -> Bool
    {
        let found = try wrappings(in: transaction)
        guard found.keys > 0 else { return true }
        return Set(found.pairs.keys) == pairs
            && found.pairs.values.allSatisfy { $0 == found.keys }
    }
}

extension IdentifyDesk {
    /// For whom the vault's keys are wrapped. Throws `StorageFailure`, `DecodingError`.
    package func vaultStanding() async throws -> VaultStanding {
        try await database.read { transaction in
            try VaultStanding(custody, in: transaction, at: moment(in: transaction))
        }
    }
}
