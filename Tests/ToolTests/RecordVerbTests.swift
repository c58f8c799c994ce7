// record and sessions, with real programs.

import Events
import Foundation
import Recording
import SceneFixtures
import Testing

@Suite(.serialized) struct RecordVerbTests {
    @Test("record --source makes a session without a daemon, and sessions lists it")
    func alone() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let file = try scene.wave("tones.wav", Scene.tones([(.cello, 0.5, 1.5)], seconds: 2), rate: 44_100)
        let config = scene.folder.appendingPathComponent("c.conf")
        try "[record]\nminimum_free_megabytes = 0\n".write(to: config, atomically: true, encoding: .utf8)
        let result = try timbre(
            "record", "--source", "file:\(file)", "--folder", sessions.folder, "--model", scene.model, "--config",
            config.path)
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.split(separator: "\n").count { $0.hasPrefix("started  \(sessions.folder)") } == 1)
        #expect(try sessions.read().count == 1 && result.text.contains("the source ended"))
        let session = try #require(try sessions.read().first)
        #expect(session.manifest.frames == 88_200 && session.manifest.start == nil)
        let labels = try timbre("export", session.folder.path, "--format", "audacity").text
        let fields = labels.split(whereSeparator: { "\t\n".contains($0) }).map(String.init)
        try #require(fields.count == 3 && fields.last == "cello", "\(labels)")
        #expect(abs((Double(fields[0]) ?? 0) - 0.5) < 0.2 && abs((Double(fields[1]) ?? 0) - 1.5) < 0.2)
        let list = try timbre("sessions", "list", sessions.folder)
        #expect(list.status == 0)
        #expect(list.text.contains("\(session.folder.name)     0:02  44100 Hz x 1") && list.text.contains("closed"))
        let repair = try timbre("sessions", "repair", session.folder.path)
        #expect(repair.status == 0 && repair.text == "\(session.folder.name): in order\n")
    }

    @Test("record and sessions speak with the daemon, and leave alone what is being recorded")
    func daemon() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon("[[stream]]\nsource = tone:440\n" + sessions.table(""), scene: scene)
        let environment = ["TIMBRE_SOCKET": daemon.socket]
        _ = try daemon.read(daemon.connect()) { $0.kind == .activity }
        #expect(try timbre("record", "status", environment: environment).text == "main: waiting\n")
        let start = try timbre("record", "start", environment: environment)
        #expect(start.status == 0 && start.text.contains("main: recording  \(sessions.folder)/"), "\(start.text)")
        let list = try timbre("sessions", environment: environment)
        #expect(list.status == 0 && list.text.contains("  recording  tone:440"), "\(list.text)")
        let repair = try timbre("sessions", "repair", environment: environment)
        #expect(repair.status == 0 && repair.text.hasSuffix(": is being recorded\n"), "\(repair.text)")
        let stop = try timbre("record", "stop", "--stream", "main", environment: environment)
        #expect(stop.status == 0 && stop.text == "main: stopped\n", "\(stop.text)")
        #expect(try timbre("record", "stop", "--stream", "x", environment: environment).status == 64)
        #expect(try sessions.read().map(\.manifest.state) == [.closed])
    }

    /// Whether this user may mount a small disk of its own.
    static let canMount =
        (try? run("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status) == 0

    @Test(
        "Promise 10: on a disk that is really full the session is closed in order and can be read",
        .enabled(if: canMount, "this user may not mount a small disk in a namespace of its own (unshare -rm)"))
    func fullDisk() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let config = scene.folder.appendingPathComponent("c.conf")
        try "[record]\nminimum_free_megabytes = 0\n".write(to: config, atomically: true, encoding: .utf8)
        let tool = RunningDaemon.program("timbre").path
        let script = """
            mount -t tmpfs -o size=400k tmpfs \(sessions.folder) || exit 1
            \(tool) record --source tone:noise --folder \(sessions.folder) --model \(scene.model) --config \(config.path)
            echo "status $?"
            df --output=avail \(sessions.folder) | tail -1
            \(tool) sessions list \(sessions.folder) && \(tool) sessions repair \(sessions.folder)
            cp -r \(sessions.folder)/* \(scene.folder.path)/kept
            """
        let result = try run("unshare", ["-rm", "sh", "-c", script])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("No space left on device") && result.text.contains("status 74"), "\(result.text)")
        #expect(result.text.contains(": in order\n"), "\(result.text)")
        let session = try SessionReader(folder: SessionFolder(path: scene.folder.path + "/kept"))
        #expect(session.manifest.state == .closed && session.duration > 1)
        #expect(session.manifest.end?.contains("No space left on device") == true)
        #expect(session.events.last?.event.kind != nil)
    }

    @Test("SIGHUP that whoever started the tool ignores, as nohup does, stays ignored")
    func ignoredHangup() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let tool = RunningDaemon.program("timbre").path
        let (number, said) = (scene.folder.path + "/pid", scene.folder.path + "/said")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c",
            "trap '' HUP; echo $$ > '\(number)'; exec '\(tool)' record --source tone:440 --folder '\(sessions.folder)' "
                + "--model '\(scene.model)' > '\(said)' 2>&1",
        ]
        shell.standardInput = FileHandle.nullDevice
        try shell.run()
        defer { if shell.isRunning { kill(shell.processIdentifier, SIGKILL) } }
        let end = Date() + 60
        func text() -> String { (try? String(contentsOfFile: said, encoding: .utf8)) ?? "" }
        while !text().contains("started  "), shell.isRunning, Date() < end { usleep(10_000) }
        let process = try #require(
            Int32(String(contentsOfFile: number, encoding: .utf8).trimmingCharacters(in: .newlines)))
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        func mask(_ name: String) -> UInt64 {
            status.split(separator: "\n").first { $0.hasPrefix(name) }
                .flatMap { UInt64($0.split(whereSeparator: \.isWhitespace)[1], radix: 16) } ?? 0
        }
        let (hangup, ending) = (UInt64(1) << (SIGHUP - 1), UInt64(1) << (SIGTERM - 1))
        #expect(mask("SigIgn:") & hangup != 0 && mask("SigCgt:") & hangup == 0 && mask("SigCgt:") & ending != 0)
        kill(process, SIGHUP)
        let before = try FileManager.default.contentsOfDirectory(atPath: sessions.folder)
        usleep(300_000)
        #expect(shell.isRunning && before.count == 1, "\(text())")
        kill(process, SIGTERM)
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0, "\(text())")
    }

    @Test("what cannot be read or is not there is named, and the exit status says so")
    func faults() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        #expect(try timbre("sessions", "list", "/nonesuch").status == 66)
        let broken = sessions.folder + "/broken"
        try FileManager.default.createDirectory(atPath: broken, withIntermediateDirectories: true)
        try "{\"format\": 3}".write(toFile: broken + "/session.json", atomically: true, encoding: .utf8)
        for action in ["list", "repair"] {
            let result = try timbre("sessions", action, sessions.folder)
            #expect(result.status == 65)
            #expect(result.text.contains("\(broken)/session.json: its member \"format\" must be a string"))
        }
        #expect(try timbre("record").status == 64)
        let missing = try timbre("record", "--source", "tone:440", "--folder", "/nonesuch", "--model", scene.model)
        #expect(missing.status == 74 && missing.text.contains("/nonesuch: cannot be written"), "\(missing.text)")
    }
}
