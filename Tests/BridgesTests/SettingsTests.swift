// Sinks as people write them, on command lines and in files.

import Testing

@testable import Bridges

@Suite struct SettingsTests {
    @Test("An address with options is understood")
    func commandLine() throws {
        let sink = try SinkSettings("osc:127.0.0.1:7700/stage,rate=30,instruments=violin+viola,types=on+off,refresh=0")
        #expect(sink.description == "osc:127.0.0.1:7700/stage")
        #expect(sink.filter.instruments == ["violin", "viola"] && sink.filter.rate == 30)
        #expect(sink.filter.kinds == [.on, .off] && sink.rate == 0)
        #expect(sink.number("refresh") == 0 && sink.text("protocol") == "udp")
    }

    @Test(
        "What cannot be obeyed is refused with the remedy",
        arguments: [
            ("osc", "begins with its type"), ("oscc:1:2", "did you mean osc?"), ("osc:", "port is missing"),
            ("osc:127.0.0.1", "the port is missing"), ("osc::7700", "host is missing"),
            ("osc:127.0.0.1:7700,rat=3", "did you mean rate?"), ("osc:127.0.0.1:7700,rate", "name=value"),
            ("osc:127.0.0.1:7700,rate=x", "from 0.0 to 1000.0"),
            ("osc:127.0.0.1:7700,types=onn", "expected one of on, off"),
            ("osc:127.0.0.1:7700,rate=1,rate=2", "duplicate option rate"), ("osc:127.0.0.1:7700/a#b", "OSC reserves"),
            ("osc:127.0.0.1:7700,protocol=ip", "write udp, tcp"), ("web:0.0.0.0:8080", "token is required"),
            ("web:8080,clients=0", "whole number from 1"), ("web:stage.local:80", "numeric address"), ("web:x", "port"),
        ])
    func refused(text: String, remedy: String) {
        let error = #expect(throws: SinkProblem.self) { try SinkSettings(text) }
        #expect(error?.description.contains(remedy) == true, "\(error?.description ?? "")")
    }

    @Test("A configuration gives its sinks in order")
    func file() throws {
        let text = """
            # lights and a page
            [bridge]
            socket = /run/timbred/timbred.sock
            [[output]]
            sink = "osc:127.0.0.1:7700"
            instruments = "violin, viola"
            rate = 30
            [[output]]
            sink = web:8080
            """
        let configuration = try BridgeConfiguration(bytes: Array(text.utf8), file: "b.conf")
        #expect(configuration.sinks.map(\.description) == ["osc:127.0.0.1:7700", "web:8080"])
        #expect(configuration.sinks[0].filter.instruments == ["violin", "viola"])
        #expect(configuration.socket == "/run/timbred/timbred.sock")
    }

    @Test(
        "A wrong line is refused with its number",
        arguments: [
            ("[[output]]\nsink = \"osc:127.0.0.1:7700\"\nrate = fast\n", 3, "rate is \"fast\""),
            ("[[output]]\nrate = 3\nsink = \"osc:127.0.0.1\"\n", 3, "the port is missing"),
            ("\n[[output]]\nrate = 3\n", 2, "has no sink"), ("[output]\n", 1, "double brackets"),
            ("sink = web:1\n", 1, "precedes the first table"), ("[bridge]\nsokket = x\n", 2, "did you mean socket?"),
            ("[[output]]\nsink = web:8080\nsink = web:8081\n", 3, "duplicate key sink"),
            ("[[output]]\nsink = web:8080\nrate = 1\nrate = 2\n", 4, "duplicate key rate"),
            ("[[output]]\nsink = web:8080\nclient = 1\n", 3, "did you mean clients?"),
            ("[sinks]\n", 1, "unknown table"),
            ("[[output]]\nsink = web:8080\ntypes = \"on, of\"\n", 3, "unknown type \"of\" in types"),
        ])
    func lines(text: String, line: Int, problem: String) {
        let error = #expect(throws: BridgeError.self) {
            try BridgeConfiguration(bytes: Array(text.utf8), file: "b.conf")
        }
        #expect(error?.description.hasPrefix("b.conf:\(line): ") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }

    @Test("Text that is no text is refused, and a file that is not there")
    func unreadable() {
        #expect(throws: BridgeError.self) { try BridgeConfiguration(bytes: [0x5B, 0xFF], file: "b.conf") }
        let error = #expect(throws: BridgeError.self) { try BridgeConfiguration(file: "/nonexistent/b.conf") }
        #expect(error?.description == "/nonexistent/b.conf: cannot be read: No such file or directory")
    }

    @Test("Every option has a sentence, and its usual value is one that may stand")
    func options() {
        for type in SinkTable.all {
            for option in type.options + SinkFilter.options {
                #expect(!option.help.isEmpty && !option.help.hasSuffix("."))
                if !option.usual.isEmpty { #expect(option.objection(to: option.usual) == nil) }
            }
        }
    }

    @Test("A thousand damaged configurations are refused with their line or understood, never worse")
    func damaged() {
        var random = SeededNumbers(seed: 5)
        let whole = Array(
            "[bridge]\nsocket = /x\n[[output]]\nsink = \"sacn:1\"\nmap = \"violin@1+family.brass@2-3\"\nrate = 3\n".utf8
        )
        for _ in 0..<1_000 {
            var bytes = whole
            for _ in 0...random.next(3) {
                let place = random.next(bytes.count)
                switch random.next(3) {
                case 0: bytes[place] = UInt8(random.next(256))
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(random.next(256)), at: place)
                }
            }
            do {
                _ = try BridgeConfiguration(bytes: bytes, file: "b.conf")
            } catch {
                #expect("\(error)".hasPrefix("b.conf:"))
            }
        }
    }
}
