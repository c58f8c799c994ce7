// Processes all recordings of a set, several at once; the results do not depend on the parallelism.

import Annotations
import AudioFiles
import CommandLine
import Digests
import Evaluation
import Models
import WholeFiles

/// The processing of a set.
struct BatchEvaluation: Sendable {
    /// A recording whose audio can be opened and whose reference is valid.
    private struct Ready: Sendable {
        let item: EvaluationSet.Item
        let sha256: String
        let duration: Double
        let reference: Reference
    }

    /// The result of a recording, and what is to be known of its audio.
    private struct Judged<Result: Sendable>: Sendable {
        let result: Result
        let notices: [String]
    }

    let recognizer: Recognizer
    /// The recordings that were left out before processing.
    private(set) var leftOut: [LeftOut]
    private let ready: [Ready]
    /// The degradation of every recording before processing; nil for none.
    private var degradation: Degradation?

    /// Reads the set and all references. An error in one recording excludes only that recording.
    init(_ path: String, recognizer: Recognizer) throws(Failure) {
        self.recognizer = recognizer
        let vocabulary = Vocabulary(InstrumentClass.allCases.map(\.rawValue))
        let set: EvaluationSet
        do throws(EvaluationError) {
            set = try EvaluationSet(path: path, vocabulary: vocabulary)
        } catch {
            if case .file = error { throw Failure(error.description, .noInput) }
            throw Failure(error.description, .data)
        }
        for notice in set.notices { Output.complain("timbre: \(notice)") }
        var leftOut = set.leftOut
        var ready: [Ready] = []
        for item in set.items {
            do {
                let sha256 = try Digest.sha256(ofFile: item.audio)
                let duration = try AudioFileReader(path: item.audio).duration
                let reference = try EvaluationSet.reference(of: item, duration: duration, vocabulary: vocabulary)
                for notice in reference.notices { Output.complain("timbre: \(notice)") }
                ready.append(Ready(item: item, sha256: sha256, duration: duration ?? 0, reference: reference))
            } catch {
                leftOut.append(LeftOut(item.name, "\(error)"))
            }
        }
        self.leftOut = leftOut
        self.ready = ready
    }

    /// Returns the same recordings with a degradation before processing.
    func degraded(by degradation: Degradation) -> BatchEvaluation {
        var other = self
        other.degradation = degradation
        return other
    }

    /// Hash and name of the recordings to process.
    var recordings: [(sha256: String, name: String)] { ready.map { ($0.sha256, $0.item.name) } }

    /// Processes all recordings and returns the results of `judge`, in the order of the set.
    ///
    /// - Parameters:
    ///   - jobs: number of recordings at once; it does not change the results.
    ///   - folder: the folder in which transcripts are looked for and stored; nil to store none.
    func run<Result: Sendable>(
        jobs: Int, folder: String?, isQuiet: Bool, judge: @escaping @Sendable (HeardRecording) -> Result
    ) throws(Failure) -> (results: [Result], leftOut: [LeftOut]) {
        let store = try folder.map { path throws(Failure) in
            try Self.store(degradation.map { "\(path)/\($0.name)" } ?? path)
        }
        let queue = WorkQueue<Judged<Result>>(count: ready.count)
        let durations = ready.map(\.duration)
        var progress = SetProgress(
            total: ready.count, seconds: durations.reduce(0, +), isQuiet: isQuiet, now: SetProgress.now)
        defer { progress.clear() }
        try queue.run(jobs: jobs) { index in
            outcome(index, store, queue, judge)
        } watch: {
            progress.show(queue.done, heard: queue.seconds(of: durations), now: SetProgress.now)
        }
        progress.clear()
        var results: [Result] = []
        var leftOut = leftOut
        for (index, outcome) in queue.outcomes.enumerated() {
            switch outcome {
            case .success(let judged)?:
                results.append(judged.result)
                // Of a degraded recording they are known from the recording itself.
                if degradation == nil { Output.complain(judged.notices, about: ready[index].item.audio) }
            case .failure(let problem)?: leftOut.append(LeftOut(ready[index].item.name, problem.sentence))
            case nil:
                throw Failure(
                    "stopped before the end\(folder == nil ? "" : "; run the same command again to continue")", .data)
            }
        }
        return (results, leftOut)
    }

    private func outcome<Result: Sendable>(
        _ index: Int, _ store: TranscriptStore?, _ queue: WorkQueue<Judged<Result>>,
        _ judge: (HeardRecording) -> Result
    ) -> Swift.Result<Judged<Result>, Failure>? {
        let recording = ready[index]
        let worse = degradation.map { "degraded by \($0.name), " } ?? ""
        let cacheKey = "audio \(recording.sha256), \(worse)\(recognizer.cacheKey)"
        func judged(_ heard: Transcript) -> Swift.Result<Judged<Result>, Failure> {
            let one = HeardRecording(
                item: recording.item, sha256: recording.sha256, heard: heard, reference: recording.reference)
            return .success(Judged(result: judge(one), notices: heard.notices))
        }
        if let kept = store?.load(recording.item.name, cacheKey: cacheKey), kept.classes == recognizer.classes {
            return judged(kept)
        }
        do {
            let file = try degradation.map { try DegradedFile(recording.item.audio, $0) }
            let heard = try recognizer.hear(file?.path ?? recording.item.audio) { queue.progress(index, $0) }
            guard !queue.isStopped else { return nil }
            try store?.save(heard, of: recording.item.name, cacheKey: cacheKey)
            return judged(heard)
        } catch {
            return .failure(Failure("\(error)", .data))
        }
    }

    private static func store(_ folder: String) throws(Failure) -> TranscriptStore {
        do throws(FileFailure) {
            try Folder.make(folder)
        } catch {
            throw Failure("\(error.path): the folder cannot be created: \(error.reason)", .io)
        }
        return TranscriptStore(folder: folder)
    }
}
