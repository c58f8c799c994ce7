// Recording, as far as the engine has a part in it: it passes on what is heard and said, and tells what became of it.

import Configuration
import Events
import Recording

extension Engine {
    /// How each source's recording is, in the order of the sources; `nil` when the configuration names no folder.
    public var recordings: [RecordingStatus]? { recorder?.statuses }

    /// Asks for a recording, of the source of this name or of all; false when there is none of that name.
    public func record(_ action: RecordingAction, source name: String?) -> Bool {
        let index = name.flatMap { name in sources.firstIndex { $0.name == name } }
        guard name == nil || index != nil else { return false }
        recorder?.ask(action, source: index)
        return true
    }

    /// Puts the [record] table of a new configuration into force, but for its folder.
    public func apply(_ settings: RecordSettings) {
        recorder?.apply(settings)
    }

    /// Tells the recorder up to which frames all events were emitted.
    func reportProgress() {
        guard let recorder else { return }
        for (index, source) in sources.enumerated() where !source.trackers.isEmpty {
            recorder.progress(source.trackers.map(\.position), isOver: source.hasEnded, source: index)
        }
    }

    /// Tells what became of the recordings.
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

    /// The first line of a source's sessions: what a client gets that wants nothing else.
    func hello(of source: SourceDelivery) -> Hello {
        var own = hello
        own.stream = source.streams.first ?? source.name
        own.source = source.specification.description
        own.streams = source.streams
        return own
    }
}
