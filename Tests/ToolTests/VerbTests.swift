// The verbs that need no daemon, run as a person runs them.

import CommandLine
import Events
import Foundation
import SceneFixtures
import Testing

@testable import timbre

@Suite struct VerbTests {
    /// Two instruments, one after the other, in three seconds.
    private static func recording(_ scene: Scene) throws -> String {
        try scene.wave("tones.wav", Scene.tones([(.cello, 0.5, 1.2), (.horn, 1.6, 2.4)], seconds: 3))
    }

    @Test("Every verb explains itself", arguments: Command.all.map(\.verb.name))
    func help(name: String) throws {
        let verb = try #require(Program.timbre.verbs.first { $0.name == name })
        let result = try timbre(name, "--help")
        #expect(result.status == 0)
        #expect(result.text == Program.timbre.help(for: verb))
        #expect(try timbre("help", name).text == result.text)
    }

    @Test("A replay gives valid lines, the same on every run")
    func replay() throws {
        let scene = try Scene()
        let file = try Self.recording(scene)
        let first = try timbre("replay", "--model", scene.model, file)
        #expect(first.status == 0)
        let events = try first.text.split(separator: "\n").map { try NumberedEvent(line: String($0)) }
        #expect(events.map(\.sequence) == Array(1...Int64(events.count)))
        let changes = events.compactMap { event in
            switch event.event.body {
            case .on(let on): "+\(on.instrument)"
            case .off(let off): "-\(off.instrument)"
            default: nil
            }
        }
        #expect(changes == ["+cello", "-cello", "+horn", "-horn"])
        #expect(try timbre("replay", "--model", scene.model, file).text == first.text)
    }

    @Test("Activity lines come as often as they were asked for, streams as channels were")
    func options() throws {
        let scene = try Scene()
        let file = try Self.recording(scene)
        let result = try timbre("replay", "-m", scene.model, "--activity", "10", "--channels", "each", file)
        let events = try result.text.split(separator: "\n").map { try NumberedEvent(line: String($0)).event }
        #expect((28...31).contains(events.count { $0.kind == .activity }))
        #expect(events.contains { $0.position?.stream == "main.1" })
        #expect(try timbre("replay", "-m", scene.model, "--channels", "2", file).status == 65)
        #expect(try timbre("replay", "-m", scene.model, "--channels", "none", file).status == 64)
    }

    @Test("A demo without a terminal is a timeline with a chart")
    func demo() throws {
        let scene = try Scene()
        let result = try timbre("demo", "-m", scene.model, try Self.recording(scene))
        let lines = result.text.split(separator: "\n")
        #expect(result.status == 0)
        #expect(lines[0].hasSuffix("s  + cello") && lines[2].hasSuffix("s  + horn"))
        #expect(lines.last?.hasPrefix("horn ") == true && lines.last?.contains("█") == true)
    }

    @Test("What cannot be heard is refused with its name and a sysexits status")
    func refusals() throws {
        let scene = try Scene()
        let damaged = scene.folder.appending(path: "damaged.flac").path
        try Data("fLaC and then nothing".utf8).write(to: URL(filePath: damaged))
        let configuration = scene.folder.appending(path: "bad.conf").path
        try Data("[events]\nloudness = 3\n".utf8).write(to: URL(filePath: configuration))
        let good = try Self.recording(scene)

        let missing = try timbre("replay", "-m", scene.model, "/no/such.wav")
        #expect(missing.status == 66 && missing.text == "timbre: /no/such.wav: No such file or directory\n")
        let unreadable = try timbre("replay", "-m", scene.model, damaged)
        #expect(unreadable.status == 65 && unreadable.text.contains("damaged.flac"))
        let model = try timbre("replay", "-m", damaged, good)
        #expect(model.status == 65 && model.text.contains("damaged.flac"))
        let absent = try timbre("replay", "-m", "/no/such.safetensors", good)
        #expect(absent.status == 66 && absent.text.contains("/no/such.safetensors"))
        let settings = try timbre("replay", "-m", scene.model, "-c", configuration, good)
        #expect(settings.status == 78 && settings.text.contains("bad.conf:2: "))
        #expect(try timbre("replay").status == 64)
    }

