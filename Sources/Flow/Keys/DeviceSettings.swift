import Definitions
import Foundation
import LibCrypto
import LibTokens
import Privacy
import Synchronization

/// A device that holds signing keys (密码设备): an entry of `devices` in `shangbao.yaml`.
package struct DeviceSettings: Sendable, Hashable {
    /// How it is spoken to.
    enum Interface: String, CaseIterable {
        case pkcs11, sdf
    }

    /// Which key of which token or machine.
    enum Key: Hashable {
        /// A token by its label or slot, and what keys are called in it.
        case pkcs11(PKCS11Token.Choice, label: String)
        /// The index of the next key.
        case sdf(index: UInt32)
    }

    /// Where the PIN comes from, unless the command names a descriptor.
    private enum PINOrigin: Hashable {
        /// A systemd credential by its name; outside the service a person is asked.
        case credential(String)
        /// A file that only its owner reads; rehearsal only.
        case file(String)
    }

    package let name: String
    private let library: String
    private let key: Key
    private let pin: PINOrigin

    static func all(
        _ section: inout Section, file: (String) -> String, isRehearsal: Bool
    ) throws(DefinitionError) -> [DeviceSettings] {
        guard var devices = try section.optionalSection("devices") else { return [] }
        var all: [DeviceSettings] = []
        for name in devices.keys {
            var device = try devices.section(name)
            all.append(try DeviceSettings(name, &device, file, isRehearsal))
            try device.finish()
        }
        try devices.finish()
        return all
    }

    private init(
        _ name: String, _ device: inout Section, _ file: (String) -> String, _ isRehearsal: Bool
    ) throws(DefinitionError) {
        self.name = name
        guard let interface = try device.choice("interface", of: Interface.self) else {
            throw device.error("缺少 “interface”。", "interface is missing.")
        }
        library = file(try device.text("library"))
        switch interface {
        case .pkcs11:
            let label = try device.optionalText("token")
            let slot = try device.integer("slot")
            guard let choice = DeviceSettings.choice(label, slot) else {
                throw device.error(
                    "应写 token（令牌标签）或 slot（槽号），二者之一。",
                    "Either token (its label) or slot (its number).")
            }
            key = .pkcs11(choice, label: try device.optionalText("key") ?? "shangbao")
        case .sdf:
            guard let number = try device.integer("key"), let index = UInt32(exactly: number),
                index > 0
            else {
                throw device.error(
                    at: "key", "应为设备内签名密钥的索引，从 1 起。", "The key's index, from 1.")
            }
            key = .sdf(index: index)
        }
        pin = try DeviceSettings.pin(name, &device, file, isRehearsal)
    }

    private static func choice(_ label: String?, _ slot: Int?) -> PKCS11Token.Choice? {
        switch (label, slot.map(UInt.init(exactly:))) {
        case (let label?, nil): .label(label)
        case (nil, let slot??): .slot(slot)
        default: nil
        }
    }

    private static func pin(
        _ name: String, _ device: inout Section, _ file: (String) -> String, _ isRehearsal: Bool
    ) throws(DefinitionError) -> PINOrigin {
        let usual = PINOrigin.credential("shangbao-pin-" + name)
        guard var pin = try device.optionalSection("pin") else { return usual }
        if let credential = try pin.optionalText("credential") {
            try pin.finish()
            return .credential(credential)
        }
        let path = try pin.text("file")
        guard isRehearsal else {
            throw pin.error(at: "file", "口令文件只允许用于演练环境。", "A PIN file is for rehearsal only.")
        }
        try pin.finish()
        return .file(file(path))
    }

    /// The device itself. Nothing is loaded or opened yet.
    ///
    /// - Parameter given: where the command says that the PIN comes from.
    func opened(_ given: Passphrase?) -> any SigningDevice {
        let source = PINSource(given ?? configuredPIN, asking: name)
        let pin = DevicePIN { try source.read() }
        return switch key {
        case .pkcs11(let choice, let label):
            PKCS11Token(name: name, library: library, token: choice, label: label, pin: pin)
        case .sdf(let index):
            SDFMachine(name: name, library: library, index: index, pin: pin)
        }
    }

    private var configuredPIN: Passphrase {
        switch pin {
        case .credential(let name):
            ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"].map {
                .credential(folder: $0, name: name)
            } ?? .terminal()
        case .file(let path): .file(path)
        }
    }
}

/// Gives the PIN of a device at each log-in. What can be read again is; what a person typed or a
/// descriptor gave is kept in secure memory, since a session that is lost is opened anew.
private final class PINSource: Sendable {
    private let origin: Passphrase
    private let name: String
    private let kept = Mutex<SecretBytes?>(nil)

    init(_ origin: Passphrase, asking name: String) {
        self.origin = origin
        self.name = name
    }

    func read() throws(KeyFailure) -> SecretBytes {
        switch origin {
        case .credential, .file: try origin.read()
        case .terminal, .descriptor:
            try kept.withLock { (kept) throws(KeyFailure) in
                if let kept { return kept }
                let pin = try origin.read(asking: "密码设备口令 · PIN of device \(name): ")
                kept = pin
                return pin
            }
        }
    }
}
