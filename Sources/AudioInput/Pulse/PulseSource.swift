// A source of a PulseAudio server (or of PipeWire's server), including the monitors of sinks.

import AudioCore
import CPulse
import Glibc
import System

/// A record stream that is bound to one source: when the source disappears the stream fails; it is never moved to
/// another source.
///
/// The name is resolved when the stream is opened, so "the default" is the default at that moment. libpulse has its
/// own pools for the packets it receives; apart from those, `read` allocates nothing.
final class PulseSource: AudioSource {
    let isLive = true
    /// The requested fragments per second: one fragment is about 6 ms, like the period of a sound card.
    private static let fragmentsPerSecond: UInt32 = 172

    private let name: String
    private let server: String?
    private var connection: PulseConnection?
    private var stream: OpaquePointer?
    private var channels = 1
    private(set) var device: String?
    /// The current fragment, and the number of its bytes already delivered.
    private var fragment = UnsafeRawBufferPointer(start: nil, count: 0)
    private var used = 0

    /// If `server` is nil, the user's environment selects the server.
    init(name: String?, server: String? = nil) {
        self.name = name ?? "@DEFAULT_SOURCE@"
        self.server = server
    }

    deinit {
        close()
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        close()
        do throws(AudioInputError) {
            let connection = try PulseConnection(server: server, stop: stop)
            self.connection = connection
            return try openStream(on: connection, stop: stop)
        } catch {
            close()
            throw error
        }
    }

    private func openStream(on connection: PulseConnection, stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        let facts = try PulseDevices.find(name, on: connection, stop: stop)
        var sample = facts.sample
        sample.format = PA_SAMPLE_FLOAT32LE
        var map = facts.map
        guard let stream = pa_stream_new(connection.context, "timbre", &sample, &map) else {
            throw connection.failure("creating a stream", source: "pulse:\(name)")
        }
        self.stream = stream
        var buffer = pa_buffer_attr()
        buffer.maxlength = .max
        buffer.fragsize = sample.rate / Self.fragmentsPerSecond * UInt32(pa_frame_size(&sample))
        let flags = PA_STREAM_DONT_MOVE.rawValue | PA_STREAM_ADJUST_LATENCY.rawValue
        guard pa_stream_connect_record(stream, facts.name, &buffer, pa_stream_flags_t(flags)) >= 0 else {
            throw connection.failure("connecting the stream", source: "pulse:\(name)")
        }
        while pa_stream_get_state(stream) != PA_STREAM_READY {
            guard PA_STREAM_IS_GOOD(pa_stream_get_state(stream)) != 0 else {
                throw connection.failure("connecting the stream", source: "pulse:\(name)")
            }
            try connection.wait("connecting the stream", stop: stop) {
                pa_stream_get_state(stream) != PA_STREAM_CREATING
            }
        }
        channels = Int(sample.channels)
        device = pa_stream_get_device_name(stream).map { String(cString: $0) } ?? facts.name
        return AudioFormat(sampleRate: Int(sample.rate), channels: channels)
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        guard let connection, let stream else { return .failed(code: Int32(PA_ERR_BADSTATE.rawValue)) }
        let end = SystemClock.monotonic + Int64(timeout) * 1_000_000
        while true {
            guard connection.isGood, pa_stream_get_state(stream) == PA_STREAM_READY else {
                return .failed(code: connection.code)
            }
            if used < fragment.count { return .frames(give(destination, capacity: capacity, from: stream)) }
            var data: UnsafeRawPointer?
            var size = 0
            guard pa_stream_peek(stream, &data, &size) >= 0 else { return .failed(code: connection.code) }
            if let data, size > 0 {
                fragment = UnsafeRawBufferPointer(start: data, count: size)
                used = 0
                continue
            }
            if size > 0 {
                // A hole: the server had no data for it.
                pa_stream_drop(stream)
                return .lost(size / (4 * channels))
            }
            let left = (end - SystemClock.monotonic) / 1_000_000
            guard left > 0 else { return .nothing }
            guard connection.iterate(milliseconds: Int(left)) else { return .failed(code: connection.code) }
        }
    }

    /// Copies frames from the current fragment and returns the fragment to the server's pool when all of it is used.
    private func give(_ destination: UnsafeMutablePointer<Float>, capacity: Int, from stream: OpaquePointer) -> Int {
        let frames = min(capacity, (fragment.count - used) / (4 * channels))
        let bytes = frames * 4 * channels
        if let base = fragment.baseAddress { memcpy(destination, base + used, bytes) }
        used += bytes
        if used == fragment.count {
            pa_stream_drop(stream)
            fragment = UnsafeRawBufferPointer(start: nil, count: 0)
            used = 0
        }
        return frames
    }

    func close() {
        fragment = UnsafeRawBufferPointer(start: nil, count: 0)
        used = 0
        if let stream {
            pa_stream_disconnect(stream)
            pa_stream_unref(stream)
        }
        stream = nil
        connection = nil
    }
}
