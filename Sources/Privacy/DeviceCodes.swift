import LibCrypto
import Records

/// What is said of devices that hold signing keys (密码设备).
enum DeviceCodes {
    static func entry(_ reason: DeviceFault.Reason) -> CodeEntry {
        let (code, what, next) = texts(reason)
        return CodeEntry(
            code, what: Wording(zh: what.0, en: what.1), next: Wording(zh: next.0, en: next.1))
    }

    private typealias Pair = (String, String)
    private typealias Texts = (code: String, what: Pair, next: Pair)

    private static func texts(_ reason: DeviceFault.Reason) -> Texts {
        switch reason {
        case .noLibrary, .exposed, .notOurs: texts(ofLibrary: reason)
        case .unknown, .absent, .ambiguous, .refused: texts(ofDevice: reason)
        case .noPIN, .wrongPIN, .lastTry, .lockedPIN: texts(ofPIN: reason)
        case .noKey, .otherKind, .imported, .used: texts(ofKey: reason)
        case .changed, .wrongSignature: texts(ofPublicHalf: reason)
        }
    }

    private static func texts(ofLibrary reason: DeviceFault.Reason) -> Texts {
        switch reason {
        case .noLibrary:
            (
                "E-DEVICE-LIBRARY",
                ("密码设备的接口库不在，或系统装不进来。", "The device's library is not there, or cannot be loaded."),
                (
                    "按详情核对 shangbao.yaml 的 devices.*.library，以及厂商软件是否装全、是否 64 位。",
                    "Check devices.*.library in shangbao.yaml by the detail, and whether the "
                        + "vendor's software is whole and of 64 bits."
                )
            )
        case .exposed:
            (
                "E-DEVICE-EXPOSED",
                (
                    "接口库可被他人改动，没有装入：它和密钥在同一个程序里运行。",
                    "Others may change the library, so it was not loaded: it runs beside the keys."
                ),
                (
                    "chown root、chmod go-w；可能已被改过的，请重装厂商软件。",
                    "chown it to root, chmod go-w; install it anew if it may have been changed."
                )
            )
        default:
            (
                "E-DEVICE-INTERFACE",
                ("这个库不是所写的接口：缺少函数。", "The library lacks a function of its interface."),
                (
                    "核对 interface 是 pkcs11 还是 sdf；库没错就请厂商提供合标准的版本。",
                    "See whether interface is pkcs11 or sdf; if the library is right, ask the vendor "
                        + "for one that keeps to the standard."
                )
            )
        }
    }

    private static func texts(ofDevice reason: DeviceFault.Reason) -> Texts {
        switch reason {
        case .unknown:
            (
                "E-DEVICE-UNKNOWN",
                (
                    "密钥在一台 shangbao.yaml 没有写的设备里。",
                    "The key is in a device that shangbao.yaml does not name."
                ),
                ("在 devices 一节用同样的名称写上。", "Name it under devices, by the same name.")
            )
        case .absent:
            (
                "E-DEVICE-ABSENT",
                ("密码设备不在，或连不上。", "The device is not there, or cannot be reached."),
                (
                    "检查设备、网络和厂商服务；没有丢东西，恢复后自动接着做。",
                    "Check the device, the network and the vendor's service. Nothing is lost: work "
                        + "goes on by itself once it is back."
                )
            )
        case .ambiguous:
            (
                "E-DEVICE-AMBIGUOUS",
                (
                    "有几个令牌同名，不知该用哪个；没有送出口令。",
                    "Several tokens bear this label, and none was chosen; no PIN was sent."
                ),
                (
                    "在 shangbao.yaml 里把 token: 换成 slot:（槽号），或给令牌改名。",
                    "Write slot: instead of token: in shangbao.yaml, or give the other token another "
                        + "label."
                )
            )
        default:
            (
                "E-DEVICE-REFUSED",
                ("密码设备拒绝了这一步。", "The device refused."),
                (
                    "把详情里的函数和代码告诉厂商；shangbao doctor 可再试。",
                    "Tell the vendor the function and code in the detail; shangbao doctor tries again."
                )
            )
        }
    }

