import Evidence
import Foundation
package import LibCrypto
package import Records
import Settlements
import Storage

/// How statements are signed (签署), and how far a year is closed.
///
/// A statement is *closing* once it is issued, and *closed* when two people signed it, neither of
/// them its maker. It never changes from the moment it is issued; what becomes known later goes
/// into the next one.
extension Closing {
    /// A statement that was issued, and who signed it.
    package struct PeriodReading: Sendable, Encodable {
        package enum State: String, Sendable, Encodable {
            case closing, closed
        }

        package let year: Int
        /// Among the statements of the year, from 1.
        package let number: Int
        package let through: CalendarMonth
        package let state: State
        /// All lines of the year up to it.
        package let lines: Int
        /// SHA-256 of its JSON, hex.
        package let statement: String
        package let maker: String?
        package let signers: [String]
        package let issuedAt: String
        package let pack: String
    }

    /// So many signatures close a statement.
    package static let signaturesNeeded = 2

    /// The statements of a year, or of all years, in their order. Throws `StorageFailure`.
    package func periods(year: Int? = nil) async throws -> [PeriodReading] {
        let name = part.name
        let (statements, signed) = try await database.read { transaction in
            (
                try Ledger().entries(of: "settled", in: transaction),
                try SignOffs(of: name, in: transaction)
            )
        }
        var numbers: [Int: Int] = [:]
        return statements.compactMap { entry -> PeriodReading? in
            guard case .settled(let fact) = entry.fact, fact.programme == name,
                year == nil || fact.year == year
            else { return nil }
            let number = numbers[fact.year, default: 0] + 1
            numbers[fact.year] = number
            let signers = signed.signers(of: fact.statement)
            return PeriodReading(
                year: fact.year, number: number,
                through: fact.through ?? CalendarMonth(year: fact.year, month: 12),
                state: signers.count >= Closing.signaturesNeeded ? .closed : .closing,
                lines: fact.size ?? 0, statement: fact.statement, maker: fact.by,
                signers: signers, issuedAt: entry.at.dateTime, pack: packPath(fact.year, number))
        }
    }

    /// What signing did.
    package struct SignedStatement: Sendable, Encodable {
        package let statement: String
        package let signer: String
        package let role: String
        package let signatures: Int
        package let isClosed: Bool
        /// What was signed, and the signature, beside the pack.
        package let files: [String]
    }

    /// Signs a statement with a person's own key, and writes down that he did.
    ///
    /// - Parameters:
    ///   - statement: SHA-256 of its JSON, hex.
    ///   - name: as the site's configuration names him.
    /// - Throws: `SignOffFailure`, `StorageFailure`, `CryptoFailure`.
    package func sign(
        _ statement: String, by name: String, with key: SigningKey
    ) async throws -> SignedStatement {
        guard
            let period = try await periods().first(where: { $0.statement == statement })
        else { throw SignOffFailure(.unknownStatement) }
        guard let signer = site.configuration.evidence.signers.first(where: { $0.name == name })
        else { throw SignOffFailure(.unknownSigner, place: name) }
        guard period.maker != nil else { throw SignOffFailure(.noMaker) }
        // Who made an earlier one of the year made its lines: they begin this one.
        let makers = try await periods(year: period.year).filter { $0.number <= period.number }
        // Neither capitals nor spaces make another person.
        guard !makers.contains(where: { $0.maker.map(Self.folded) == Self.folded(name) }) else {
            throw SignOffFailure(.maker, place: name)
        }
        guard !period.signers.contains(name) else { throw SignOffFailure(.twice, place: name) }
        let fingerprint = try key.verifyingKey().fingerprint()
        let known = try VerifyingKey(pem: try site.text(signer.key))
        guard try known.fingerprint() == fingerprint else {
            throw SignOffFailure(.otherKey, place: name)
        }
        let moment = site.clock()
        let text = text(period, signer, fingerprint, at: moment)
        let signed = Fact.SignedOff(
            programme: part.name, year: period.year, statement: statement, signer: name,
            role: signer.role, key: fingerprint, text: text,
            signature: Base64.standard.encode(try key.sign(Array(text.utf8))))
        let place = part.name
        let count = try await database.write { transaction in
            // Another one with the same name or key may have signed in between.
            let others = try SignOffs(of: place, in: transaction).all(of: statement)
            guard !others.contains(where: { $0.signer == name || $0.key == fingerprint }) else {
                throw SignOffFailure(.twice, place: name)
            }
            try Ledger().append([.signedOff(signed)], at: moment, in: transaction)
            return others.count + 1
        }
        return SignedStatement(
            statement: statement, signer: name, role: signer.role, signatures: count,
            isClosed: count >= Closing.signaturesNeeded,
            files: try write(signed, count, beside: period.pack))
    }

