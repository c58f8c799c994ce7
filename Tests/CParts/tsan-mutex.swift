// Two threads add to what a mutex protects, and with the argument `bare` to what nothing protects: the proof that scripts/tsan-test is quiet
// about the first and reports the second.

import Glibc
import Synchronization

final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

func start(_ run: @escaping @Sendable () -> Void) -> pthread_t {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(Body(run)).toOpaque()
    pthread_create(
        &thread, nil,
        {
            if let body = $0 { Unmanaged<Body>.fromOpaque(body).takeRetainedValue().run() }
            return nil
        }, body)
    return thread
}

let guarded = Mutex(0)
nonisolated(unsafe) var bare = 0
let isBare = CommandLine.arguments.contains("bare")
let threads = (0..<2).map { _ in
    start {
        for _ in 0..<20_000 {
            guarded.withLock { $0 += 1 }
            if isBare { bare += 1 }
        }
    }
}
for thread in threads { pthread_join(thread, nil) }
guard guarded.withLock({ $0 }) == 40_000 else { exit(1) }
