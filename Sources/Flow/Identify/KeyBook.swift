package import Delivery
package import Evidence
import LibCrypto
import Privacy
package import Records
package import Storage

/// Whose key is whose, as the ledger noted it (本人公钥登记): a file of the site that says otherwise
/// is found out.
package struct KeyBook: Sendable {
    /// Somebody with his key, as a list has him.
    package struct Listed: Sendable, Hashable {
        package let name: String
        package let department: String
        package let role: String
        /// SHA-256 of the public key's DER, hex.
        package let key: String
        /// PEM.
        package let pem: String

        fileprivate init(_ fact: Fact.PersonKey) {
            (name, department, role) = (fact.name, fact.department, fact.role)
            (key, pem) = (fact.key, fact.pem)
        }

        /// Throws `CryptoFailure` for a key that cannot be written out.
        init(_ person: CustodyPerson) throws(CryptoFailure) {
            (name, department, role) = (person.name, person.department, person.role.rawValue)
            key = person.fingerprint
            pem = try person.verifying.pem()
        }

        /// Throws `CryptoFailure` for a key that cannot be written out.
        init(_ officer: ApprovalOfficer) throws(CryptoFailure) {
            (name, department, role) = (officer.name, officer.department, officer.role)
            key = officer.fingerprint
            pem = try officer.key.pem()
        }

        /// Whether both are the same person with the same key and part.
        package func isSame(as other: Listed) -> Bool {
            name == other.name && department == other.department && role == other.role
                && key == other.key
        }
    }

    /// What nobody has confirmed.
    package struct Open: Sendable {
        package let listed: Listed
        package let since: Timestamp
        /// Who announced it, where nobody can sign for it, and when.
        package fileprivate(set) var announced: (by: Decision, at: Timestamp)?
    }

    /// So many days an announced key waits before it holds: whoever it concerns is told meanwhile.
    package static let announcedDays = 7
    static let announcedSeconds = Int64(announcedDays) * 86_400

    package let roll: Fact.PersonKey.Roll
    /// By name, who holds.
    package private(set) var noted: [String: Listed] = [:]
    /// By name what nobody has confirmed.
    package private(set) var open: [String: Open] = [:]
    private var isBegun = false

    /// Throws `StorageFailure`, `DecodingError`.
    package init(_ roll: Fact.PersonKey.Roll, in transaction: any Transaction) throws {
        self.roll = roll
        for entry in try Ledger().entries(of: "personKey", in: transaction) {
            guard case .personKey(let fact) = entry.fact, fact.roll == roll else { continue }
            isBegun = true
            let listed = Listed(fact)
            switch fact.step {
            case .noted: noted[fact.name] = listed
            case .other:
                open[fact.name] = Open(
                    listed: listed, since: open[fact.name]?.since ?? entry.at)
            case .announced:
                let by = Decision(by: fact.by ?? "?", because: fact.because ?? "?")
                open[fact.name]?.announced = (by, entry.at)
            case .confirmed:
                noted[fact.name] = listed
                open[fact.name] = nil
            case .left: noted[fact.name] = nil
            case .withdrawn: open[fact.name] = nil
            }
        }
    }

    /// Names whose key, department or role is another than noted, or of whom that was found and
    /// nobody has confirmed it; none before the list's first set-up.
    package func unconfirmed(in list: [Listed]) -> [String] {
        guard isBegun else { return [] }
        let others = list.filter { listed in
            noted[listed.name].map { !$0.isSame(as: listed) } ?? true
        }
        return Set(others.map(\.name) + open.keys).sorted()
    }

    /// What is to be written down of a list as it is now.
    func news(of list: [Listed], at now: Timestamp) -> [Fact.PersonKey] {
        guard isBegun else { return list.map { fact(.noted, $0) } }
        var news = list.compactMap { announced($0, at: now) }
        for listed in list where noted[listed.name].map({ !$0.isSame(as: listed) }) ?? true {
            if let known = open[listed.name], known.listed.isSame(as: listed) { continue }
            news.append(fact(.other, listed))
        }
        // As long as something is unconfirmed, those who were listed before hold.
        guard unconfirmed(in: list).isEmpty else { return news }
        let names = Set(list.map(\.name))
        let gone = noted.values.filter { !names.contains($0.name) }
        return news + gone.sorted { $0.name < $1.name }.map { fact(.left, $0) }
    }

    /// What was announced long enough ago, and still stands there, holds.
    func announced(_ listed: Listed, at now: Timestamp) -> Fact.PersonKey? {
        guard let found = open[listed.name], found.listed.isSame(as: listed),
            let announced = found.announced,
            announced.at.adding(seconds: KeyBook.announcedSeconds) <= now
        else { return nil }
        return fact(.confirmed, listed, announced.by)
    }

    /// What is to be written down of somebody's key.
    func fact(
        _ step: Fact.PersonKey.Step, _ listed: Listed, _ decision: Decision? = nil
    ) -> Fact.PersonKey {
        Fact.PersonKey(
            roll: roll, step: step, name: listed.name, department: listed.department,
            role: listed.role, key: listed.key, pem: listed.pem, by: decision?.by,
            because: decision?.because)
    }

    /// What is the matter where a key of custody is not confirmed.
    package static let custodyKey = CodeEntry(
        "N-CUSTODY-KEY",
        what: Wording(
            zh: "保管名单里有人的公钥、科室或角色与账本登记的不同，或是新人，还没有人确认。",
            en:
                "A key, department or role in custody is another than the ledger noted, or somebody "
                + "is new, and nobody has confirmed it."),
        next: Wording(
            zh: "当面核对指纹；属实的，由登记在册的审批人：shangbao identify confirm 姓名 --because … "
                + "--by 本人 --key 私钥。不属实的，查是谁改的，恢复文件后再确认。",
            en:
                "Compare fingerprints face to face. If right, a noted approver runs shangbao identify "
                + "confirm NAME --because ... --by HIMSELF --key FILE; if not, find out who did it, "
                + "put the file back, then confirm."))
    /// The same of those who approve mappings.
    package static let officerKey = CodeEntry(
        "N-OFFICER-KEY",
        what: Wording(
            zh: "privacy.officers 里有人的公钥、科室或角色与账本登记的不同，或是新人，还没有人确认：他的批准不算。",
            en:
                "A key, department or role under privacy.officers is another than the ledger noted, "
                + "or somebody is new, and nobody has confirmed it: what he approved does not hold."
        ),
        next: Wording(
            zh: "当面核对指纹；属实的，由登记在册的人：shangbao mapping confirm 姓名 --because … --by 本人 "
                + "--key 私钥。不属实的，查是谁改的，恢复文件后再确认。",
            en:
                "Compare fingerprints face to face. If right, somebody who is noted runs shangbao "
                + "mapping confirm NAME --because ... --by HIMSELF --key FILE; if not, find out who "
                + "did it, put the file back, then confirm."))
}

