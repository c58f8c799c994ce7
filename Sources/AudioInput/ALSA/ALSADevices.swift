// The ALSA PCMs that can capture.

import CALSA
import Glibc

/// Lists ALSA's PCMs by the hints of its configuration, which name cards by id ("hw:CARD=PCH,DEV=0"), not by number.
enum ALSADevices {
    /// Returns the PCMs with an input, except "null", which delivers endless silence.
    static func list() -> [Device] {
        silenceLibrary()
        var hints: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        guard snd_device_name_hint(-1, "pcm", &hints) == 0, let hints else { return [] }
        defer { snd_device_name_free_hint(hints) }
        var devices: [Device] = []
        var cursor = hints
        while let hint = cursor.pointee {
            cursor += 1
            // A hint without a direction means both directions.
            guard let name = text(hint, "NAME"), name != "null", text(hint, "IOID") ?? "Input" == "Input" else {
                continue
            }
            let label = (text(hint, "DESC") ?? name).split(separator: "\n").joined(separator: ", ")
            devices.append(Device(name: "alsa:\(name)", label: label))
        }
        return devices
    }

    /// Disables libasound's messages: it writes its errors to standard error at every attempt, while the program
    /// reports each once.
    static func silenceLibrary() {
        snd_lib_error_set_local { _, _, _, _, _, _ in }
    }

    private static func text(_ hint: UnsafeMutableRawPointer, _ key: String) -> String? {
        guard let value = snd_device_name_get_hint(hint, key) else { return nil }
        defer { free(value) }
        return String(cString: value)
    }
}
