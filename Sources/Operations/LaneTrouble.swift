import Delivery

/// Which troubles of a lane are on our side (本方原因): waiting does not end them, a person does.
enum LaneTrouble {
    private static let ours: Set<String> = Set(
        [
            TransportCode.denied, .address, .untrusted, .certificate, .configuration,
        ].map(\.rawValue))

    static func isOurs(_ reason: String) -> Bool { ours.contains(reason) }
}
