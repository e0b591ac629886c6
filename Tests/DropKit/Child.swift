import Foundation

/// A program in the background.
///
/// Not by Foundation: it learns of an end through a socket that any other child may have inherited
/// and hold open, and takes a server that closes it, as sshd does, to have ended.
final class Child: Sendable {
    let number: pid_t

    /// - Parameter output: a file for all that it says; a pipe that nobody reads would stop it.
    init(_ words: [String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = ["/bin/bash", "-c", Child.alone, "child"] + words
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var number: pid_t = 0
        guard posix_spawn(&number, words[0], &actions, nil, &arguments, environ) == 0 else {
            throw DropServer.Unusable(what: words[0])
        }
        self.number = number
    }

    /// Closes what other tests have open at this moment, then becomes the program: whoever reads
    /// something to its end would wait for ours.
    private static let alone = """
        for file in /proc/self/fd/*; do
            number=${file##*/}
            if ((number > 2)); then eval "exec $number>&-"; fi
        done
        exec "$@"
        """

    /// Waits for its end; its exit status, or -1 for a signal.
    @discardableResult
    func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(number, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }

    func end() {
        kill(number, SIGKILL)
        wait()
    }
}
