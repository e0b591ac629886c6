import Foundation
import Testing

/// A forger who knows the format by heart: after each change he makes every number fit again that
/// he can make fit without a key that is not his.
enum Forger {
    /// Python by which a pack's files are changed and made to fit.
    private static let tools = """
        import csv, hashlib, json, os, re, shutil
        LEAVES = 'ledger/leaves.jsonl'
        def text(path): return open(path, encoding='utf-8', newline='').read()
        def put(path, text): open(path, 'w', encoding='utf-8', newline='').write(text)
        def h(kind, data): return hashlib.new(kind, data).digest()
        def node(kind, leaves):
            if len(leaves) < 2: return leaves[0] if leaves else h(kind, b'')
            cut = 1 << (len(leaves) - 1).bit_length() - 1
            return h(kind, b'\\1' + node(kind, leaves[:cut]) + node(kind, leaves[cut:]))
        def proof(leaves, old, whole=True):
            if old in (0, len(leaves)): return [] if whole else [node('sha256', leaves).hex()]
            cut = 1 << (len(leaves) - 1).bit_length() - 1
            if old <= cut: return proof(leaves[:cut], old, whole) + [node('sha256', leaves[cut:]).hex()]
            return proof(leaves[cut:], old - cut, False) + [node('sha256', leaves[:cut]).hex()]
        def lines(): return [json.loads(line) for line in text(LEAVES).splitlines()]
        def head():
            words = text('ledger/tree-head.txt').split()
            return dict(zip(words[::2], words[1::2]))
        def behead(**changes):
            now = dict(head(), **{name.replace('_', '-'): str(value) for name, value in changes.items()})
            put('ledger/tree-head.txt', ''.join(f'{name} {value}\\n' for name, value in now.items()))
        def grow(raw, rooted=None):
            # The tree over these lines, and a proof of the old part that is right for it.
            put(LEAVES, ''.join(line + '\\n' for line in raw))
            trees = {kind: [h(kind, b'\\0' + line.encode()) for line in raw] for kind in ('sha256', 'sm3')}
            old = min(int(head()['prev-size']), len(raw))
            if rooted: behead(prev_root_sha256=node('sha256', trees['sha256'][:old]).hex())
            behead(size=len(raw), prev_size=old, root_sha256=node('sha256', trees['sha256']).hex(),
                   root_sm3=node('sm3', trees['sm3']).hex())
            now = head()
            put('ledger/consistency.txt', '\\n'.join([f"from {old} {now['prev-root-sha256']}",
                f"to {len(raw)} {now['root-sha256']}"] + proof(trees['sha256'], old)) + '\\n')
        def state(change):
            now = json.loads(text('settlement.json'))
            change(now)
            put('settlement.json', json.dumps(now, sort_keys=True, separators=(',', ':'), ensure_ascii=False))
            behead(statement_sha256=h('sha256', text('settlement.json').encode()).hex())
        def write(leaves, rooted=None):
            for seq, leaf in enumerate(leaves, 1): leaf['seq'] = seq
            grow([json.dumps(leaf, sort_keys=True, separators=(',', ':')) for leaf in leaves], rooted)
            def total(now):
                for line in now['lines']:
                    mine = [leaf for leaf in leaves if leaf['item'] == line['item']]
                    sign = [1 if leaf['state'] == 'settled' else -1 for leaf in mine]
                    line.update(cases=sum(sign), fen=sum(leaf['fen'] for leaf in mine),
                                persons=sum(s * leaf['persons'] for s, leaf in zip(sign, mine)))
                fen = sum(leaf['fen'] for leaf in leaves)
                now['payers'][0]['dueFen'] += fen - now['totalFen']
                now['payers'][0]['totalFen'] += fen - now['totalFen']
                put('settlement.csv', text('settlement.csv').replace(f",{now['totalFen']},", f',{fen},'))
                now['totalFen'] = fen
            state(total)
        def rename(old, content):
            # A receipt under the name that its new content has, wherever it is named.
            new = h('sha256', content.encode()).hex()
            put(f'acks/{new}.xml', content)
            os.remove(f'acks/{old}.xml')
            if os.path.exists(f'acks/{old}.sig'): os.rename(f'acks/{old}.sig', f'acks/{new}.sig')
            put('acks/index.csv', text('acks/index.csv').replace(old, new))
            put('exceptions.csv', text('exceptions.csv').replace(old, new))
            write(json.loads(json.dumps(lines()).replace(old, new)), True)
        acks = sorted({leaf['ack_sha256'] for leaf in lines()})

        """

    /// Runs `script` over the pack, and makes the manifests fit unless that is left out.
    static func change(
        _ sample: SamplePack, _ script: String, isRebuilt: Bool = true
    ) throws {
        let file = sample.folder.appendingPathComponent("forger.py")
        try Data((tools + script + "\n").utf8).write(to: file)
        let done = try sample.run("python3 -B ../forger.py")
        #expect(done.status == 0, "\(done.output)")
        if isRebuilt { try sample.rebuildManifests() }
    }
}
