// `midi:`: a virtual port of the ALSA sequencer for music software.

import CALSA
import Glibc
import WholeFiles

/// Creates a port with a name, which sends notes and controllers to every connected port.
final class MIDISink: EventSink {
    static let scheme = "midi"
    static let form = "midi:NAME"
    static let summary = "a virtual MIDI port: a note while an instrument is on, a controller for its level"
    static let options = [
        SinkOption("channel", .integer(1...16), "1", help: "the channel of all notes and controllers"),
        SinkOption("map", .text, help: "a file with lines INSTRUMENT NOTE [CONTROLLER [CHANNEL]]"),
    ]
    static let usualFilter = SinkFilter(rate: 30)

    private let name: String
    private let channel: UInt8
    private let mapFile: String?
    private var wording = MIDIWording(MIDIMap(channel: 0))
    private var sequencer: OpaquePointer?
    private var port: Int32 = 0
    /// Ends of notes that the receiver had no room for: without them a note would hang.
    private var late: [MIDIMessage] = []

    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        name = settings.address
        guard (1...60).contains(name.utf8.count) else {
            throw SinkProblem("the port requires a name of 1 to 60 bytes: write midi:timbred")
        }
        channel = UInt8(clamping: settings.integer("channel") - 1)
        mapFile = settings.text("map")
    }

    deinit {
        close()
    }

    func open() throws(SinkFailure) {
        close()
        var map = MIDIMap(channel: channel)
        if let mapFile {
            do {
                try map.read(try WholeFile.read(mapFile, limit: 65_536), file: mapFile)
            } catch {
                throw SinkFailure("\(error)")
            }
        }
        wording = MIDIWording(map)
        var opened: OpaquePointer?
        let error = snd_seq_open(&opened, "default", SND_SEQ_OPEN_OUTPUT, SND_SEQ_NONBLOCK)
        guard error >= 0, let opened else {
            throw SinkFailure(Self.unopened(error))
        }
        sequencer = opened
        snd_seq_set_client_name(opened, name)
        port = snd_seq_create_simple_port(
            opened, name, UInt32(SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ),
            UInt32(SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION))
        guard port >= 0 else { throw SinkFailure("the ALSA sequencer created no port: \(Self.text(port))") }
    }

    var turnMilliseconds: Int { late.isEmpty ? 1000 : 20 }

    func turn() throws(SinkFailure) {
        let waiting = late
        late = []
        for message in waiting { try send(message) }
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        for item in events {
            for message in wording.messages(item.event) { try send(message) }
        }
    }

    func close() {
        if let sequencer { snd_seq_close(sequencer) }
        sequencer = nil
    }

    private func send(_ message: MIDIMessage) throws(SinkFailure) {
        var event = snd_seq_event_t()
        event.source.port = UInt8(clamping: port)
        // The event goes to every connected port, without delay.
        event.dest.client = UInt8(SND_SEQ_ADDRESS_SUBSCRIBERS)
        event.dest.port = UInt8(SND_SEQ_ADDRESS_UNKNOWN)
        event.queue = UInt8(SND_SEQ_QUEUE_DIRECT)
        switch message {
        case .noteOn(let channel, let note, let velocity):
            event.type = UInt8(SND_SEQ_EVENT_NOTEON.rawValue)
            event.data.note.channel = channel
            event.data.note.note = note
            event.data.note.velocity = velocity
        case .noteOff(let channel, let note):
            event.type = UInt8(SND_SEQ_EVENT_NOTEOFF.rawValue)
            event.data.note.channel = channel
            event.data.note.note = note
        case .control(let channel, let controller, let value):
            event.type = UInt8(SND_SEQ_EVENT_CONTROLLER.rawValue)
            event.data.control.channel = channel
            event.data.control.param = UInt32(controller)
            event.data.control.value = Int32(value)
        }
        let error = snd_seq_event_output_direct(sequencer, &event)
        // A receiver that does not read fills its pool; the sink must not wait for it.
        guard error >= 0 || error == -EAGAIN || error == -ENOSPC else {
            throw SinkFailure("the ALSA sequencer rejected an event: \(Self.text(error))")
        }
        switch message {
        case .noteOff where error < 0: late.append(message)
        case .noteOn(let channel, let note, _): late.removeAll { $0 == .noteOff(channel: channel, note: note) }
        default: break
        }
    }

    /// Returns the reason why the sequencer cannot be opened, and the remedy.
    static func unopened(_ error: Int32) -> String {
        "the ALSA sequencer cannot be opened: \(text(error)): load the module snd-seq"
    }

    private static func text(_ error: Int32) -> String { String(cString: snd_strerror(error)) }
}
