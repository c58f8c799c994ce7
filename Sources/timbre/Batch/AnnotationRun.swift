// Processes a batch of recordings and prints a summary at the end.

import Annotations
import CommandLine
import Evaluation
import Glibc

/// The recordings of a batch and the work for each.
struct AnnotationRun {
    let list: AudioList
    let job: AnnotationJob

    /// Processes all recordings, `jobs` at a time.
    func run(jobs: Int, isQuiet: Bool) throws(Failure) {
        let (items, job) = (list.items, job)
        let queue = WorkQueue<AnnotationJob.Annotated>(count: items.count)
        // The duration of a recording is known only after it is processed; its file size is known before.
        let sizes = items.map { item -> Double in
            var facts = stat()
            return stat(item.path, &facts) == 0 ? Double(facts.st_size) : 0
        }
        let begun = SetProgress.now
        var progress = SetProgress(total: items.count, seconds: 0, isQuiet: isQuiet, now: begun)
        defer { progress.clear() }
        try queue.run(jobs: jobs) { index in
            do throws(Failure) {
                return try job.annotate(items[index]) { queue.progress(index, $0) }.map { .success($0) }
            } catch {
                return .failure(error)
            }
        } watch: {
            let outcomes = queue.outcomes
            var (bytes, done, heard) = (0.0, 0.0, 0.0)
            for (size, outcome) in zip(sizes, outcomes) {
                bytes += size
                guard let outcome else { continue }
                done += size
                if case .success(let done) = outcome { heard += done.summary.duration }
            }
            progress.seconds = done > 0 ? heard * bytes / done : 0
            progress.show(queue.done, heard: heard, now: SetProgress.now)
        }
        progress.clear()
        try finish(queue.outcomes)
    }

    private func finish(_ outcomes: [Result<AnnotationJob.Annotated, Failure>?]) throws(Failure) {
        var summaries: [RecordingSummary] = []
        var kept = 0
        var leftOut = list.leftOut
        var isWhole = true
        for (item, outcome) in zip(list.items, outcomes) {
            switch outcome {
            case .success(let done)?:
                summaries.append(done.summary)
                if done.isKept { kept += 1 }
                Output.complain(done.summary.notices, about: item.path)
            case .failure(let problem)?: leftOut.append(LeftOut(item.name, problem.sentence))
            case nil: isWhole = false
            }
        }
        guard isWhole else {
            throw Failure(
                "stopped after \(summaries.count) of \(list.items.count) recordings; run the same command with --resume "
                    + "to continue", .data)
        }
        try Output.file(
            BatchTables.recordings(summaries, classes: job.recognizer.classes), to: job.folder + "/recordings.csv")
        let failed = job.folder + "/failed.csv"
        if leftOut.isEmpty {
            unlink(failed)
        } else {
            try Output.file(BatchTables.failed(leftOut), to: failed)
        }
        let minutes = summaries.reduce(0) { $0 + $1.duration } / 60
        let width = min(40, leftOut.map(\.recording.count).max() ?? 0)
        let head =
            "\(counted(summaries.count, "recording")), \(fixed(minutes, decimals: 1)) min, annotated in \(job.folder)"
            + (job.resumes ? "; \(kept) had results already" : "")
        try Output.closing([head] + leftOut.map { "  \(fitted($0.recording, width))  \($0.problem)" })
        guard !leftOut.isEmpty else { return }
        throw Failure("\(leftOut.count) of \(outcomes.count + list.leftOut.count) failed; \(failed) lists them", .data)
    }
}
