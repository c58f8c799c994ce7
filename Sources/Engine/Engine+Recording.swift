// The engine's part in recording: it passes events and progress to the recorder and reports the state of the
// recordings.

import Configuration
import Events
import Recording

extension Engine {
    /// The state of each source's recording, in the order of the sources; `nil` when the configuration names no
    /// folder.
    public var recordings: [RecordingStatus]? { recorder?.statuses }

    /// Requests a recording action for the source of this name or for all sources; returns false when there is no such
    /// source.
    public func record(_ action: RecordingAction, source name: String?) -> Bool {
        let index = name.flatMap { name in sources.firstIndex { $0.name == name } }
        guard name == nil || index != nil else { return false }
        recorder?.ask(action, source: index)
        return true
    }

    /// Applies the `[record]` table of a new configuration, except its folder.
    public func apply(_ settings: RecordSettings) {
        recorder?.apply(settings)
    }

    /// Reports to the recorder the frames up to which all events were emitted.
    func reportProgress() {
        guard let recorder else { return }
        for (index, source) in sources.enumerated() where !source.trackers.isEmpty {
            recorder.progress(source.trackers.map(\.position), isOver: source.hasEnded, source: index)
        }
    }

    /// Emits the changes of the recordings.
    func reportRecordings(_ emit: (Event) -> Void) {
        for (index, change) in recorder?.takeNews() ?? [] {
            let source = sources[index]
            let time = source.trackers.first.map { $0.clock.time(at: $0.position) }
            let event = Event(
                stream: source.streams.first ?? source.name,
                time: time ?? StreamTime(frame: 0, seconds: 0, wall: nil), .recording(change))
            emit(event)
            recorder?.note(event, source: index)
        }
    }

    /// Returns the first line of a source's sessions: the `hello` for a client that subscribes to this source only.
    func hello(of source: SourceDelivery) -> Hello {
        var own = hello
        own.stream = source.streams.first ?? source.name
        own.source = source.specification.description
        own.streams = source.streams
        return own
    }
}
