// What is read from a command line, and what is refused with which sentence.

import AudioCore
import CommandLine
import Spelling
import Testing

@Suite struct ArgumentsTests {
    @Test("Options, values in every spelling and operands are read in any order")
    func spellings() throws {
        let arguments = try parsed("play --speed=1.5 song.flac -qm net.safetensors --type on,off")
        #expect(arguments.number("speed") == 1.5)
        #expect(arguments.flag("quiet"))
        #expect(arguments.text("model") == "net.safetensors")
        #expect(arguments.list("type") == ["on", "off"])
        #expect(arguments.operands == ["song.flac"])
        #expect(arguments.integer("block") == nil)
        #expect(try parsed("play -s0.5 x").number("speed") == 0.5)
        #expect(try parsed("play --speed 1 --speed 2 x").number("speed") == 2)
    }

    @Test("After two dashes everything is an operand, and one dash alone always is")
    func dashes() throws {
        #expect(try parsed("play -- --speed").operands == ["--speed"])
        #expect(try parsed("play -").operands == ["-"])
        #expect(try parsed("play --model=--odd x").text("model") == "--odd")
    }

    @Test("An unknown word names its nearest neighbour")
    func neighbours() throws {
        #expect(try complaint("pley x").hasPrefix("tune: unknown verb 'pley'; did you mean 'play'?"))
        #expect(try complaint("play --modle m x").contains("unknown option '--modle'; did you mean '--model'?"))
        #expect(try !complaint("play --zzz x").contains("did you mean"))
        #expect(NearestName.nearest(to: "hlep", among: ["help", "hello"]) == "help")
    }

    @Test(
        "A wrong value is refused with what was wanted",
        arguments: [
            ("play --speed 3 x", "tune play: --speed requires a number from 0.5 to 2, not '3'"),
            ("play --speed nan x", "--speed requires a number from 0.5 to 2, not 'nan'"),
            ("play --block 0 x", "--block requires a whole number from 1 to 8192, not '0'"),
            ("play --format xml x", "--format requires one of json, text, not 'xml'"),
            ("play --type on,of x", "--type requires one or more of on,off,health, not 'on,of'"),
            ("play --quiet=yes x", "--quiet takes no value"),
            ("play --model --quiet x", "--model requires a value: FILE"),
            ("play x --model", "--model requires a value: FILE"),
            ("play -z x", "unknown option '-z'"),
            ("play", "FILE is missing: what to play"),
            ("play a b", "unexpected argument 'b'"),
            ("say shrill", "HOW requires one of loud, soft, not 'shrill'"),
            ("", "tune: a verb is missing; the verbs are play, say\nTry 'tune --help'."),
        ])
    func refusals(line: String, sentence: String) throws {
        #expect(try complaint(line).contains(sentence))
    }

    @Test("Operands may be optional and repeat")
    func operands() throws {
        #expect(try parsed("say loud").operands == ["loud"])
        #expect(try parsed("say soft a b c").operands.count == 4)
    }

    @Test("Help is asked for with one word wherever it stands, the version before any verb")
    func help() throws {
        #expect(try shown("--help") == sample.help)
        #expect(try shown("play -h") == sample.help(for: sample.verbs[0]))
        #expect(try shown("play --speed 1 --help") == sample.help(for: sample.verbs[0]))
        #expect(try shown("--version") == "tune 1.2\n")
        #expect(try complaint("play --version x").contains("unknown option '--version'"))
    }

    @Test("A program without verbs parses its own options")
    func withoutVerbs() throws {
        let program = Program(
            name: "tuned", version: "1", summary: "a daemon", options: [Option("config", .file, help: "settings")])
        guard case .run(_, let arguments) = try program.parse(["--config", "a"]) else { throw Unexpected() }
        #expect(arguments.text("config") == "a")
        #expect(throws: UsageError.self) { try program.parse(["stray"]) }
        #expect(program.help.contains("Usage: tuned [OPTION...]\n"))
    }

    @Test("Any mixture of words is either read or refused with a sentence")
    func mutations() {
        let pieces = [
            "play", "say", "--", "-", "--speed", "--speed=", "=", "-s", "-sq", "1", "-1", "1e400", "nan", "--type", ",",
            "on,,off", "--block=9999999999999999999999", "--=x", "-é", "\u{0}", "loud", "--help", "--quiet", "ö",
        ]
        var generator = SplitMix64(1)
        var read = 0
        for _ in 0..<5_000 {
            let words = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }
            do throws(UsageError) {
                _ = try sample.parse(words)
                read += 1
            } catch {
                #expect(error.description.hasPrefix("tune") && error.description.hasSuffix("--help'."), "\(words)")
            }
        }
        #expect(read > 100 && read < 4_900)
    }
}
