// A connection to a PulseAudio server, driven by the calling thread.

import AudioCore
import CPulse
import System

/// Owns a main loop and a context. Callbacks run only inside `iterate`, on the thread that owns the connection, so no
/// lock is needed.
final class PulseConnection {
    /// Longest wait for an answer of the server, in milliseconds.
    private static let timeout = 2_000

    let context: OpaquePointer
    private let loop: OpaquePointer

    /// Connects to `server`, or to the server that the user's environment selects, and waits until the connection is
    /// ready.
    init(server: String? = nil, stop: StopFlag = StopFlag()) throws(AudioInputError) {
        guard let loop = pa_mainloop_new() else {
            throw .unusable(source: "PulseAudio", detail: "the main loop cannot be created")
        }
        guard let context = pa_context_new(pa_mainloop_get_api(loop), "timbre") else {
            pa_mainloop_free(loop)
            throw .unusable(source: "PulseAudio", detail: "the context cannot be created")
        }
        self.loop = loop
        self.context = context
        guard pa_context_connect(context, server, PA_CONTEXT_NOAUTOSPAWN, nil) >= 0 else { throw failure("connecting") }
        try wait("connecting", stop: stop) { pa_context_get_state(self.context) == PA_CONTEXT_READY }
    }

    deinit {
        pa_context_disconnect(context)
        pa_context_unref(context)
        pa_mainloop_free(loop)
    }

    /// Whether the connection is ready.
    var isGood: Bool { pa_context_get_state(context) == PA_CONTEXT_READY }

    /// The code of the last error of the context.
    var code: Int32 { pa_context_errno(context) }

    /// Processes the server's messages, and waits at most this long for them; returns false when the connection is
    /// broken.
    func iterate(milliseconds: Int) -> Bool {
        guard pa_mainloop_prepare(loop, Int32(milliseconds * 1_000)) >= 0, pa_mainloop_poll(loop) >= 0 else {
            return false
        }
        return pa_mainloop_dispatch(loop) >= 0
    }

    /// Iterates until `isDone` returns true; throws when the server refuses, is gone, takes too long, or `stop` is
    /// raised.
    func wait(_ step: String, stop: StopFlag = StopFlag(), until isDone: () -> Bool) throws(AudioInputError) {
        let end = SystemClock.monotonic + Int64(Self.timeout) * 1_000_000
        while !isDone() {
            guard PA_CONTEXT_IS_GOOD(pa_context_get_state(context)) != 0 else { throw failure(step) }
            guard SystemClock.monotonic < end, !stop.isRaised else {
                throw .unusable(source: "PulseAudio", detail: "\(step): the server does not respond")
            }
            guard iterate(milliseconds: 50) else { throw failure(step) }
        }
    }

    /// Returns an error with the server's message.
    func failure(_ step: String, source: String = "PulseAudio") -> AudioInputError {
        let detail = "\(step): " + String(cString: pa_strerror(code))
        return switch UInt32(code) {
        case PA_ERR_CONNECTIONREFUSED.rawValue, PA_ERR_NOENTITY.rawValue, PA_ERR_CONNECTIONTERMINATED.rawValue:
            .missing(source: source, detail: detail)
        case PA_ERR_BUSY.rawValue: .busy(source: source, detail: detail)
        default: .unusable(source: source, detail: detail)
        }
    }
}
