// `timbre devices`: lists the sources on this machine.

import AudioInput
import Bridges
import CommandLine

extension Command {
    static let devices = Command(
        Verb(
            "devices", summary: "list what can be heard here, with names for the configuration",
            discussion: [
                "The name in the first column goes into the configuration as 'source = NAME'. It stays the same when "
                    + "devices are plugged in another order. Monitors are what a sound card plays.",
                "With --midi: the ports of the ALSA sequencer, which 'aconnect' connects with the port of 'timbre bridge "
                    + "midi:timbred'; '>' takes notes, '<' gives them.",
            ],
            options: [Option("midi", help: "list MIDI ports instead")])
    ) { arguments throws(Failure) in
        if arguments.flag("midi") { return try listPorts() }
        let list = DeviceList()
        let devices = list.devices
        let width = min(60, devices.map(\.name.count).max() ?? 0)
        for device in devices {
            let name = device.name
            try Output.line(name + String(repeating: " ", count: max(2, width + 2 - name.count)) + device.label)
        }
        for problem in list.problems { Output.complain("timbre devices: \(problem)") }
        if devices.isEmpty {
            throw Failure(
                "no device can be heard here; a file, standard input and a test tone always can: file:PATH, "
                    + "stdin:s16le:44100:2, tone:440", .unavailable)
        }
    }
    private static func listPorts() throws(Failure) {
        let ports: [MIDIPorts.Port]
        do throws(SinkProblem) {
            ports = try MIDIPorts.list()
        } catch {
            throw Failure("\(error)", .unavailable)
        }
        for port in ports {
            let direction = (port.gives ? "<" : " ") + (port.takes ? ">" : " ")
            try Output.line("\(fitted(port.address, 8))\(direction)  \(port.client): \(port.name)")
        }
        if ports.isEmpty {
            throw Failure("the ALSA sequencer has no port but its own; start what shall take the notes", .unavailable)
        }
    }
}
