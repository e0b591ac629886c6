/// Numbers of documents other than the citizen's card (其他证件): passport, officer's card, travel
/// permits. They have no check digit that all share (L-015).
enum IdentityDocument {
    /// The code of the citizen's card in CV02.01.101.
    static let residentCard = "01"
    /// Most characters of the field (an..18).
    static let mostCharacters = 18

    /// Whether normalised bytes are letters, digits and, as on officers' cards (军字第…号),
    /// ideographs; 1 to 18 of them.
    static func isNumber(_ bytes: [UInt8]) -> Bool {
        var index = 0
        var characters = 0
        while index < bytes.count {
            let byte = bytes[index]
            if (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) {
                index += 1
            } else if byte >= 0xE4, byte <= 0xE9, index + 2 < bytes.count {
                let scalar =
                    UInt32(byte & 15) << 12 | UInt32(bytes[index + 1] & 63) << 6
                    | UInt32(bytes[index + 2] & 63)
                guard (0x4E00...0x9FFF).contains(scalar) else { return false }
                index += 3
            } else {
                return false
            }
            characters += 1
        }
        return (1...mostCharacters).contains(characters)
    }
}
