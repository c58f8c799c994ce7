// `timbre devices`: lists the sources on this machine.

import AudioInput
import Bridges
import CommandLine

extension Command {
    static let devices = Command(
        Verb(
            "devices", summary: "list the available sources, with their names for the configuration",
            discussion: [
                "The name in the first column is a value for 'source' in the configuration. It does not depend "
                    + "on the order in which devices are connected. A monitor delivers the output of a sound card.",
                "--midi lists the ports of the ALSA sequencer, which 'aconnect' connects to the port of 'timbre "
                    + "bridge midi:timbred'. '>' marks ports that receive notes, '<' ports that send them.",
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
                "no device was found; a file, standard input and a test tone need none: file:PATH, "
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
            throw Failure(
                "the ALSA sequencer has only its own ports: start the program that is to receive the notes",
                .unavailable)
        }
    }
}
