// `timbre devices`: what can be heard on this machine.

import AudioInput
import CommandLine

extension Command {
    static let devices = Command(
        Verb(
            "devices", summary: "list what can be heard here, with names for the configuration",
            discussion: [
                "The name in the first column goes into the configuration as 'source = NAME'. It stays the same when "
                    + "devices are plugged in another order. Monitors are what a sound card plays."
            ])
    ) { _ throws(Failure) in
        let list = DeviceList()
        let devices = list.alsa + list.pulse
        let width = min(60, devices.map(\.specification.description.count).max() ?? 0)
        for device in devices {
            let name = device.specification.description
            try Output.line(name + String(repeating: " ", count: max(2, width + 2 - name.count)) + device.label)
        }
        if let error = list.pulseError { Output.complain("timbre devices: \(error)") }
        if devices.isEmpty {
            throw Failure(
                "no device can be heard here; a file, standard input and a test tone always can: file:PATH, "
                    + "stdin:s16le:44100:2, tone:440", .unavailable)
        }
    }
}
