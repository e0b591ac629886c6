import Evidence
import LibCrypto
import Testing

/// The leaves and heads that the Certificate Transparency implementations test with.
private let transparencyLeaves: [[UInt8]] = [
    [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57], Array(0x60...0x6F),
]

private let transparencyHeads = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

/// The definition of RFC 9162 section 2.1.1, word for word.
private func definedHead(_ leaves: ArraySlice<[UInt8]>, _ hash: Hash) -> [UInt8] {
    if leaves.isEmpty { return hash.digest([]) }
    if leaves.count == 1 { return hash.digest([0] + leaves[leaves.startIndex]) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    let middle = leaves.startIndex + split
    return hash.digest(
        [1] + definedHead(leaves[..<middle], hash) + definedHead(leaves[middle...], hash))
}

struct HashTreeTests {
    @Test(arguments: 0...8)
    func `heads are those of Certificate Transparency`(size: Int) {
        let tree = HashTree(transparencyLeaves.prefix(size), hash: .sha256)
        #expect(Hex.encode(tree.root) == transparencyHeads[size])
        let whole = HashTree(transparencyLeaves, hash: .sha256)
        #expect(Hex.encode(whole.root(size)) == transparencyHeads[size])
    }

    @Test func `proofs are those of Certificate Transparency`() {
        let tree = HashTree(transparencyLeaves, hash: .sha256)
        let path = [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
        #expect(tree.inclusionProof(of: 0).map(Hex.encode) == path)
        #expect(tree.consistencyProof(from: 1).map(Hex.encode) == path)
        #expect(
            tree.consistencyProof(from: 6).map(Hex.encode) == [
                "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ])
    }

    @Test(arguments: Hash.allCases)
    func `every leaf of every tree to 33 leaves is proved, and no other`(hash: Hash) {
        let leaves = (0..<33).map { [UInt8]("leaf \($0)".utf8) }
        for count in 1...33 {
            let tree = HashTree(leaves.prefix(count), hash: hash)
            #expect(tree.root == definedHead(leaves.prefix(count), hash))
            for index in 0..<count {
                let proof = tree.inclusionProof(of: index)
                func holds(_ leaf: [UInt8], _ place: Int, _ proof: [[UInt8]]) -> Bool {
                    HashTree.isIncluded(
                        leaf: leaf, at: place, of: count, proof: proof, root: tree.root,
                        hash: hash)
                }
                #expect(holds(leaves[index], index, proof))
                #expect(!holds([0x78], index, proof))
                #expect(!holds(leaves[index], index, proof + [tree.root]))
                #expect(count == 1 || !holds(leaves[index], (index + 1) % count, proof))
                #expect(count == 1 || !holds(leaves[index], index, Array(proof.dropLast())))
            }
        }
    }

    @Test(arguments: Hash.allCases)
    func `every tree to 20 leaves is proved to continue every smaller one`(hash: Hash) {
        let leaves = (0..<20).map { [UInt8]("leaf \($0)".utf8) }
        for count in 1...20 {
            let tree = HashTree(leaves.prefix(count), hash: hash)
            for old in 0...count {
                let oldRoot = definedHead(leaves.prefix(old), hash)
                let proof = tree.consistencyProof(from: old)
                func holds(_ oldRoot: [UInt8], _ newRoot: [UInt8]) -> Bool {
                    HashTree.isConsistent(
                        from: old, oldRoot, to: count, newRoot, proof: proof, hash: hash)
                }
                #expect(holds(oldRoot, tree.root))
                #expect(!holds(hash.digest([1]), tree.root))
                #expect(old == 0 || !holds(oldRoot, hash.digest([2])))
            }
        }
    }
}
