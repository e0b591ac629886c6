/// Where an SFTP server is, who we are to it, and by what it is known.
package struct SFTPSettings: Sendable {
    /// A name or an address.
    package var host: String
    package var port: Int
    package var user: String
    /// The private key for the login, a file without passphrase that only its owner reads.
    package var keyFile: String
    /// The host keys that are believed, as `ssh-keygen -l` prints them: `SHA256:` and the digest.
    /// Pin two: the present one and the next. Any other ends the connection before a login.
    package var hostKeys: Set<String>
    /// How long a connection may take, in milliseconds.
    package var connectTimeoutMilliseconds: Int
    /// How long any single answer may take, in milliseconds.
    package var answerTimeoutMilliseconds: Int

    package init(
        host: String, port: Int = 22, user: String, keyFile: String, hostKeys: Set<String>,
        connectTimeoutMilliseconds: Int = 10_000, answerTimeoutMilliseconds: Int = 45_000
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.keyFile = keyFile
        self.hostKeys = hostKeys
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.answerTimeoutMilliseconds = answerTimeoutMilliseconds
    }
}
