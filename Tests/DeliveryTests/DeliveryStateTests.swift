import Delivery
import Evidence
import Testing

struct DeliveryStateTests {
    /// RELIABILITY's moves, written down a second time by what they mean.
    private static let moves: [DeliveryState: [DeliveryEvent: DeliveryState]] = [
        .due: [
            .claimed: .leased, .stored: .awaiting, .answered: .final, .stopped: .held,
            .cancelled: .cancelled, .remembered: .inDoubt,
        ],
        .leased: [
            .released: .due, .sendingBegan: .onWire, .stored: .awaiting, .answered: .final,
            .stopped: .held, .remembered: .inDoubt,
        ],
        .onWire: [
            .notTaken: .due, .lost: .inDoubt, .stored: .awaiting, .answered: .final,
            .stopped: .held, .remembered: .inDoubt,
        ],
        .inDoubt: [.mayRepeat: .due, .stored: .awaiting, .answered: .final, .stopped: .held],
        .awaiting: [.overdue: .inDoubt, .stored: .awaiting, .answered: .final, .stopped: .held],
        .held: [
            .answered: .final, .resumed: .due, .askedAgain: .inDoubt, .cancelled: .cancelled,
        ],
        .final: [:],
        .cancelled: [:],
    ]

    @Test(arguments: DeliveryState.allCases, DeliveryEvent.allCases)
    func `every pair of state and event does what the table says`(
        state: DeliveryState, event: DeliveryEvent
    ) {
        #expect(state.after(event) == Self.moves[state]?[event])
    }

    @Test func `nothing leaves final and cancelled, and every other state can reach final`() {
        for state in [DeliveryState.final, .cancelled] {
            #expect(DeliveryEvent.allCases.allSatisfy { state.after($0) == nil })
        }
        for state in DeliveryState.allCases where state != .cancelled {
            var reached: Set<DeliveryState> = [state]
            for _ in DeliveryState.allCases {
                for from in reached {
                    reached.formUnion(DeliveryEvent.allCases.compactMap { from.after($0) })
                }
            }
            #expect(reached.contains(.final))
        }
    }

    @Test func `only a lease leads onto the wire, and what was there is due only by proof`() {
        for state in DeliveryState.allCases {
            for event in DeliveryEvent.allCases {
                if state.after(event) == .onWire { #expect(state == .leased) }
                if state == .onWire, state.after(event) == .due { #expect(event == .notTaken) }
            }
        }
    }
}

struct ItemStateTests {
    @Test func `verdicts commute and repeat without effect`() {
        for state in ItemState.allCases {
            for first in Verdict.allCases {
                let once = state.joined(with: first)
                #expect(once.joined(with: first) == once)
                for second in Verdict.allCases {
                    #expect(
                        once.joined(with: second)
                            == state.joined(with: second).joined(with: first))
                }
            }
        }
    }

    @Test func `an acceptance leaves only for a dispute or a reversal, and a dispute never`() {
        for verdict in Verdict.allCases {
            let after = ItemState.accepted.joined(with: verdict)
            let expected: ItemState =
                verdict == .rejected ? .disputed : verdict == .reversed ? .reversed : .accepted
            #expect(after == expected)
            #expect(ItemState.disputed.joined(with: verdict) == .disputed)
            // What was taken back may have been sent before: the nation's word counts.
            let told: [Verdict: ItemState] = [
                .accepted: .accepted, .rejected: .rejected, .reversed: .reversed,
            ]
            #expect(ItemState.void.joined(with: verdict) == told[verdict] ?? .void)
        }
    }
}
