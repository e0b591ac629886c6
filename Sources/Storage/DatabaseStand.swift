/// Which database this is and whose succession it is in: another one may lack what was confirmed.
package struct DatabaseStand: Hashable, Sendable, Codable {
    /// The server's own number; the same for its standbys. `sqlite` for a file.
    package let system: String
    /// Grows when a standby takes over, and when a backup is brought up to a moment.
    package let timeline: String

    package init(system: String, timeline: String) {
        self.system = system
        self.timeline = timeline
    }

    /// A file of this machine: only its content can tell whether it is an older one.
    package static let file = DatabaseStand(system: "sqlite", timeline: "1")
}
