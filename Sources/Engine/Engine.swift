// The three threads and the order of things: capture per source, one analysis, and the caller as delivery.

import AudioCore
import AudioInput
import Configuration
import EventServer
import Events
import Features
import Glibc
import Models
import Recording

/// Listens to the configured sources with one model and hands out events.
///
/// Capture and analysis run on threads of their own. Everything here is called by one thread, the delivery thread.
public final class Engine {
    /// The model in use.
    public let file: ModelFile
    /// The clip model and how it is used; nil when nothing is tagged.
    public let clip: ClipSettings?

    private let wakeup: Wakeup?
    private var lane: AnalysisConsumer?
    private(set) var sources: [SourceDelivery] = []
    private(set) var captures: [CaptureThread] = []
    private(set) var analysis: AnalysisThread?
    private(set) var shared: SourceDelivery.Shared
    private(set) var recorder: Recorder?
    private let recording: RecordingSettings?
    private let priority: Int?
    let begun = SystemClock.monotonic

    /// Loads the model and prepares the sources; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - settings: what to listen to, and how activities become events.
    ///   - modelPath: the model file to use.
    ///   - realtime: whether files are played at the speed of a device instead of as fast as possible.
    ///   - wakeup: signalled when there is something to drain.
    public init(_ settings: Settings, modelPath: String, realtime: Bool = false, wakeup: Wakeup? = nil)
        throws(EngineError)
    {
        do throws(ModelError) {
            file = try ModelFile(contentsOf: modelPath)
        } catch {
            throw .model(error)
        }
        clip = try ClipSettings.load(settings.tags)
        let model = file.description
        let instruments = model.classes.map { Hello.Instrument(name: $0.rawValue, family: $0.family.rawValue) }
        let tagger = clip?.file.description
        shared = SourceDelivery.Shared(
            instruments: instruments, rate: model.frontEnd.sampleRate, hop: model.frontEnd.hop,
            settings: try TrackerSettings(model, settings.events), tagWords: tagger.map(TagWords.init),
            tagSupport: settings.tags.supportEvents
                ? tagger.map { TagSupport($0, instruments: instruments) } : nil)
        priority = settings.realtimePriority > 0 ? settings.realtimePriority : nil
        recording = RecordingSettings(settings.record)
        self.wakeup = wakeup
        for stream in settings.streams {
            do throws(AudioInputError) {
                sources.append(
                    SourceDelivery(
                        name: stream.name, specification: try SourceSpecification(stream.source),
                        selection: ChannelSelection(stream.channels),
                        options: SourceOptions(
                            sampleRate: stream.rate ?? model.frontEnd.sampleRate, realtime: realtime)))
            } catch {
                throw .source(stream: stream.name, error)
            }
        }
    }

    /// Starts the threads. The sources are opened there: a device that is missing is waited for, and said.
    public func start() throws(EngineError) {
        let lane = AnalysisLane(
            classes: file.description.classes.count, clipClasses: clip?.file.description.classes.count ?? 0)
        let consumer = lane.consumer
        var analyses: [SourceAnalysis] = []
        var recorded: [RecordedSource] = []
        for (index, source) in sources.enumerated() {
            let link = CaptureLink()
            let device = source.specification.make(source.options)
            var tap: RecordTap?
            if recording != nil {
                let link = RecordLink()
                tap = consume link.tap
                recorded.append(
                    RecordedSource(
                        name: source.name, hello: hello(of: source), isSplit: source.selection == .each,
                        hasWall: !source.specification.isReplay, feed: link.feed))
            }
            analyses.append(
                SourceAnalysis(
                    index: index, isLive: device.isLive, selection: source.selection, lane: link.consumer, file: file,
                    clip: clip, tap: tap))
            let supervisor = SourceSupervisor(
                source: device, selection: source.selection, output: link.producer, status: source.status)
            do throws(AudioInputError) {
                captures.append(
                    try CaptureThread(supervisor, name: "capture \(source.name)", priority: priority))
            } catch {
                throw .source(stream: source.name, error)
            }
        }
        if let recording {
            let wakeup = wakeup
            do throws(RecordingError) {
                recorder = try Recorder(recorded, recording) { wakeup?.signal() }
            } catch {
                throw .thread(reason: error.description)
            }
        }
        analysis = try AnalysisThread(analyses, output: lane.producer, wakeup: wakeup)
        self.lane = consume consumer
    }

    /// Turns everything that waits into events, in order. Returns false when nothing was there.
    @discardableResult
    public func drain(_ emit: (Event) -> Void) -> Bool {
        var any = false
        while true {
            let more = lane?.next { report, content in
                let index = Int(report.source)
                sources[index].take(report, content, shared) { event in
                    emit(event)
                    recorder?.note(event, source: index)
                }
            }
            guard more == true else { break }
            any = true
        }
        if any { reportProgress() }
        reportRecordings(emit)
        return any
    }

    /// True when every source has come to its end and everything was drained.
    public var isFinished: Bool { captures.allSatisfy(\.isFinished) && sources.allSatisfy(\.hasEnded) }

    /// Stops all threads, then sends off what is still on.
    public func stop(_ emit: (Event) -> Void) {
        for capture in captures { capture.stop(withinMilliseconds: 500) }
        analysis?.stop()
        drain(emit)
        for index in sources.indices {
            sources[index].end { event in
                emit(event)
                recorder?.note(event, source: index)
            }
        }
        // What a disk that hangs holds back is not waited for: a session is readable without its end.
        recorder?.finish(withinMilliseconds: 1_000)
        reportRecordings(emit)
    }

    /// Puts thresholds and times of a new configuration into force.
    public func apply(_ settings: EventSettings) throws(EngineError) {
        let wanted = try TrackerSettings(file.description, settings)
        shared.settings = wanted
        for index in sources.indices { sources[index].apply(wanted) }
    }

    /// Puts a person's mark into the stream of this name, or into all; false when there is none.
    public func mark(_ text: String, stream: String?, _ emit: (Event) -> Void) -> Bool {
        var isMarked = false
        for (index, source) in sources.enumerated() {
            for tracker in source.trackers where stream == nil || tracker.stream == stream {
                let time = tracker.clock.time(at: tracker.position)
                let event = Event(stream: tracker.stream, time: time, .mark(text: text))
                emit(event)
                recorder?.note(event, source: index)
                isMarked = true
            }
        }
        return isMarked
    }
}
