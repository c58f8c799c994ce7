// Hears all recordings of a set, several at once, each by itself and always with the same result.

import Annotations
import AudioFiles
import CommandLine
import Evaluation
import Foundation
import Models

/// The hearing of a set.
struct SetHearing: Sendable {
    /// A recording whose audio opens and whose reference is in order.
    private struct Ready: Sendable {
        let item: EvaluationSet.Item
        let sha256: String
        let duration: Double
        let reference: Reference
    }

    let ear: Ear
    /// What was left out before anything was heard.
    private(set) var leftOut: [LeftOut]
    private let ready: [Ready]

    /// Reads the set and all references. What is wrong with one recording leaves that one out.
    init(_ path: String, ear: Ear) throws(Failure) {
        self.ear = ear
        let vocabulary = Vocabulary(InstrumentClass.allCases.map(\.rawValue))
        let set: EvaluationSet
        do throws(EvaluationError) {
            set = try EvaluationSet(path: path, vocabulary: vocabulary)
        } catch {
            if case .file = error { throw Failure(error.description, .noInput) }
            throw Failure(error.description, .data)
        }
        var leftOut = set.leftOut
        var ready: [Ready] = []
        for item in set.items {
            do {
                let bytes = try FileContent.read(item.audio)
                let duration = try AudioFileReader(path: item.audio).duration
                ready.append(
                    Ready(
                        item: item, sha256: ModelFile.sha256(bytes), duration: duration ?? 0,
                        reference: try EvaluationSet.reference(of: item, duration: duration, vocabulary: vocabulary)))
            } catch {
                leftOut.append(LeftOut(item.name, "\(error)"))
            }
        }
        self.leftOut = leftOut
        self.ready = ready
    }

    /// Hash and name of the recordings that will be heard.
    var recordings: [(sha256: String, name: String)] { ready.map { ($0.sha256, $0.item.name) } }

    /// Hears everything and gives what `judge` makes of it, in the order of the set.
    ///
    /// - Parameters:
    ///   - jobs: recordings at once; it changes no result.
    ///   - folder: where what was heard is kept, and looked for first; nil to keep nothing.
    func run<Result: Sendable>(
        jobs: Int, folder: String?, isQuiet: Bool, judge: @escaping @Sendable (HeardRecording) -> Result
    ) throws(Failure) -> (results: [Result], leftOut: [LeftOut]) {
        let store = try folder.map { path throws(Failure) in try Self.store(path) }
        let board = SetBoard<Result>(count: ready.count)
        let work = self
        for _ in 0..<min(jobs, ready.count) {
            Thread.detachNewThread {
                while let index = board.next() {
                    board.finish(index, with: work.outcome(index, store, board, judge))
                }
                board.leave()
            }
        }
        try wait(for: board, workers: min(jobs, ready.count), isQuiet: isQuiet)
        var results: [Result] = []
        var leftOut = leftOut
        for (index, outcome) in board.outcomes.enumerated() {
            switch outcome {
            case .success(let result)?: results.append(result)
            case .failure(let problem)?: leftOut.append(LeftOut(ready[index].item.name, problem.sentence))
            case nil: throw Failure("stopped before the end\(folder == nil ? "" : "; the same command goes on")", .data)
            }
        }
        return (results, leftOut)
    }

    private func outcome<Result: Sendable>(
        _ index: Int, _ store: TranscriptStore?, _ board: SetBoard<Result>, _ judge: (HeardRecording) -> Result
    ) -> Swift.Result<Result, Failure>? {
        let recording = ready[index]
        let circumstances = "audio \(recording.sha256), \(ear.circumstances)"
        func judged(_ heard: Transcript) -> Swift.Result<Result, Failure> {
            .success(
                judge(
                    HeardRecording(
                        item: recording.item, sha256: recording.sha256, heard: heard, reference: recording.reference)))
        }
        if let kept = store?.load(recording.item.name, circumstances: circumstances), kept.classes == ear.classes {
            return judged(kept)
        }
        do {
            let heard = try ear.hear(recording.item.audio) { board.progress(index, $0) }
            guard !board.isStopped else { return nil }
            try store?.save(heard, of: recording.item.name, circumstances: circumstances)
            return judged(heard)
        } catch {
            return .failure(Failure("\(error)", .data))
        }
    }

    private func wait<Result: Sendable>(for board: SetBoard<Result>, workers: Int, isQuiet: Bool) throws(Failure) {
        let signals = Signals(minding: Signals.ending)
        func now() -> Double { Double(monotonicMilliseconds()) / 1000 }
        var progress = SetProgress(
            total: ready.count, seconds: ready.reduce(0) { $0 + $1.duration }, isQuiet: isQuiet, now: now())
        defer { progress.clear() }
        while board.left < workers {
            _ = signals.wait(for: [], milliseconds: 100)
            if !signals.take().isEmpty { board.stop() }
            progress.show(board.done, heard: board.seconds(of: ready.map(\.duration)), now: now())
        }
    }

    private static func store(_ folder: String) throws(Failure) -> TranscriptStore {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw Failure("\(folder): the folder cannot be made: \(error.localizedDescription)", .io)
        }
        return TranscriptStore(folder: folder)
    }
}
