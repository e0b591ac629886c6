import Definitions
import LibCrypto
import Privacy
import Records
import TestKit
import Testing

/// Names go from epoch to epoch, and what must stay the same stays the same.
struct RotationTests {
    private static let city = "link/city-9901"
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// 2013-03-05 12:00 in Asia/Shanghai.
    private static let nextYear = Timestamp(microseconds: 1_362_456_000_000_000)

    private func identities(_ ring: Keyring, servedIn years: [String]) throws -> [Identity] {
        let preconception = try Preconception.loaded()
        let couples = years.enumerated().map { number, year in
            CleanCouple(file: "A-\(number)").with(["建档日期": "\(year)-06-01"])
        }
        let naming = try Identification(
            keys: NamingKeys(ring, .gm, linkDomain: RotationTests.city),
            nationDomain: preconception.dictionary.pseudonymDomain)
        return try naming.identify(
            preconception.read(couples),
            childOrder: preconception.dictionary.ordinal(of: "childOrder"))
    }

    @Test func `a link pseudonym of the next epoch is the link pseudonym of the one before`()
        throws
    {
        var ring = try makeRing(folder, suites: [.gm])
        let first = try #require(try identities(ring, servedIn: ["2012"]).first?.entitlement)
        try ring.rotate(.pidLink, .gm, domain: RotationTests.city, on: moment)
        let next = try #require(try identities(ring, servedIn: ["2012"]).first)
        #expect(next.entitlements.count == 2 && next.entitlements[0] == first)
        let held = try ring.active(.pidLink, .gm, domain: RotationTests.city)
        let domain = try PseudonymDomain(
            suite: .gm, root: held.secret, domain: RotationTests.city, epoch: 2,
            source: .linkPseudonym)
        let name = try domain.pseudonym(of: Array(first.utf8.prefix(32)))
        #expect(next.entitlement == String(decoding: name, as: UTF8.self) + "/1")
    }

    @Test func `the stored name of any epoch comes to what a fresh computation does`() throws {
        var ring = try makeRing(folder, suites: [.gm])
        for _ in 0..<3 {
            try ring.rotate(.pidLink, .gm, domain: RotationTests.city, on: moment)
            try ring.rotate(.content, .gm, on: moment)
        }
        let keys = try NamingKeys(ring, .gm, linkDomain: RotationTests.city)
        for (chain, count) in [
            (try RotationChain.link(keys), PseudonymDomain.characterCount),
            (try RotationChain.content(keys), 16),
        ] {
            let names = try chain.names(from: Array(repeating: 0x61, count: count))
            #expect(chain.epochs == [1, 2, 3, 4] && Set(names).count == 4)
            for (name, epoch) in zip(names, chain.epochs) {
                #expect(try chain.renewed(name, from: epoch) == names[3])
            }
            #expect(try chain.renewed(names[0], from: 5) == nil)
        }
    }

    @Test func `rotating the link key changes nothing that leaves or that the ledger holds`()
        throws
    {
        var ring = try makeRing(folder, suites: [.gm])
        let before = try identities(ring, servedIn: ["2012", "2013"])
        try ring.rotate(.pidLink, .gm, domain: RotationTests.city, on: moment)
        try ring.rotate(.content, .gm, on: moment)
        try ring.rotate(.field, .gm, on: moment)
        let after = try identities(ring, servedIn: ["2012", "2013"])
        #expect(after.map(\.record) == before.map(\.record))
        #expect(after.map(\.pseudonyms) == before.map(\.pseudonyms))
        #expect(after.map(\.claimant) == before.map(\.claimant))
        #expect(after.map(\.marks) == before.map(\.marks))
        #expect(zip(before, after).allSatisfy { $0.entitlement != $1.entitlement })
        // Both spouses are told apart, and are of one file.
        let areTwo = after.map(\.pseudonyms).allSatisfy { $0.count == 2 && $0[0] != $0[1] }
        #expect(areTwo)
        #expect(after.allSatisfy { $0.contents.count == 2 && $0.contents[0] != $0.contents[1] })
        #expect(zip(before, after).allSatisfy { $0.content == $1.contents[0] })
    }

