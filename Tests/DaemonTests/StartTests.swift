// How the daemon starts: signals, and where it listens when a person runs it by hand.

import EventServer
import Foundation
import SceneFixtures
import Testing

@Suite("Start") struct StartTests {
    @Test("Without a socket it ends when the sources have ended, all lines are written, or nobody reads them")
    func endsAlone() throws {
        let scene = try Scene()
        let sound = try scene.wave("a.wav", Scene.tones([(.cello, 0.5, 1.5)], seconds: 2))
        let text = "[[stream]]\nsource = file:\(sound)\n"
        for reads in [true, false] {
            let pipe = Pipe()
            let daemon = try RunningDaemon(
                text, scene: scene, waits: false, arguments: ["--stdout", "--socket", "none"], output: pipe)
            // Only the daemon has the writing end now.
            try pipe.fileHandleForWriting.close()
            if !reads { try pipe.fileHandleForReading.close() }
            let read = reads ? try pipe.fileHandleForReading.readToEnd() : nil
            let lines = String(decoding: read ?? Data(), as: UTF8.self)
            let end = Date() + 60
            while daemon.process.isRunning, Date() < end { usleep(10_000) }
            #expect(!daemon.process.isRunning)
            guard !daemon.process.isRunning else { continue }
            #expect(daemon.process.terminationStatus == 0, "\(daemon.log)")
            if reads { #expect(lines.contains("\"cello\"") && lines.contains("every source has ended")) }
        }
    }

    @Test(
        "Where the system gives no descriptor for signals, the daemon says so and ends: nobody could end it later",
        .enabled(if: PreloadedLibrary.isMissing == nil, Comment(rawValue: PreloadedLibrary.isMissing ?? "")))
    func noSignals() throws {
        let scene = try Scene()
        let source = scene.folder.path + "/nosignals.c"
        try "#include <errno.h>\nint signalfd(int d, const void *s, int f) { errno = EMFILE; return -1; }\n".write(
            toFile: source, atomically: true, encoding: .utf8)
        let daemon = try RunningDaemon(
            DaemonTests.tone, scene: scene, waits: false,
            environment: ["LD_PRELOAD": try PreloadedLibrary.make(source, in: scene.folder.path)])
        let end = Date() + 60
        while daemon.process.isRunning, Date() < end { usleep(10_000) }
        #expect(!daemon.process.isRunning)
        guard !daemon.process.isRunning else { return }
        #expect(daemon.process.terminationStatus == 69)
        #expect(daemon.log.contains("signalfd"), "\(daemon.log)")
    }

    @Test(
        "Where the system gives no more threads, however many it gave before, the daemon says so and ends",
        .enabled(if: PreloadedLibrary.isMissing == nil, Comment(rawValue: PreloadedLibrary.isMissing ?? "")),
        .disabled(
            if: ProcessInfo.processInfo.environment["TIMBRE_SANITIZED"] == "thread",
            "the thread sanitizer starts a thread of its own"),
        arguments: 0..<6)
    func noThreads(given: Int) throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let source = scene.folder.path + "/nothreads.c"
        try """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <pthread.h>
        int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *c) {
            static int given;
            int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = dlsym(RTLD_NEXT, "pthread_create");
            return given++ < \(given) ? create(t, a, f, c) : EAGAIN;
        }

        """.write(toFile: source, atomically: true, encoding: .utf8)
        let daemon = try RunningDaemon(
            DaemonTests.tone + sessions.table(), scene: scene, waits: false,
            environment: ["LD_PRELOAD": try PreloadedLibrary.make(source, in: scene.folder.path)])
        let end = Date() + 60
        func answers() -> Bool {
            guard let client = try? EventClient(path: daemon.socket),
                case .line? = try? client.readLine(timeoutMilliseconds: 200)
            else { return false }
            return true
        }
        var isHeard = false
        while daemon.process.isRunning, Date() < end, !isHeard {
            isHeard = answers()
            usleep(10_000)
        }
        // The log, a capture, its analysis and the recorder have one each.
        if given < 4 {
            #expect(!isHeard && !daemon.process.isRunning && daemon.process.terminationReason == .exit)
            guard !daemon.process.isRunning else { return }
            #expect(daemon.process.terminationStatus == 69, "\(daemon.log)")
            #expect(daemon.log.contains("thread"), "\(daemon.log)")
        } else {
            #expect(isHeard, "\(daemon.log)")
            #expect(try #require(daemon.end()) < 2)
            #expect(daemon.process.terminationStatus == 0)
        }
    }

    /// Whether this user is an ordinary one, or may become one.
    private static let canBePlain = access("/run", W_OK) != 0 || access("/usr/bin/setpriv", X_OK) == 0

    @Test(
        "Run by hand as a plain user, the daemon listens in the user's own folder for sockets",
        .enabled(if: canBePlain, "setpriv of util-linux is not there, so root cannot become a plain user"))
    func plainUser() throws {
        let scene = try Scene()
        let own = scene.folder.path + "/own"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
        // The package may lie where only its owner looks.
        let program = scene.folder.path + "/timbred"
        try FileManager.default.copyItem(atPath: RunningDaemon.program("timbred").path, toPath: program)
        let configuration = scene.folder.path + "/plain.conf"
        try "[model]\npath = \"\(scene.model)\"\n[realtime]\npriority = 0\n\(DaemonTests.tone)".write(
            toFile: configuration, atomically: true, encoding: .utf8)
        let process = Process()
        var words = [program, "--config", configuration]
        if access("/run", W_OK) == 0 {
            words = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] + words
            for path in [scene.folder.path, own] { chmod(path, 0o755) }
            chown(own, 65_534, 65_534)
        }
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_RUNTIME_DIR": own]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let end = Date() + 60
        var client: EventClient?
        while client == nil, process.isRunning, Date() < end {
            client = try? EventClient(path: own + "/timbred/timbred.sock")
            usleep(10_000)
        }
        guard case .line(let line)? = try client?.readLine(timeoutMilliseconds: 60_000) else {
            Issue.record("nobody listens in \(own)")
            return
        }
        #expect(line.contains("\"type\":\"hello\""))
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
