import LibCrypto
import Records

/// `README.txt` of a pack: what is in it, and what an auditor types (PRIVACY 5.4).
enum PackReadme {
    static func text(
        of statement: Statement, _ sources: PackSources, at moment: Timestamp
    ) -> String {
        let suites = sources.signers.map(\.suite)
        var sections = [
            head(statement), manifests, signatures(suites, at: moment),
        ]
        sections.append(sources.stamping == nil ? noStamps : stamps(suites))
        sections += [receipts, program, proof, unsigned(statement) + contents]
        return sections.joined(separator: "\n")
    }

    private static func head(_ statement: Statement) -> String {
        """
        结算证据包 / Settlement evidence pack
        \(statement.title.zh)　区县 \(statement.division)　\(statement.year) 年度
        \(statement.title.en), county \(statement.division), \(statement.year)

        不需要本系统即可核验。不含个人信息：病例以编号、对象以假名出现。
        It can be checked without our system. No personal data: cases are ids, people pseudonyms.

        先解开，以下命令都在解开的文件夹里执行（bash）：
        Unpack it; every command below is typed in that folder (bash):

            python3 -m zipfile -e 证据包.asice x && cd x

        证书、国家平台公钥和 verify.py 请用您自己保存的：包里的可能被换掉。没有自己的，就把指纹与本县、
        与国家平台核对。 Use certificates, national keys and a verify.py that you hold yourself: those in
        here may have been replaced. Without, compare the fingerprints with the county and the nation.

        """
    }

    private static let manifests = """
        1. 文件与清单 / files against the manifests
            sha256sum -c --quiet MANIFEST.sha256
            while read -r h f; do [ "$(openssl dgst -sm3 -r "$f" | cut -d' ' -f1)" = "$h" ] || echo "BAD $f"; done < MANIFEST.sm3

        """

    private static func signatures(_ suites: [CipherSuite], at moment: Timestamp) -> String {
        var text = """
            2. 本县的签名（签在 META-INF/ASiCManifest001.xml 上，它写明每个文件的摘要）
               the county's signatures, over the file that names the digest of every other

            """
        if suites.contains(.intl) {
            text += """
                    openssl cms -verify -binary -cades -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml -CAfile certs/signer-intl.pem -no-CApath -no-CAstore -attime \(moment.microseconds / 1_000_000) -purpose any -signer ../who.pem -out /dev/null
                    openssl x509 -in ../who.pem -noout -subject -fingerprint -sha256; rm ../who.pem

                """
        }
        if suites.contains(.gm) {
            text += """
                    openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey <(openssl x509 -in certs/signer-gm.pem -pubkey -noout) -in META-INF/ASiCManifest001.xml -pkeyopt distid:1234567812345678 -sigfile META-INF/signature001.sm2
                    openssl verify -vfyopt distid:1234567812345678 -no-CApath -no-CAstore -attime \(moment.microseconds / 1_000_000) -CAfile certs/signer-gm.pem certs/signer-gm.pem
                    openssl x509 -in certs/signer-gm.pem -noout -subject -fingerprint -sha256

                """
        }
        return text
    }

    private static let noStamps = """
        3. 时间戳 / the time stamp: 本包没有 / this pack has none

        """

    private static func stamps(_ suites: [CipherSuite]) -> String {
        var text = """
            3. 时间戳 / the time stamp (RFC 3161)

            """
        for suite in suites {
            let name = suite == .gm ? "signature001.sm2" : "signature001.p7s"
            text += """
                    openssl ts -verify -data META-INF/\(name) -in META-INF/\(name).tsr -CAfile certs/tsa.pem
                    openssl ts -reply -in META-INF/\(name).tsr -text | grep 'Time stamp'

                """
        }
        return text
    }

