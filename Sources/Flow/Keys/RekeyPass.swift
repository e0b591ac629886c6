import Definitions
import Delivery
import LibCrypto
import Privacy
import Programmes
import Records
import Storage
import Submissions

/// Goes through our own sealed submissions for the ID numbers behind stored free checks, one
/// submission after the other. A name is taken for a person's only where the keys in hand make it
/// of his number.
struct RekeyPass {
    /// Submissions whose ids are looked up at a time.
    private static let page = 100

    let desks: [String: PreparationDesk]
    let outbox: Outbox
    let database: any Database
    /// Names of epochs before this one.
    let epoch: Int

    /// - Parameter keyring: whose newest link key makes the new names.
    init(_ site: Site, _ keyring: Keyring, before epoch: Int, in database: any Database) throws {
        var desks: [String: PreparationDesk] = [:]
        for part in site.programmes {
            desks[part.programme.dictionary.programme] = try PreparationDesk(
                kit: site.preparationKit(keyring, for: part))
        }
        self.desks = desks
        outbox = Outbox(epoch: "rekey", policy: try site.retryPolicy)
        self.database = database
        self.epoch = epoch
    }

    /// How many of the stored names no submission leads to any more. Changes nothing.
    func countLost() async throws -> Int {
        var found = Set<String>()
        try await walk { names in found.formUnion(names.map(\.old.key)) }
        let (all, epoch) = (found.count, epoch)
        return try await database.read {
            try NamingRegister().count(of: .pidLink, before: epoch, in: $0)
        } - all
    }

    /// Puts names that are made of the numbers in the places of the old ones; each submission in a
    /// transaction of its own. What is left has no source.
    func run(progress: (Int) -> Void) async throws {
        let epoch = epoch
        var done = 0
        try await walk { names in
            try await database.write { transaction in
                try NamingRegister().renew(names, to: epoch, in: transaction)
            }
            done += names.count
            progress(done)
        }
    }

    private typealias Renewal = (old: NamingRegister.StoredName, new: [UInt8])

    private func walk(_ take: ([Renewal]) async throws -> Void) async throws {
        var last = ""
        while true {
            let (cursor, epoch) = (last, epoch)
            let page = try await database.read {
                try NamingRegister().submissions(
                    holdingBefore: epoch, after: cursor, limit: RekeyPass.page, in: $0)
            }
            guard let end = page.last else { return }
            for id in page {
                let names = try await renewals(SubmissionID(id))
                if !names.isEmpty { try await take(names) }
            }
            last = end
        }
    }

    private func renewals(_ id: SubmissionID) async throws -> [Renewal] {
        let (outbox, epoch) = (outbox, epoch)
        let (parcel, stored) = try await database.read { transaction in
            (
                try outbox.parcel(of: id, in: transaction),
                try NamingRegister().checks(in: id, before: epoch, in: transaction)
            )
        }
        guard let parcel, let desk = desks[parcel.programme] else { return [] }
        return try await desk.renewals(of: stored, in: parcel)
    }
}

extension PreparationDesk {
    /// The new names of stored free checks whose persons a submission names.
    fileprivate func renewals(
        of stored: [(name: NamingRegister.StoredName, record: String)], in parcel: Parcel
    ) throws -> [(old: NamingRegister.StoredName, new: [UInt8])] {
        // Our copy of its key may have been erased, its time being over.
        guard !parcel.ownKey.isEmpty, !stored.isEmpty else { return [] }
        let person = kit.programme.dictionary.subjects[0]
        let wanted = Dictionary(grouping: stored, by: \.record)
        var found: [(old: NamingRegister.StoredName, new: [UInt8])] = []
        for clear in try read(parcel) {
            func text(_ ordinal: Int?) -> String? {
                clear.fields.first { $0.element.ordinal == ordinal }?.text
            }
            guard let names = wanted[clear.record.text], let number = text(person.idNumber) else {
                continue
            }
            for (name, _) in names {
                let renewed = try identification.renewed(
                    name.key, of: Array(number.utf8), document: text(person.idType),
                    epoch: name.epoch)
                if let renewed { found.append((name, Array(renewed.utf8))) }
            }
        }
        return found
    }
}

extension NamingRegister {
    /// Submissions in which cases with free checks of earlier epochs went out, by their ids.
    fileprivate func submissions(
        holdingBefore epoch: Int, after id: String, limit: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [String] {
        try transaction.run(
            """
            SELECT DISTINCT item.submission FROM item
                JOIN entitlement ON entitlement.record = item.record
            WHERE entitlement.epoch < \(epoch) AND item.action <> 'withdraw'
                AND item.submission > \(id)
            ORDER BY item.submission LIMIT \(limit)
            """
        ).map { (row) throws(StorageFailure) in try row.text(0) }
    }

    /// The free checks of earlier epochs that cases of a submission hold.
    fileprivate func checks(
        in submission: SubmissionID, before epoch: Int, in transaction: any Transaction
    ) throws(StorageFailure) -> [(name: StoredName, record: String)] {
        try transaction.run(
            """
            SELECT entitlement.claim, entitlement.epoch, entitlement.record FROM item
                JOIN entitlement ON entitlement.record = item.record
            WHERE item.submission = \(submission.text) AND item.action <> 'withdraw'
                AND entitlement.epoch < \(epoch)
            """
        ).map { (row) throws(StorageFailure) in
            (
                StoredName(key: try row.text(0), epoch: try row.int(1), content: []),
                try row.text(2)
            )
        }
    }

    /// Puts names that are made with the newest key alone in the places of old ones.
    fileprivate func renew(
        _ names: [(old: StoredName, new: [UInt8])], to epoch: Int, in transaction: any Transaction
    ) throws(StorageFailure) {
        let moved = try transaction.runEach(
            """
            UPDATE entitlement SET claim = $1, epoch = $2, root = $3
            WHERE claim = $4 AND epoch = $5
                AND NOT EXISTS (SELECT 1 FROM entitlement AS there WHERE there.claim = $6)
            """, names
        ) { name, parameters in
            let new = String(decoding: name.new, as: UTF8.self)
            parameters.bind(new)
            parameters.bind(epoch)
            parameters.bind(epoch)
            parameters.bind(name.old.key)
            parameters.bind(name.old.epoch)
            parameters.bind(new)
        }
        try noteMoved(moved, of: .pidLink, epoch, in: transaction)
    }
}
