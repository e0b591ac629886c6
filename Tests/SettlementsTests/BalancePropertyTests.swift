import Evidence
import Records
import Settlements
import Testing

@Suite struct BalancePropertyTests {
    @Test(arguments: 1...UInt64(60))
    func `The books balance after every step of a legal history, class by class`(seed: UInt64) {
        var history = RandomHistory(seed: seed)
        for step in 1...120 {
            history.step()
            let balance = Balance(history.sample)
            let sum = Balance.sum(balance.lines)
            let counts = history.counts
            #expect(balance.balances, "seed \(seed), step \(step)")
            #expect(sum.taken == counts.values.reduce(0, +), "seed \(seed), step \(step)")
            for standing in BalanceClass.allCases {
                #expect(
                    sum[standing] == counts[standing, default: 0],
                    "seed \(seed), step \(step), \(standing)")
            }
        }
    }

    @Test(arguments: 1...UInt64(60))
    func `No history pays a person twice, nor pays a disputed or withdrawn case`(
        seed: UInt64
    ) throws {
        var history = RandomHistory(seed: seed)
        for _ in 1...150 { history.step() }
        let settlement = try SampleFunding.closing(history.sample)
        let claims = settlement.paid.map { $0.record.claimant }
        #expect(Set(claims).count == claims.count)
        for paid in settlement.paid {
            let versions = history.cases[paid.record.record.text] ?? []
            let inForce = versions.first { $0.record.version == paid.record.version }
            #expect(inForce?.standing == .accepted)
            let isFrozen = versions.contains {
                $0.isDisputed && $0.record.version >= paid.record.version
            }
            #expect(!isFrozen)
        }
        let accepted = history.cases.values.joined().filter { $0.standing == .accepted }.count
        let frozen = settlement.unpaid.filter { $0.reason == .disputed }.count
        #expect(settlement.paid.count <= accepted)
        #expect(settlement.paid.count + frozen >= accepted)
    }
}
