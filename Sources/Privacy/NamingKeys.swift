package import LibCrypto
import Records

/// The county's own keys for naming: what stays at home and what is made for others.
package struct NamingKeys: Sendable {
    package let suite: CipherSuite
    /// Every epoch of the root of the internal join (`link/<city>`), oldest first, never empty and
    /// never used for what leaves.
    package let link: [HeldKey]
    /// e.g. `link/city-9901`.
    package let linkDomain: String
    /// Every epoch of the root of what leaves (`out/…`), oldest first, never empty.
    package let out: [HeldKey]
    /// Names cases (`Record@id`); never rotated.
    package let caseKey: SecretBytes
    /// Every epoch of the key that tells whether a case's content changed, oldest first, never
    /// empty; it never leaves.
    package let content: [HeldKey]

    /// The keys of a ring in one suite. Throws `missing`.
    ///
    /// - Parameter linkDomain: the city's, e.g. `link/city-9901`.
    package init(_ keyring: Keyring, _ suite: CipherSuite, linkDomain: String) throws(KeyFailure) {
        self.suite = suite
        link = try keyring.epochs(of: .pidLink, suite, domain: linkDomain)
        self.linkDomain = linkDomain
        out = try keyring.epochs(of: .pidOut, suite)
        caseKey = try keyring.active(.caseID, suite).secret
        content = try keyring.epochs(of: .content, suite)
    }

    /// Keys without a ring, none of which was ever rotated.
    ///
    /// - Parameter epoch: the one that pseudonyms for the nation bear (`pseudonymEpoch`).
    package init(
        suite: CipherSuite, linkRoot: SecretBytes, linkDomain: String, outRoot: SecretBytes,
        epoch: Int, caseKey: SecretBytes, contentKey: SecretBytes
    ) {
        func only(_ secret: SecretBytes, epoch: Int = 1) -> [HeldKey] {
            [HeldKey(kid: "", epoch: epoch, activated: Timestamp(microseconds: 0), secret: secret)]
        }
        self.suite = suite
        link = only(linkRoot)
        self.linkDomain = linkDomain
        out = only(outRoot, epoch: epoch)
        self.caseKey = caseKey
        content = only(contentKey)
    }

    /// The epoch that pseudonyms for the nation bear (`pseudonymEpoch`).
    package var epoch: Int { out[out.count - 1].epoch }

    /// The epochs that stored names are made in.
    package var epochs: NamingEpochs {
        NamingEpochs(
            link: link[link.count - 1].epoch, content: content[content.count - 1].epoch,
            linkRoot: linkRoots[linkRoots.count - 1].epoch)
    }

    /// The link keys whose names are made of numbers, oldest first; never empty.
    var linkRoots: [HeldKey] {
        link.enumerated().filter { $0.offset == 0 || $0.element.isRoot }.map(\.element)
    }

    /// The link keys from an epoch to the newest; `nil` where one between is gone.
    func linkKeys(from epoch: Int) -> [HeldKey]? {
        let keys = Array(link.drop { $0.epoch < epoch })
        let isWhole = zip(keys, keys.dropFirst()).allSatisfy { $0.epoch + 1 == $1.epoch }
        return isWhole && !keys.isEmpty ? keys : nil
    }

    /// The epoch of the oldest root from which no key is missing: names of the roots before it are
    /// found no more.
    package var oldestWholeRoot: Int {
        linkRoots.first { linkKeys(from: $0.epoch) != nil }?.epoch ?? link[link.count - 1].epoch
    }

    /// Which root the nation's pseudonyms are made of: the newest that was there when the key of
    /// what leaves became active. They change with that key alone.
    var placeOfNationalRoot: Int {
        linkRoots.lastIndex { $0.epoch <= out[out.count - 1].base } ?? 0
    }

    /// Which root a year's settlement names are made of: the newest that was active before the year
    /// began, else the first.
    func place(ofRootIn year: Int) -> Int {
        linkRoots.lastIndex { $0.activated.day.parts.year < year } ?? 0
    }

    /// The key under which a year's settlement names are made: the newest that was active before
    /// the year began, else the first. A rotation in the midst of a year changes no name of that
    /// year or of one before, since the ledger holds those for good.
    func settlementRoot(of year: Int) -> SecretBytes {
        (out.last { $0.activated.day.parts.year < year } ?? out[0]).secret
    }
}

/// The epochs in which a process makes the names that the register stores.
package struct NamingEpochs: Sendable, Hashable {
    package let link: Int
    package let content: Int
    /// The epoch of the newest link key whose names are made of numbers.
    package let linkRoot: Int

    package init(link: Int, content: Int, linkRoot: Int = 1) {
        self.linkRoot = linkRoot
        self.link = link
        self.content = content
    }

    /// The epoch of a chained use; 0 for others.
    package subscript(use: KeyUse) -> Int {
        switch use {
        case .pidLink: link
        case .content: content
        default: 0
        }
    }
}