    private static func folded(_ name: String) -> String {
        name.precomposedStringWithCompatibilityMapping.lowercased().filter { !$0.isWhitespace }
    }

    /// Exactly what a person signs.
    private func text(
        _ period: PeriodReading, _ signer: EvidenceSettings.Signer, _ key: String,
        at moment: Timestamp
    ) -> String {
        """
        SHANGBAO-SIGNOFF-1
        origin shangbao/\(part.name)/\(site.configuration.county.region)
        period \(period.year)
        through \(period.through)
        number \(period.number)
        statement-sha256 \(period.statement)
        lines \(period.lines)
        maker \(period.maker ?? "")
        signer \(signer.name)
        role \(signer.role)
        key-sha256 \(key)
        time \(moment.dateTime)

        """
    }

    private func write(
        _ fact: Fact.SignedOff, _ number: Int, beside pack: String
    ) throws -> [String] {
        let base = pack.replacing(".asice", with: "") + ".signoff-\(number)"
        let signature = try Base64.standard.decode(Array(fact.signature.utf8))
        try Data(fact.text.utf8).write(to: URL(fileURLWithPath: base + ".txt"), options: .atomic)
        try Data(signature).write(to: URL(fileURLWithPath: base + ".sig"), options: .atomic)
        return [base + ".txt", base + ".sig"]
    }
}

/// Who signed which statement of a programme.
private struct SignOffs {
    private let facts: [Fact.SignedOff]

    init(of programme: String, in transaction: any Transaction) throws {
        facts = try Ledger().entries(of: "signedOff", in: transaction).compactMap { entry in
            guard case .signedOff(let fact) = entry.fact, fact.programme == programme else {
                return nil
            }
            return fact
        }
    }

    func all(of statement: String) -> [Fact.SignedOff] {
        facts.filter { $0.statement == statement }
    }

    func signers(of statement: String) -> [String] { all(of: statement).map(\.signer) }
}

/// A statement may not be signed so.
package struct SignOffFailure: ExplainedFailure, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case unknownStatement, unknownSigner, noMaker, maker, twice, otherKey
    }

    package let reason: Reason
    package let place: String?

    init(_ reason: Reason, place: String? = nil) {
        self.reason = reason
        self.place = place
    }

    package var detail: String? { nil }

    package var entry: CodeEntry {
        switch reason {
        case .unknownStatement:
            CodeEntry(
                "E-SIGN-STATEMENT",
                what: Wording(
                    zh: "账本里没有这份结算表。", en: "The ledger tells of no such statement."),
                next: Wording(
                    zh: "用 shangbao periods 查看已出的结算表。", en: "See shangbao periods."))
        case .unknownSigner:
            CodeEntry(
                "E-SIGN-WHO",
                what: Wording(
                    zh: "这个人不在签署人名单里。", en: "This person is not among those who sign."),
                next: Wording(
                    zh: "在 shangbao.yaml 的 evidence.signers 写上姓名、职责、公钥。",
                    en: "Name him, his role and his public key under evidence.signers in "
                        + "shangbao.yaml."))
        case .noMaker:
            CodeEntry(
                "E-SIGN-MAKER",
                what: Wording(
                    zh: "结算表没有写明编制人，不能签署。",
                    en: "The statement does not say who made it, and cannot be signed."),
                next: Wording(
                    zh: "用 shangbao settle … --by 编制人 出结算表。",
                    en: "Issue it with shangbao settle ... --by MAKER."))
        case .maker:
            CodeEntry(
                "E-SIGN-OWN",
                what: Wording(
                    zh: "编制人不能签署自己编制的结算表。",
                    en: "Who made a statement does not sign it."),
                next: Wording(zh: "由另外两人签署。", en: "Two others sign it."))
        case .twice:
            CodeEntry(
                "E-SIGN-TWICE",
                what: Wording(
                    zh: "这个人或这把密钥已经签过这份结算表。",
                    en: "This person or this key has signed this statement already."),
                next: Wording(zh: "由另一人用自己的密钥签署。", en: "Another one signs, with his own key."))
        case .otherKey:
            CodeEntry(
                "E-SIGN-KEY",
                what: Wording(
                    zh: "这把私钥不是名单里这个人的密钥。",
                    en: "This private key is not that of this person on the list."),
                next: Wording(
                    zh: "用本人的密钥；换了密钥的，先更新 evidence.signers。",
                    en: "Use his own key; if it was changed, put the new one under "
                        + "evidence.signers."))
        }
    }
}

/// All codes of signing, for `shangbao explain`.
package let signOffCodes: [CodeEntry] =
    SignOffFailure.Reason.allCases.map { SignOffFailure($0).entry }
