import Evidence
import LibCrypto
import Privacy
package import Records
package import Storage

/// How far the making anew of link names is, as the ledger tells of it (重建登记).
package struct RekeyBook: Sendable {
    /// How far it is.
    package enum State: String, Sendable, Encodable {
        /// Nobody asks for it.
        case none
        /// One person has signed.
        case half
        /// Two have.
        case approved
        case underWay
    }

    /// What is not signed by two, or not begun, within a day lapses.
    static let seconds: Int64 = 86_400

    private(set) var asked: (fact: Fact.Rekeyed, at: Timestamp)?
    private(set) var approved: Fact.Rekeyed?
    private(set) var began: Fact.Rekeyed?

    /// Throws `StorageFailure`, `DecodingError`.
    package init(in transaction: any Transaction) throws {
        for entry in try Ledger().entries(of: "rekeyed", in: transaction) {
            guard case .rekeyed(let fact) = entry.fact else { continue }
            switch fact.step {
            case .requested: (asked, approved, began) = ((fact, entry.at), nil, nil)
            case .approved: approved = fact
            case .began: began = fact
            case .finished: (asked, approved, began) = (nil, nil, nil)
            }
        }
    }

    /// How far it is at a moment.
    package func state(at now: Timestamp) -> State {
        if began != nil { return .underWay }
        guard let asked, now <= asked.at.adding(seconds: RekeyBook.seconds) else { return .none }
        return approved == nil ? .half : .approved
    }
}

extension Site {
    /// Those who may sign: officers and custodians of the identity vault, where the site keeps one,
    /// else those who approve mappings.
    ///
    /// Throws `RekeyFailure` (`people`) where they are not of two departments, `DefinitionError`,
    /// `CryptoFailure`.
    func keyHands() throws -> [KeyHand] {
        let hands: [KeyHand]
        if let custody = try custody() {
            hands = custody.people.filter { $0.role == .officer || $0.role == .custodian }
                .map {
                    KeyHand(name: $0.name, department: $0.department, verifying: $0.verifying)
                }
        } else {
            hands = try configuration.privacy.officers.map {
                KeyHand(
                    name: $0.name, department: $0.department,
                    verifying: try VerifyingKey(pem: try text($0.key)))
            }
        }
        guard Set(hands.map(\.department)).count > 1 else { throw RekeyFailure(.people) }
        return hands
    }
    /// Whether a person's key among them is another than noted, and nobody has confirmed it. Throws
    /// `DefinitionError`, `CryptoFailure`, `StorageFailure`, `DecodingError`.
    func isUnconfirmedHand(_ name: String, in transaction: any Transaction) throws -> Bool {
        let roll: Fact.PersonKey.Roll
        let list: [KeyBook.Listed]
        if let custody = try custody() {
            (roll, list) = (.custody, try custody.people.map(KeyBook.Listed.init))
        } else {
            (roll, list) = (.officers, try officers().map(KeyBook.Listed.init))
        }
        return try KeyBook(roll, in: transaction).unconfirmed(in: list).contains(name)
    }
}