    @Test func `a link key that takes over without the old ones changes nothing that others have`()
        throws
    {
        var ring = try makeRing(folder, suites: [.gm])
        try ring.rotate(.pidLink, .gm, domain: RotationTests.city, on: moment)
        let years = ["2011", "2012", "2013"]
        let before = try identities(ring, servedIn: years)
        let kid = try ring.rekey(.gm, domain: RotationTests.city, on: moment)
        let after = try identities(ring, servedIn: years)
        #expect(after.map(\.pseudonyms) == before.map(\.pseudonyms))
        #expect(after.prefix(2).map(\.claimant) == before.prefix(2).map(\.claimant))
        #expect(after[2].claimant != before[2].claimant, "the year that has not begun")
        // Old names and those that were carried over are still looked for, the new one is stored.
        #expect(after[0].entitlements.count == 4)
        #expect(after[0].entitlements.prefix(2) == before[0].entitlements[...])
        let held = try ring.active(.pidLink, .gm, domain: RotationTests.city)
        #expect(held.kid == kid && held.isRoot && held.epoch == 3)
        let number = try #require(CleanCouple(file: "A-0").cells["女方身份证号"])
        let link = try PseudonymDomain(
            suite: .gm, root: held.secret, domain: RotationTests.city, epoch: 3,
            source: .residentID
        ).pseudonym(of: Array(number.utf8))
        #expect(after[0].entitlement == String(decoding: link, as: UTF8.self) + "/1")

        // Without the key between, the names of the new one are all that is left.
        let ended = ring.supersededLinkKeys(.gm, domain: RotationTests.city)
        #expect(ended.map(\.epoch) == [2])
        for state in [KeyState.compromised, .destroyed] {
            try ring.mark(ended[0].kid, as: state, on: moment)
        }
        let alone = try identities(ring, servedIn: years)
        #expect(alone[0].entitlements == [after[0].entitlement])
        #expect(alone.map(\.pseudonyms) == before.map(\.pseudonyms))
        #expect(alone.map(\.claimant) == after.map(\.claimant))
        let first = try #require(ring.list().first { $0.use == .pidLink && $0.epoch == 1 })
        #expect(
            try keyFailure { try ring.mark(first.kid, as: .compromised, on: moment) } == .state)

