import Flow

/// The text of a new `shangbao.yaml`: every key with a sentence in both languages.
struct SiteText {
    let environment: String
    let zh: String
    let en: String
    let creditCode: String
    let region: String
    let city: String
    let mappings: String
    let passphrase: String
    let suite: String
    let binding: Binding
    let address: String
    /// Of an SFTP server: its fingerprint, and our login key's file.
    var hostKey = Configuration.unfilled
    var loginKey = "keys/national/sftp"
    /// The folder with what the national side gave us.
    let national: String
    let recipientName: String
    let receipts: [String]

    /// How the national side is reached, and what that takes.
    private var way: String {
        let head = """
              # 接口方式：https（默认）、soap（省级旧平台）、sftp，或 assisted（只有网页，人录入）
              # https, soap of older platforms, sftp, or assisted: web forms alone, people type
              binding: \(binding.rawValue)
            """
        if binding == .assisted { return head }
        guard binding == .sftp else {
            return head + """

                  # 国家平台地址，必须是 https · its address
                  address: \(address)
                  # 国家平台 TLS 证书的签发机构，只信这一个 · the only authority that is believed
                  authority: \(national)/ca.pem
                  # 本县的客户端证书和私钥 · our client certificate and its key
                  identity: { certificate: \(national)/client.crt.pem, key: \(national)/client.key.pem }
                """
        }
        return head + """

              # 用户、主机、端口和目录，其中有 outbox 与 inbox · where outbox and inbox lie
              address: \(address)
              # 主机密钥指纹，不符就不登录；换钥时写新旧两个 · host keys; any other ends the connection
              hostKeys: ["\(hostKey)"]
              # 登录私钥，没有口令、只有本程序可读 · our login key, a file that only this program reads
              identity: { key: \(loginKey) }
            """
    }

    /// The keys of the other side; none where nothing goes over a wire.
    private var keys: String {
        if binding == .assisted {
            return """
                  # 没有接口就没有平台公钥：内容只有本县能打开
                  # Without a wire there is no key of theirs: this county alone opens what is sealed
                """
        }
        return """
              # 收件方公钥：密封字段只有它能打开 · the recipient's key: only it opens sealed fields
              recipient: { name: \(recipientName), \(suite): \(national)/recipient-\(suite).pub.pem }
              # 国家平台的回执签名公钥 · keys that sign its receipts
              receipts:
            \(receipts.joined(separator: "\n"))
            """
    }

    var text: String {
        """
        # 本县的设置。相对路径从本文件所在目录算起；密钥和口令只写出处，不写内容。
        # What this county says. Paths are relative to this folder; secrets are named here, never written.

        # rehearsal 演练：只接受虚构人员，映射不必审批；production 正式：相反。
        # rehearsal: invented people only, mappings need no approval; production: the other way round.
        environment: \(environment)

        county:
          # 县（区）名称，中英文 · the county's name
          zh: \(zh)
          en: \(en)
          # 18 位统一社会信用代码，与客户端证书的名称一致 · credit code; the client certificate bears it
          creditCode: \(creditCode)
          # 6 位行政区划代码（GB/T 2260） · division code
          region: "\(region)"
          # 结算区域没有自己的区划代码的（如开发区），写明代码 · a funding area without a division code
          # fundingArea: LC-KFQ
          # 本地关联假名的密钥域 link/… · names the key domain of internal joins
          city: \(city)

        # 项目、映射与国家接口规格所在目录 · programmes, mappings and national profiles
        mappings: \(mappings)

        # 数据库：本机磁盘上的一个文件 · one file on a disk of this machine
        database: sqlite:data/shangbao.db

        keys:
          # 密钥环，用口令加密 · the key ring, under a passphrase
          ring: keys/keyring.json
          # 口令来自：终端（删去此行）、systemd 凭据、或仅限演练的 0600 文件
          # Passphrase: a terminal (without this line), a systemd credential, or a 0600 file in rehearsal
          passphrase: \(passphrase)

        # 算法套件：gm（SM2/SM3/SM4）或 intl（P-256/RSA/AES） · suite of algorithms
        suite: \(suite)

        # 本县定点服务机构名单 · the county's designated institutions
        designated: designated.csv

        # 机构资格名单：产前筛查要用 · what each institution may do; prenatal screening asks for it
        qualified: qualified.csv

        # 可选名单：医师与机构、检验质控凭据；没有就不核对 · optional: who works where, laboratories' proofs
        # staff: staff.csv
        # quality: quality.csv

        # 来源：各机构放文件的目录，和读它的映射 · each clinic's folder and the mapping that reads it
        sources:
          county-hospital: { folder: in/county-hospital, mapping: preconception/from-county-csv }

        national:
          # 国家接口规格：项目目录/规格 · programme folder and profile
          profile: preconception/reference-1
        \(way)
        \(keys)
          # 同时在途的报文数 · submissions on the wire at once
          inFlight: 2

        # 谁可以批准映射；正式环境必须写 · who may approve mappings; needed in production
        # privacy:
        #   officers:
        #     姓名: { role: 隐私负责人, department: 部门, key: people/officer.pub.pem }

        # 可选：常驻服务的监控端口，事件告诉谁 · optional: the service's listener, who is told of incidents
        # service: { listen: 127.0.0.1:9180 }
        # notices:
        #   - { name: duty, kind: wecom, url: { file: keys/wecom-url.txt } }

        # 可选：身份保管库，谁批准还原（officer、custodian、director），谁申请（requester）；SM2 公钥
        # Optional: the identity vault: who approves that a person is found out, and who asks; SM2 keys
        # custody:
        #   perDay: 3
        #   minutes: 15
        #   people:
        #     - { name: 郑隐私, department: 法规科, role: officer, key: people/zheng.pub.pem }
        #     - { name: 钱保管, department: 信息科, role: custodian, key: people/qian.pub.pem }
        #     - { name: 李经办, department: 妇幼科, role: requester, key: people/li.pub.pem }
        #   # 离任者和旧公钥：核对从前的签名 · who left, and replaced keys: for earlier signatures
        #   former:
        #     - { name: 吴离任, department: 信息科, role: custodian, key: people/wu.pub.pem }

        """
    }
}
