import LibCurl
import Testing

struct PeerAddressTests {
    @Test(
        arguments: [
            [0, 0, 0, 0], [127, 0, 0, 1], [127, 255, 255, 254], [169, 254, 169, 254],
            [224, 0, 0, 1],
            [255, 255, 255, 255],
        ] as [[UInt8]])
    func `An address of this machine or link is local, also as IPv6`(address: [UInt8]) {
        #expect(PeerAddress.isLocal(version4: address))
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address
        #expect(PeerAddress.isLocal(version6: mapped))
    }

    @Test(
        arguments: [[10, 1, 2, 3], [172, 16, 0, 1], [192, 168, 1, 1], [203, 0, 113, 9]] as [[UInt8]]
    )
    func `An address of a government network is not local`(address: [UInt8]) {
        #expect(!PeerAddress.isLocal(version4: address))
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + address
        #expect(!PeerAddress.isLocal(version6: mapped))
    }

    @Test func `IPv6 has local addresses of its own`() {
        let zeros = [UInt8](repeating: 0, count: 14)
        #expect(PeerAddress.isLocal(version6: zeros + [0, 0]))
        #expect(PeerAddress.isLocal(version6: zeros + [0, 1]))
        #expect(PeerAddress.isLocal(version6: [0xFE, 0x80] + zeros))
        #expect(PeerAddress.isLocal(version6: [0xFE, 0xBF] + zeros))
        #expect(PeerAddress.isLocal(version6: [0xFF, 0x02] + zeros))
        #expect(!PeerAddress.isLocal(version6: [0xFC, 0x00] + zeros))
        #expect(!PeerAddress.isLocal(version6: [0x20, 0x01] + zeros))
    }
}
