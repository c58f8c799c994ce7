// The threads of the engine: one capture thread per source, the analysis threads, and the caller as delivery thread.

import AudioCore
import AudioInput
import Configuration
import EventServer
import Events
import Features
import Foundation
import Models
import NeuralNetwork
import Recording
import System

/// Analyses the configured sources with one model and emits events.
///
/// Capture and analysis run on their own threads. All members are called on one thread, the delivery thread.
public final class Engine {
    /// The frame model.
    public let file: ModelFile
    /// The precision of its convolutions.
    public let precision: Precision
    /// The clip model and its settings; nil when there are no tags.
    public let clip: ClipSettings?

    /// The designed delay from a sound to its event, in milliseconds; sent in every `hello`.
    let latency: Double
    private let wakeup: Wakeup?
    /// The reports of each analysis thread, in the order of `analyses`.
    private var reports: [ReportQueue] = []
    private(set) var sources: [SourceDelivery] = []
    private(set) var captures: [CaptureThread] = []
    private(set) var analyses: [AnalysisThread] = []
    private(set) var shared: SourceDelivery.Shared
    private(set) var recorder: Recorder?
    private let recording: RecordSettings
    private let priority: Int?
    /// Largest number of analysis threads.
    private let threadLimit: Int
    let begun = SystemClock.monotonic

    /// Loads the model at `modelPath` and prepares the sources; opens no source.
    public convenience init(_ settings: Settings, modelPath: String, wakeup: Wakeup? = nil) throws(EngineError) {
        try self.init(settings, try EngineModels(settings, path: modelPath), wakeup: wakeup)
    }

    /// Prepares the sources; opens none.
    ///
    /// - Parameters:
    ///   - settings: the sources, and the settings that turn activities into events.
    ///   - models: the models; any number of engines may share them.
    ///   - realtime: whether files are played at the speed of a device instead of as fast as possible.
    ///   - hasWall: whether live sources have wall times.
    ///   - threads: largest number of analysis threads. It changes no event.
    ///   - wakeup: signalled when there are reports to drain.
    public init(
        _ settings: Settings, _ models: EngineModels, realtime: Bool = false, hasWall: Bool = true,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, wakeup: Wakeup? = nil
    ) throws(EngineError) {
        threadLimit = threads
        (file, precision, clip) = (models.file, models.precision, models.clip)
        let model = file.description
        latency = model.latencyMilliseconds
        let instruments = model.classes.map { Hello.Instrument(name: $0.rawValue, family: $0.family.rawValue) }
        let tagger = clip?.file.description
        shared = SourceDelivery.Shared(
            instruments: instruments, rate: model.frontEnd.sampleRate, hop: model.frontEnd.hop,
            settings: try TrackerSettings(model, settings.events), tagFormatter: tagger.map(TagFormatter.init),
            tagSupport: settings.tags.supportEvents
                ? tagger.map { TagSupport($0, instruments: instruments) } : nil)
        priority = settings.realtimePriority > 0 ? settings.realtimePriority : nil
        recording = settings.record
        self.wakeup = wakeup
        for stream in settings.streams {
            do throws(AudioInputError) {
                sources.append(
                    SourceDelivery(
                        name: stream.name, specification: try SourceSpecification(stream.source),
                        selection: stream.channels,
                        options: SourceOptions(
                            sampleRate: stream.rate ?? model.frontEnd.sampleRate, realtime: realtime),
                        hasWall: hasWall))
            } catch {
                throw .source(stream: stream.name, error)
            }
        }
    }

    /// Starts the threads. The capture threads open the sources: they wait for a missing device and report it.
    public func start() throws(EngineError) {
        do throws(EngineError) {
            try startThreads()
        } catch {
            // What was started ends: nobody has an engine that did not start.
            endThreads(from: SystemClock.monotonic, each: Self.patience)
            throw error
        }
    }

    private func startThreads() throws(EngineError) {
        var recorded: [RecordedSource] = []
        for group in Self.groups(sources: sources.count, threads: threadLimit) {
            recorded += try start(group)
        }
        guard let folder = recording.folder else { return }
        let wakeup = wakeup
        do throws(RecordingError) {
            recorder = try Recorder(recorded, folder: folder, recording) { wakeup?.signal() }
        } catch {
            throw .thread(reason: error.description)
        }
    }

    /// Nanoseconds that a thread has to end when another could not be started.
    private static let patience: Int64 = 400_000_000

    /// Asks the captures and then the analysis to end, and waits for `patience` nanoseconds for each of both kinds.
    private func endThreads(from begun: Int64, each patience: Int64) {
        for capture in captures { capture.askToStop() }
        for capture in captures { capture.join(until: begun + patience) }
        for analysis in analyses { analysis.askToStop() }
        for analysis in analyses { analysis.join(until: begun + 2 * patience) }
    }

