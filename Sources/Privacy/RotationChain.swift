package import LibCrypto

/// Carries a stored keyed name from one epoch to the next (链式轮换): `next = HMAC(K_next, name)`
/// (PRIVACY 3.3). A fresh computation runs the whole chain and arrives at the same name, so no
/// personal value is needed, and whoever has only some of the keys can make none of the names.
///
/// One a thread: it keeps keyed contexts.
package final class RotationChain {
    /// What the steps carry.
    private enum Step {
        case link(PseudonymDomain)
        case content(KeyedDigest)
    }

    /// The epochs, oldest first; never empty.
    package let epochs: [Int]
    /// The step to each epoch but the first.
    private let steps: [Step]

    /// The chain of link pseudonyms: each is the link pseudonym of the one before. It begins with
    /// the oldest key from which none is missing.
    package static func link(_ keys: NamingKeys) throws(CryptoFailure) -> RotationChain {
        for key in keys.link {
            if let chain = try link(keys, from: key.epoch) { return chain }
        }
        throw CryptoFailure(.badKey, "link keys")
    }

    /// The same from an epoch on; `nil` where a key since is gone.
    static func link(_ keys: NamingKeys, from epoch: Int) throws(CryptoFailure) -> RotationChain? {
        guard let links = keys.linkKeys(from: epoch) else { return nil }
        var steps: [Step] = []
        for key in links.dropFirst() {
            steps.append(
                .link(
                    try PseudonymDomain(
                        suite: keys.suite, root: key.secret, domain: keys.linkDomain,
                        epoch: key.epoch, source: .linkPseudonym)))
        }
        return RotationChain(links.map(\.epoch), steps)
    }

    /// The chain of content digests: 16 bytes each.
    package static func content(_ keys: NamingKeys) throws(CryptoFailure) -> RotationChain {
        var steps: [Step] = []
        for key in keys.content.dropFirst() {
            steps.append(.content(try KeyedDigest(suite: keys.suite, key: key.secret)))
        }
        return RotationChain(keys.content.map(\.epoch), steps)
    }

    private init(_ epochs: [Int], _ steps: [Step]) {
        self.epochs = epochs
        self.steps = steps
    }

    /// The name of every epoch, oldest first.
    ///
    /// - Parameter first: that of the first epoch.
    package func names(from first: [UInt8]) throws(CryptoFailure) -> [[UInt8]] {
        var names = [first]
        names.reserveCapacity(epochs.count)
        for step in steps { names.append(try take(step, names[names.count - 1])) }
        return names
    }

    /// A stored name in the newest epoch; `nil` where its epoch is none of the chain.
    package func renewed(_ name: [UInt8], from epoch: Int) throws(CryptoFailure) -> [UInt8]? {
        guard let place = epochs.firstIndex(of: epoch) else { return nil }
        var name = name
        for step in steps[place...] { name = try take(step, name) }
        return name
    }

    private func take(_ step: Step, _ name: [UInt8]) throws(CryptoFailure) -> [UInt8] {
        switch step {
        case .link(let domain): try domain.pseudonym(of: name)
        case .content(let digest): Array(try digest.digest(name)[0..<16])
        }
    }
}