        // With the next key of what leaves, that is made by way of the new one too.
        try ring.rotate(.pidOut, .gm, on: moment)
        let parted = try identities(ring, servedIn: years)
        let out = try ring.active(.pidOut, .gm)
        let nation = try PseudonymDomain(
            suite: .gm, root: out.secret, domain: "out/nat-pchc", epoch: 2,
            source: .linkPseudonym
        ).pseudonym(of: link)
        #expect(parted[0].pseudonyms[0] == nation)
        #expect(parted.prefix(2).map(\.claimant) == before.prefix(2).map(\.claimant))
        // A ring with such a key is read again as it was written, and rotated in a chain.
        var again = try openRing(folder)
        #expect(
            try identities(again, servedIn: years).map(\.entitlements)
                == parted.map(\.entitlements))
        try again.rotate(.pidLink, .gm, domain: RotationTests.city, on: moment)
        let chained = try identities(again, servedIn: years)
        #expect(chained[0].entitlements.count == 2)
        #expect(chained[0].entitlements[0] == after[0].entitlement)
    }

    @Test func `rotating what leaves keeps the settlement names of this year and before`() throws {
        var ring = try makeRing(folder, suites: [.gm])
        let years = ["2011", "2012", "2013", "2014"]
        let before = try identities(ring, servedIn: years)
        try ring.rotate(.pidOut, .gm, on: moment)
        let once = try identities(ring, servedIn: years)
        #expect(once.map(\.entitlement) == before.map(\.entitlement))
        #expect(zip(once, before).allSatisfy { $0.pseudonyms[0] != $1.pseudonyms[0] })
        // It was rotated in 2012: the names of 2012 are in the ledger already.
        #expect(once.prefix(2).map(\.claimant) == before.prefix(2).map(\.claimant))
        #expect(zip(once, before).dropFirst(2).allSatisfy { $0.claimant != $1.claimant })

        try ring.rotate(.pidOut, .gm, on: RotationTests.nextYear)
        let twice = try identities(ring, servedIn: years)
        #expect(twice.prefix(3).map(\.claimant) == once.prefix(3).map(\.claimant))
        #expect(twice[3].claimant != once[3].claimant)
        #expect(
            try NamingKeys(ring, .gm, linkDomain: RotationTests.city).epoch == 3)
    }

    @Test func `a stored free check is known again by the number, and by no other`() throws {
        var ring = try makeRing(folder, suites: [.gm])
        try ring.rotate(.pidLink, .gm, domain: RotationTests.city, on: moment)
        let identity = try #require(try identities(ring, servedIn: ["2012"]).first)
        let number = try #require(CleanCouple(file: "A-0").cells["女方身份证号"])
        let naming = try Identification(
            keys: NamingKeys(ring, .gm, linkDomain: RotationTests.city),
            nationDomain: "out/nat-pchc")
        for (epoch, check) in zip([1, 2], identity.entitlements) {
            func isCheck(_ number: String, _ epoch: Int) throws -> Bool {
                try naming.isCheck(check, of: Array(number.utf8), document: nil, epoch: epoch)
            }
            #expect(try isCheck(number, epoch))
            #expect(try !isCheck(number, 3 - epoch))
            #expect(try !isCheck("990243199202290466", epoch))
        }
    }

    @Test func `a key that names people or cases never ends, one that was never used may`() throws {
        var ring = try makeRing(folder, suites: [.gm])
        let old = try ring.active(.pidLink, .gm, domain: RotationTests.city).kid
        let given = try SecretBytes.random(count: 32)
        let waiting = try ring.add(
            .pidLink, .gm, domain: RotationTests.city, secret: given, on: moment)
        let taken = try ring.rotate(
            .pidLink, .gm, domain: RotationTests.city, on: RotationTests.nextYear)
        #expect(taken == waiting, "the city's key that waited is taken")
        let entry = ring.list().first { $0.kid == taken }
        #expect(entry?.created == moment && entry?.since == RotationTests.nextYear)
        for state in [KeyState.retired, .compromised, .destroyed] {
            #expect(
                try keyFailure { try ring.mark(old, as: state, on: moment) } == .state, "\(state)")
        }
        let unused = try ring.add(.pidOut, .gm, on: moment)
        try ring.mark(unused, as: .destroyed, on: moment)
        #expect(try ring.epochs(of: .pidOut, .gm).map(\.epoch) == [1])
        try ring.rotate(.pidOut, .gm, on: moment)
        #expect(try ring.epochs(of: .pidOut, .gm).map(\.epoch) == [1, 3])
    }

    @Test func `what an earlier field key sealed opens until that key is retired`() throws {
        var ring = try makeRing(folder, suites: [.gm])
        func home() throws -> HomeSeal {
            try HomeSeal(suite: .gm, keys: ring.epochs(of: .field, .gm))
        }
        let text = try home().seal([1, 2, 3], additionalData: "here")
        let key = try SecretBytes.random(count: 32)
        let sealedKey = try home().seal(key, additionalData: "key")
        let old = try ring.active(.field, .gm).kid
        try ring.rotate(.field, .gm, on: moment)
        #expect(try home().open(text, additionalData: "here") == [1, 2, 3])
        #expect(try home().openSecret(sealedKey, additionalData: "key") == key)
        #expect(try !home().isCurrent(text))
        let renewed = try home().seal([1, 2, 3], additionalData: "here")
        #expect(try home().isCurrent(renewed))
        #expect(throws: CryptoFailure.self) { try home().open(text, additionalData: "there") }
        try ring.mark(old, as: .retired, on: moment)
        #expect(throws: CryptoFailure.self) { try home().open(text, additionalData: "here") }
        #expect(try home().open(renewed, additionalData: "here") == [1, 2, 3])
    }
}