    private static func texts(ofPIN reason: DeviceFault.Reason) -> Texts {
        switch reason {
        case .noPIN:
            (
                "E-DEVICE-PIN-NONE",
                ("没有拿到密码设备的口令。", "No PIN was given for the device."),
                (
                    "在终端运行，或用 --pin-fd、systemd 凭据 shangbao-pin-名称 交给程序。",
                    "Use a terminal, --pin-fd, or systemd's credential shangbao-pin-NAME."
                )
            )
        case .wrongPIN:
            (
                "E-DEVICE-PIN",
                (
                    "密码设备的口令不对；程序不会自己再试。",
                    "The device's PIN is wrong; the program does not try again by itself."
                ),
                (
                    "核对口令后重新启动；详情里有 COUNT_LOW 的，再错几次设备就锁死。",
                    "Check the PIN, then start again. COUNT_LOW in the detail: a few more wrong ones "
                        + "lock the device."
                )
            )
        case .lastTry:
            (
                "E-DEVICE-PIN-LAST",
                (
                    "密码设备只剩一次机会，再错即锁死；程序没有试。",
                    "One try is left before the device locks itself; none was made."
                ),
                (
                    "用厂商工具以正确口令登录一次，计数归零后再启动。",
                    "Log in once with the vendor's tool and the right PIN, then start again."
                )
            )
        default:
            (
                "E-DEVICE-PIN-LOCKED",
                ("密码设备的口令已锁死，或尚未设置。", "The device's PIN is locked, or not set."),
                (
                    "请设备管理员（SO）解锁或设置口令，再启动。",
                    "Have the device's security officer set it, then start again."
                )
            )
        }
    }

    private static func texts(ofKey reason: DeviceFault.Reason) -> Texts {
        switch reason {
        case .noKey:
            (
                "E-DEVICE-KEY",
                ("密码设备里没有这把密钥。", "The device has no such key."),
                (
                    "核对 token、slot 和 key；SDF 密钥由厂商工具在该索引生成。",
                    "Check token, slot and key; the vendor's tool makes an SDF key at its index."
                )
            )
        case .otherKind:
            (
                "E-DEVICE-KIND",
                (
                    "这把密钥不能用：不是签名用的 P-256 或 SM2，或可以被导出。",
                    "The key will not do: not a signing key on P-256 or SM2, or one that can be "
                        + "taken out."
                ),
                (
                    "换一个 key，让设备新生成一把不可导出的。",
                    "Name another key, and let the device make one that stays inside."
                )
            )
        case .imported:
            (
                "E-DEVICE-IMPORTED",
                (
                    "这把密钥不是在令牌里生成的，或令牌不肯证明：别处可能还有一份。",
                    "The key was not made in the token, or the token does not say so: a copy may be "
                        + "elsewhere."
                ),
                (
                    "不要用它；在 devices 里换一个 key 名称，让令牌新生成一把，再轮换。",
                    "Do not use it. Name another key under devices, let the token make one, and rotate."
                )
            )
        default:
            (
                "E-DEVICE-USED",
                ("这个索引的密钥已在密钥环里。", "The ring has this index's key already."),
                (
                    "请厂商工具在另一索引生成新密钥，改 devices.*.key，再轮换。",
                    "Have the vendor's tool make a key at another index, change devices.*.key, and "
                        + "rotate again."
                )
            )
        }
    }

    private static func texts(ofPublicHalf reason: DeviceFault.Reason) -> Texts {
        switch reason {
        case .changed:
            (
                "E-DEVICE-CHANGED",
                (
                    "设备或其中的密钥不是密钥环登记的那个：密钥被换过，或换了设备。",
                    "The device or the key in it is not the one in the ring: another key or device."
                ),
                (
                    "不要继续，也不要登记换上来的密钥；查明是谁换的。要换密钥：shangbao keys rotate sign，放回密钥环，或换一个 key 名称新生成。",
                    "Stop, do not take up the key that is there now, and find out who put it there. For "
                        + "another key: shangbao keys rotate sign, back into the ring, or a new one "
                        + "made under another name of key."
                )
            )
        default:
            (
                "E-DEVICE-SIGNATURE",
                (
                    "设备给出的签名与公钥不符，没有使用。",
                    "The device's signature does not fit the public key; it was not used."
                ),
                (
                    "停用该设备，联系厂商；shangbao doctor 可再试。",
                    "Take the device out of use and call the vendor; shangbao doctor tries again."
                )
            )
        }
    }
}
