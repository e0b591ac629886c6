import Records

/// `README.txt` of a pack: what is in it, and what an auditor types.
enum PackReadme {
    static func text(of statement: Statement) -> String {
        """
        结算证据包 / Settlement evidence pack
        \(statement.title.zh)　区县 \(statement.division)　\(statement.year) 年度
        \(statement.title.en), county \(statement.division), \(statement.year)

        不需要本系统即可核验。不含个人信息：病例以编号、对象以假名出现。
        It can be checked without our system. No personal data: cases are ids, people pseudonyms.

        一条命令核验全部（Python 3，只用标准库；签名用 openssl 命令）：
        One command checks everything (Python 3, standard library; signatures by openssl):

            python3 verify.py . \(anchorHint)

        包内的 verify.py 本身也可能被换掉：请用您自己保存的一份，并用您自己保存的公钥。
        The verify.py in this pack may have been replaced: use a copy and keys that you hold yourself.
        --county-key 是您持有的本县公钥，--national-key 是您持有的国家平台公钥，均可重复；两者不能互换。
        --county-key is a key of the county that you hold, --national-key one of the national side;
        both repeatable. The statement counts under the former only, the receipts under the latter only.
        不给公钥，就没有人核对过包内公钥是谁的。Without them nobody compared whose keys these are.
        --anchor 是您以前收到的 tree-head.txt。--anchor is a tree-head.txt that you received before.

        手工核验 / By hand, in this folder:

        1. 清单与文件 / files against the manifests
            sha256sum -c --quiet MANIFEST.sha256
            while read -r h f; do [ "$(openssl dgst -sm3 -r "$f" | cut -d' ' -f1)" = "$h" ] || echo "BAD $f"; done < MANIFEST.sm3

        2. 我方对清单的签名 / our signatures over the manifest
            openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey keys/sender-gm.pub.pem -in MANIFEST.sha256 -pkeyopt distid:1234567812345678 -sigfile META/signature.gm.sig
            openssl dgst -sha256 -verify keys/sender-intl.pub.pem -signature META/signature.intl.sig MANIFEST.sha256

        3. 一份国家回执的签名（把 X 换成回执的摘要；.sig 第一行是密钥编号，第二行是签名）
           the national signature of one receipt (X: its digest; .sig holds key id and signature)
            KEY=keys/national-$(sed -n 1p acks/X.xml.sig).pub.pem
            sed -n 2p acks/X.xml.sig | openssl base64 -d -A > /tmp/receipt.sig
            openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey $KEY -in acks/X.xml -pkeyopt distid:1234567812345678 -sigfile /tmp/receipt.sig
            openssl dgst -sha256 -verify $KEY -signature /tmp/receipt.sig acks/X.xml
           （SM2 密钥用前一条，P-256 密钥用后一条 / the former for an SM2 key, the latter for P-256）

        \(unsigned(statement))\(contents)
        """
    }

    /// Where lines rest on lists of results.
    private static func unsigned(_ statement: Statement) -> String {
        guard let unsigned = statement.unsigned else { return "" }
        return """
            无签名 / Without a signature: \(unsigned.cases)
            平台只有网页：这些结算行依据平台导出的结果清单，没有国家签名，行内标有 "grade":"unsigned"。
            acks/ 中对应的文件由本县据清单写成，写明清单的 SHA-256；清单原件在本县，可要求出示。
            The platform has web forms alone: these lines rest on its exported list of results, without
            a national signature, and are marked. The county wrote their receipts by the list, whose
            SHA-256 they name; the list itself is kept at the county and can be asked for.


            """
    }

    private static let anchorHint = "--county-key PEM... --national-key PEM... [--anchor FILE]"

    private static let contents = """
        内容 / Contents
            settlement.html .csv .json  结算表 / the statement
            ledger/leaves.jsonl         每一结算病例一行 / one line for each settled case
            ledger/tree-head.txt        两棵树的根与账本末条 / both roots, and the ledger's last line
            ledger/chain.jsonl          账本，逐条相链 / the ledger, each line linked to the one before
            acks/                       国家回执原件与签名 / the national receipts as received
            submissions/index.csv       报文摘要，不含报文 / digests of what was sent, not the messages
            exceptions.csv              未结算的每一例与原因 / every case that is not paid, and why
            policy/approval.json        映射审批 / the approval of the mapping
            keys/                       公钥 / public keys
            MANIFEST.*  META/           清单与签名 / manifests and signatures

        树：叶 = H(00 ‖ 行，不含换行)，节点 = H(01 ‖ 左 ‖ 右)，RFC 9162。
        Tree: leaf = H(00 || line without its line feed), node = H(01 || left || right), RFC 9162.
        链：SHA-256("GWL1" ‖ prev ‖ seq ‖ at ‖ kind ‖ 00 ‖ body)，seq 与 at（微秒）各 8 字节大端。
        Chain: SHA-256("GWL1" || prev || seq || at || kind || 00 || body), seq and at (microseconds)
        8 bytes each, big-endian.
        """
}
