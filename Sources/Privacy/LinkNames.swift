import LibCrypto

/// Names people for the county's own joins (本地关联名), from every root of the link keys: the first
/// key, and each that took over without the ones before it. One a thread.
///
/// What leaves is made of a link pseudonym too: of which root is fixed by the key or the year that
/// it is made for, so that names that others have stay as they are.
final class LinkNames {
    private struct Root {
        let key: HeldKey
        let residents: PseudonymDomain
        /// `nil` where a key between it and the newest one is gone: its own pseudonyms are still
        /// what others' names are made of.
        let chain: RotationChain?
    }

    private let keys: NamingKeys
    private let roots: [Root]
    /// The same joins for the few numbers of other documents.
    private var documents: [Int: [PseudonymDomain.Source: PseudonymDomain]] = [:]

    init(_ keys: NamingKeys) throws(CryptoFailure) {
        self.keys = keys
        var roots: [Root] = []
        for key in keys.linkRoots {
            roots.append(
                Root(
                    key: key, residents: try LinkNames.domain(of: key, .residentID, keys),
                    chain: try .link(keys, from: key.epoch)))
        }
        self.roots = roots
    }

    private static func domain(
        of key: HeldKey, _ source: PseudonymDomain.Source, _ keys: NamingKeys
    ) throws(CryptoFailure) -> PseudonymDomain {
        try PseudonymDomain(
            suite: keys.suite, root: key.secret, domain: keys.linkDomain, epoch: key.epoch,
            source: source)
    }

    /// The pseudonym of a number under each root, oldest root first.
    func pseudonyms(
        of number: some Collection<UInt8>, as source: PseudonymDomain.Source = .residentID
    ) throws(CryptoFailure) -> [[UInt8]] {
        var found: [[UInt8]] = []
        found.reserveCapacity(roots.count)
        for place in roots.indices {
            found.append(try domain(place, source).pseudonym(of: number))
        }
        return found
    }

    private func domain(_ place: Int, _ source: PseudonymDomain.Source) throws(CryptoFailure)
        -> PseudonymDomain
    {
        if source == .residentID { return roots[place].residents }
        if let kept = documents[place]?[source] { return kept }
        let domain = try LinkNames.domain(of: roots[place].key, source, keys)
        documents[place, default: [:]][source] = domain
        return domain
    }

    /// All names that a person may stand under: of every root in every epoch since, oldest root
    /// first; the last one is what is stored now.
    ///
    /// - Parameter pseudonyms: under each root.
    func names(from pseudonyms: [[UInt8]]) throws(CryptoFailure) -> [[UInt8]] {
        var names: [[UInt8]] = []
        for (root, pseudonym) in zip(roots, pseudonyms) {
            if let chain = root.chain { names += try chain.names(from: pseudonym) }
        }
        return names
    }

    /// Those of one epoch.
    func names(from pseudonyms: [[UInt8]], in epoch: Int) throws(CryptoFailure) -> [[UInt8]] {
        var names: [[UInt8]] = []
        for (root, pseudonym) in zip(roots, pseudonyms) {
            guard let chain = root.chain, let place = chain.epochs.firstIndex(of: epoch) else {
                continue
            }
            names.append(try chain.names(from: pseudonym)[place])
        }
        return names
    }

    /// The pseudonym of which the nation's is made.
    func national(_ pseudonyms: [[UInt8]]) -> [UInt8] {
        pseudonyms[keys.placeOfNationalRoot]
    }

    /// The pseudonym of which a year's settlement name is made.
    func settled(_ pseudonyms: [[UInt8]], in year: Int) -> [UInt8] {
        pseudonyms[keys.place(ofRootIn: year)]
    }
}