extension KeyBook {
    /// Writes down what is new of a list; returns the book as it is then. Throws
    /// `StorageFailure`, `DecodingError`, `EncodingError`.
    static func note(
        _ list: [Listed], of roll: Fact.PersonKey.Roll, at now: Timestamp,
        in transaction: any Transaction
    ) throws -> KeyBook {
        let book = try KeyBook(roll, in: transaction)
        let news = book.news(of: list, at: now)
        guard !news.isEmpty else { return book }
        try Ledger().append(news.map { .personKey($0) }, at: now, in: transaction)
        return try KeyBook(roll, in: transaction)
    }

    /// Who opens the vault together: those of the list where all is confirmed, otherwise those
    /// who were listed before. Throws `CryptoFailure` for a noted key that is none.
    func inForce(_ custody: Custody) throws -> Custody {
        guard try !unconfirmed(in: custody.people.map(Listed.init)).isEmpty else { return custody }
        let people = try noted.values.sorted { $0.name < $1.name }.compactMap(person)
        return Custody(people, former: custody.former)
    }

    /// A noted person of custody; `nil` where there is none.
    func person(named name: String) throws -> CustodyPerson? {
        try noted[name].flatMap(person)
    }

    private func person(_ listed: Listed) throws -> CustodyPerson? {
        guard let role = CustodyPerson.Role(rawValue: listed.role) else { return nil }
        return try CustodyPerson(
            name: listed.name, department: listed.department, role: role, pem: listed.pem)
    }
}