    private static let receipts = """
        4. 国家回执的签名：K 是您自己保存的国家平台公钥所在的文件夹，不要用包里的 keys；没有的，先比对指纹
           the national signatures: K is a folder with the national keys that you hold, not this pack's;
           without, compare the fingerprints with the national side first
            K=keys; export K; for f in $K/national-*.pub.pem; do echo "$f $(openssl pkey -pubin -in $f -outform DER | sha256sum)"; done
            tail -n +2 acks/index.csv | tr -d '\\r' | xargs -d '\\n' -P 4 -n 100 bash -c 'for row; do IFS=, read -r h k t <<< "$row"; [ -z "$k" ] || if openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey "$K/national-$k.pub.pem" -in "acks/$h.xml" -pkeyopt distid:1234567812345678 -sigfile "acks/$h.sig" >/dev/null 2>&1 || openssl dgst -sha256 -verify "$K/national-$k.pub.pem" -signature "acks/$h.sig" "acks/$h.xml" >/dev/null 2>&1; then echo OK; else echo "BAD acks/$h.xml"; fi; done' _ | awk -v all="$(ls acks | grep -c '[.]sig$')" '/^OK$/ {n++; next} {print} END {print "OK", n + 0, "/", all}'
            for f in counts/*.xml; do [ -e "$f" ] || continue; k=$(basename $f .xml); openssl pkeyutl -verify -rawin -digest sm3 -pubin -inkey "$K/$k.pub.pem" -in $f -pkeyopt distid:1234567812345678 -sigfile counts/$k.sig >/dev/null 2>&1 || openssl dgst -sha256 -verify "$K/$k.pub.pem" -signature counts/$k.sig $f >/dev/null 2>&1 || echo "BAD $f"; done
           每份不符的列出；最后 OK 的两个数必须相同。What is wrong is listed; the two numbers of OK must be equal.

        """

    private static let program = """
        5. 其余一切：文件、树、合计、回执、重复（Python 3，只用标准库）
           all the rest: files, tree, totals, receipts, doubles (Python 3, its standard library)
            python3 verify.py .
           有以前的 tree-head.txt 或一行锚点时加 --anchor FILE。With an earlier head: --anchor FILE.
           它不重算份额、网页、PDF 和假名：向本县要账本（shangbao ledger export）和 recount.py，从账本重算一切。
           It does not reckon shares, page, paper and pseudonyms anew: ask the county for the ledger and for recount.py.

        """

    private static let proof = """
        6. 手工核对一行 / one line by hand: N is its number
            N=1; h=$( (printf '\\0'; sed -n ${N}p ledger/leaves.jsonl | tr -d '\\n') | sha256sum | cut -d' ' -f1); echo $h
           证明的每一步 p：在右 printf '\\1'"h p"，在左 printf '\\1'"p h"，转成字节再 sha256sum；最后等于 root-sha256。
           For each step p of its proof: H(01 h p) where p is on the right, H(01 p h) on the left; the last is
           root-sha256. `sample.py --proof` checks the steps that the county hands out.

        """

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

    private static let contents = """
        内容 / Contents
            settlement.html .pdf .csv .xml .json   结算表 / the statement
            ledger/leaves.jsonl        每一结算病例一行，冲减另成一行 / a line for each settled case, another if it is taken off
            ledger/tree-head.txt       两棵树的根、上一树头、账本末条 / both roots, the head before, the ledger's last line
            ledger/consistency.txt     上一树头的行都在其中的证明 / proof that the lines of the head before are in it
            acks/                      国家回执原件与签名 / the national receipts as received, and their signatures
            counts/                    国家对账数原件与签名 / the national counts as received, and their signature
            submissions/index.csv      报文摘要，不含报文 / digests of what was sent, not the messages
            exceptions.csv             未结算的每一例与原因 / every case that is not paid, and why
            policy/approval.json       映射审批 / the approval of the mapping
            keys/  certs/              公钥与证书 / public keys and certificates
            MANIFEST.*  META-INF/      清单与签名 / manifests and signatures

        树：叶 = H(00 ‖ 行，不含换行)，节点 = H(01 ‖ 左 ‖ 右)，RFC 9162。
        Tree: leaf = H(00 || line without its line feed), node = H(01 || left || right), RFC 9162.
        """
}