    @Test("A reader that goes away, as head does, ends a replay quietly")
    func pipe() throws {
        let scene = try Scene()
        let tool = RunningDaemon.program("timbre").path
        let script = "'\(tool)' replay -a 1000 -m '\(scene.model)' '\(try Self.recording(scene))' | head -n 1 | wc -l"
        let result = try run("bash", ["-o", "pipefail", "-c", script])
        #expect(result.status == 0 && result.text.hasSuffix("1\n"))
    }

    @Test("A full disk ends a replay with the reason")
    func full() throws {
        let scene = try Scene()
        let tool = RunningDaemon.program("timbre").path
        let result = try run(
            "sh", ["-c", "'\(tool)' replay -m '\(scene.model)' '\(try Self.recording(scene))' > /dev/full"])
        #expect(result.status == 74)
        #expect(result.text == "timbre: cannot write to standard output: No space left on device\n")
    }

    @Test("check-config shows what is in force, and the line of what is wrong")
    func checkConfig() throws {
        let scene = try Scene()
        let file = scene.folder.appending(path: "t.conf")
        try Data("[events]\ngate_dbfs = -50\n[instrument.violin]\non = 0.75\n".utf8).write(to: file)
        let good = try timbre("check-config", "-m", scene.model, file.path)
        #expect(good.status == 0)
        #expect(good.text.contains("events.gate_dbfs") && good.text.contains("= -50\n"))
        #expect(try timbre("check-config", "-q", "-m", scene.model, file.path).text == "")

        for (text, wanted) in [
            ("[instrument.kazoo]\non = 0.5\n", "t.conf:1: "),
            ("[[stream]]\nname = a\nsource = magic:x\n", "t.conf:3: "),
            ("\n\ngate = 3\n", "t.conf:3: "),
        ] {
            try Data(text.utf8).write(to: file)
            let bad = try timbre("check-config", "-m", scene.model, file.path)
            #expect(bad.status == 78 && bad.text.contains(wanted), "\(bad.text)")
        }
        // What the daemon would not start with is no valid configuration.
        for model in ["/no/such.safetensors", scene.model] {
            try Data("[tags]\nmodel = \(model)\n".utf8).write(to: file)
            let bad = try timbre("check-config", "-m", scene.model, file.path)
            #expect(bad.status != 0 && bad.text.contains("t.conf: \(model)"), "\(bad.text)")
        }
        #expect(try timbre("check-config", "/no/such.conf").status == 66)
    }

    @Test("model info names the model, its hash and every instrument with its thresholds")
    func model() throws {
        let scene = try Scene()
        let result = try timbre("model", "info", "--model", scene.model)
        #expect(result.status == 0)
        #expect(result.text.contains("name          pitch\n"))
        #expect(result.text.contains("mallet_percussion  percussion  on 0.500  off 0.300\n"))
        #expect(result.text.firstMatch(of: /sha256 +[0-9a-f]{64}\n/) != nil)
        let clip = try timbre("model", "info", "--model", scene.clipModel)
        #expect(clip.status == 0)
        #expect(clip.text.contains("network       att_tf_id of width 1\n"))
        #expect(clip.text.contains("horn   brass       reported from 0.500\n"))
    }

    @Test("completions prints what the shell wants, devices what can be heard")
    func lists() throws {
        for shell in Shell.allCases {
            #expect(try timbre("completions", shell.rawValue).text == Program.timbre.completions(for: shell))
        }
        #expect([0, 69].contains(try timbre("devices").status))
    }

    @Test(
        "devices --midi says what is missing where the kernel has no sequencer",
        .enabled(if: !FileManager.default.fileExists(atPath: "/dev/snd/seq"), "the kernel has an ALSA sequencer"))
    func withoutSequencer() throws {
        let result = try timbre("devices", "--midi")
        #expect(result.status == 69)
        // ALSA's own complaint comes before it.
        #expect(result.text.hasSuffix("No such file or directory: load the module snd-seq\n"), "\(result.text)")
    }

    @Test("Without a daemon the verbs that need one say how to find it")
    func withoutDaemon() throws {
        for verb in ["watch", "listen", "status"] {
            let result = try timbre(verb, environment: ["TIMBRE_SOCKET": "/no/such.sock"])
            #expect(result.status == 69, "\(verb)")
            #expect(result.text.contains("/no/such.sock") && result.text.contains("timbred is not running"))
        }
    }
}