    /// Starts the captures of some sources and the thread that analyses them; returns what is to be recorded.
    private func start(_ group: Range<Int>) throws(EngineError) -> sending [RecordedSource] {
        var members: [SourceAnalysis] = []
        let model = FrameModel(file, maximumFrames: SourceAnalysis.together)
        var recorded: [RecordedSource] = []
        for index in group {
            let source = sources[index]
            let capture = CaptureQueue()
            let device = source.specification.make(source.options)
            var producer: RecordProducer?
            if recording.folder != nil {
                let queue = RecordQueue(samples: Self.recorderSamples(of: sources.count))
                producer = consume queue.producer
                recorded.append(
                    RecordedSource(
                        name: source.name, hello: hello(of: source), isSplit: source.selection == .each,
                        hasWall: source.hasWall, consumer: queue.consumer))
            }
            members.append(
                SourceAnalysis(
                    index: index, isLive: device.isLive, selection: source.selection, input: capture.consumer,
                    model: model, clip: clip, recorder: producer, status: source.status))
            let supervisor = SourceSupervisor(
                source: device, selection: source.selection, output: capture.producer, status: source.status)
            do throws(AudioInputError) {
                captures.append(
                    try CaptureThread(supervisor, name: "capture \(source.name)", priority: priority))
            } catch .thread(let detail) {
                throw .thread(reason: detail)
            } catch {
                throw .source(stream: source.name, error)
            }
        }
        let queue = AnalysisQueue(
            classes: file.description.classes.count, clipClasses: clip?.file.description.classes.count ?? 0)
        let consumer = queue.consumer
        analyses.append(try AnalysisThread(SourceGroup(members, model: model), output: queue.producer, wakeup: wakeup))
        reports.append(ReportQueue(consumer))
        return recorded
    }

    /// Smallest number of sources of one analysis thread while there are enough: they find the weights of the model,
    /// which are larger than a core's own cache, where the hop before them left them.
    static let sourcesPerThread = 4

    /// Returns the sources of each analysis thread, in order: as even as possible, on at most `threads` threads.
    static func groups(sources: Int, threads: Int) -> [Range<Int>] {
        let count = max(1, min(threads, (sources + sourcesPerThread - 1) / sourcesPerThread))
        return (0..<count).map { $0 * sources / count..<($0 + 1) * sources / count }
    }

    /// Capacity, in floats, of the queue to the recorder of one of `sources` sources. All queues together take at most
    /// 128 MiB as long as there are at most 128 sources; up to eight sources get 2^22 floats each, which are 47 s of
    /// 44.1 kHz stereo.
    static func recorderSamples(of sources: Int) -> Int {
        min(1 << 22, max(1 << 18, (1 << 25) / max(1, sources)))
    }

    /// Largest number of reports of all analysis threads that become events at once, so that the caller does not miss
    /// signals and clients while files are analysed faster than their events are taken.
    static let reportsAtOnce = 2_048

    /// Converts pending reports to events, in order for each source. Returns false when there were none. When more are
    /// pending, it signals the wakeup again.
    @discardableResult
    public func drain(_ emit: (Event) -> Void) -> Bool {
        var (any, hasMore) = (false, false)
        let share = max(64, Self.reportsAtOnce / max(1, reports.count))
        for queue in reports {
            var left = share
            while left > 0,
                queue.consumer.next({ report, content in
                    let index = Int(report.source)
                    sources[index].take(report, content, shared) { event in
                        emit(event)
                        recorder?.note(event, source: index)
                    }
                })
            {
                left -= 1
            }
            if left < share { any = true }
            if left == 0 { hasMore = true }
        }
        if any { reportProgress() }
        if hasMore { wakeup?.signal() }
        reportRecordings(emit)
        return any
    }

    /// True when every source has ended and all reports were drained.
    public var isFinished: Bool { captures.allSatisfy(\.isFinished) && sources.allSatisfy(\.hasEnded) }

    /// Stops all threads, then emits `off` for every active instrument.
    ///
    /// - Parameter limit: total time in milliseconds, even when drivers or disks hang: one third for the sources, one
    ///   third for the analysis, and the rest for the recorder. Reports that are not taken by then are dropped.
    public func stop(withinMilliseconds limit: Int = 1_400, _ emit: (Event) -> Void) {
        let begun = SystemClock.monotonic
        let third = Int64(limit) * 1_000_000 / 3
        endThreads(from: begun, each: third)
        while drain(emit), SystemClock.monotonic < begun + 2 * third {}
        for index in sources.indices {
            sources[index].end { event in
                emit(event)
                recorder?.note(event, source: index)
            }
        }
        // The recorder does not wait longer for a disk that hangs: a session without its end is readable.
        recorder?.finish(until: begun + 3 * third)
        reportRecordings(emit)
    }

    /// Applies the thresholds and times of a new configuration.
    public func apply(_ settings: EventSettings) throws(EngineError) {
        let wanted = try TrackerSettings(file.description, settings)
        shared.settings = wanted
        for index in sources.indices { sources[index].apply(wanted) }
    }

    /// Emits a user's mark in the stream of this name, or in all streams; returns false when there is no such stream.
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
