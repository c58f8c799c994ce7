// A source that is read on the main thread, to run a single module.

import AudioCore
import AudioInput
import CommandLine
import Features
import System

/// An open source with its counters.
struct ModuleInput {
    /// The format of its frames.
    let format: AudioFormat
    /// Number of reads with frames, of reads without frames and of losses, and the known number of lost frames.
    private(set) var reads = 0
    private(set) var empty = 0
    private(set) var losses = 0
    private(set) var lost = 0

    private let source: any AudioSource
    private let specification: SourceSpecification
    private let end: Int64
    private let begun: Int64
    private let signals = Signals(minding: Signals.ending)

    /// Opens a source once: a missing device is an error, and the call does not wait for it.
    ///
    /// - Parameter seconds: time after which `read` ends, by the clock; nil for no limit.
    init(_ name: String, seconds: Double?) throws(Failure) {
        do throws(AudioInputError) {
            specification = try SourceSpecification(name)
        } catch {
            throw Failure(error.description, .usage)
        }
        source = specification.make()
        do throws(AudioInputError) {
            format = try source.open(stop: StopFlag())
        } catch {
            throw Failure(error.description, specification.isReplay ? .noInput : .unavailable)
        }
        let now = SystemClock.monotonic
        begun = now
        end = seconds.map { now + Int64($0 * 1e9) } ?? .max
        try Output.line(
            "\(specification): \(format.sampleRate) Hz, \(format.channels) channels, "
                + (source.isLive ? "live" : "not live"))
    }

    /// Reads to the end of the input or of the time, or until a signal; `take` receives interleaved frames.
    mutating func read(_ take: (UnsafeBufferPointer<Float>) throws(Failure) -> Void) throws(Failure) {
        let block = 1_024
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: block * format.channels)
        defer {
            buffer.deallocate()
            source.close()
        }
        while SystemClock.monotonic < end, signals.take().isEmpty {
            switch source.read(buffer, capacity: block, timeout: 50) {
            case .frames(let count):
                reads += 1
                try take(UnsafeBufferPointer(start: buffer, count: count * format.channels))
            case .nothing: empty += 1
            case .lost(let frames):
                losses += 1
                lost += frames
            case .reformatted(let other):
                throw Failure(
                    "\(specification): the format changes to \(other.sampleRate) Hz, \(other.channels) channels; "
                        + "split the file and run the module on each part separately", .data)
            case .end: return
            case .failed(let code):
                throw Failure("\(specification): \(specification.explain(code))", .io)
            }
        }
    }

    /// Computes the features of the mean of all channels, frame by frame.
    mutating func features(
        _ configuration: FrontEndConfiguration, _ take: (UnsafePointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        let frontEnd = FrontEnd(configuration)
        let resampler = Resampler(from: format.sampleRate, to: configuration.sampleRate)
        let channels = format.channels
        var mono = [Float](repeating: 0, count: 1_024)
        var pending: [Float] = []
        var frame = [Float](repeating: 0, count: configuration.frameSize)
        try read { block throws(Failure) in
            mono.withUnsafeMutableBufferPointer {
                ChannelSelection.mix.extract(stream: 0, from: block, channels: channels, into: $0)
            }
            mono.withUnsafeBufferPointer {
                pending += resampler.process(UnsafeBufferPointer(rebasing: $0[..<(block.count / channels)]))
            }
            var used = 0
            while pending.count - used >= configuration.hop {
                pending.withUnsafeBufferPointer { samples in
                    if let start = samples.baseAddress { frontEnd.process(start + used, &frame) }
                }
                try take(frame)
                used += configuration.hop
            }
            pending.removeFirst(used)
        }
    }

    /// Formats the speed: "12.0 s of audio in 0.4 s: 30 times real time".
    func speed(_ audio: Double) -> String {
        let taken = Double(SystemClock.monotonic - begun) * 1e-9
        return "\(fixed(audio, decimals: 1)) s of audio in \(fixed(taken, decimals: 1)) s: "
            + "\(fixed(audio / max(taken, 1e-9), decimals: 1)) times real time"
    }
}
