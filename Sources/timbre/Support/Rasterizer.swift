// Converts an SVG to a PNG with Debian's renderer.

import CommandLine
import Glibc
import System
import WholeFiles

/// `rsvg-convert`, of librsvg.
enum Rasterizer {
    /// Pixels per unit of the picture, a resolution for print.
    private static let zoom = 3
    /// Largest size of a picture, in bytes.
    private static let limit = 1 << 30

    /// Returns the picture as PNG.
    static func png(_ svg: String) throws(Failure) -> [UInt8] {
        let folder = try temporaryFolder()
        let (source, target) = (folder + "/timeline.svg", folder + "/timeline.png")
        defer {
            unlink(source)
            unlink(target)
            rmdir(folder)
        }
        try Output.file(Array(svg.utf8), to: source)
        switch run("rsvg-convert", ["--format", "png", "--zoom", "\(zoom)", "--output", target, source]) {
        case 0: break
        case 127:
            throw Failure(
                "--png requires rsvg-convert: install the package librsvg2-bin, or write an SVG with --svg",
                .unavailable)
        default: throw Failure("rsvg-convert failed to draw the picture; --svg writes its input", .software)
        }
        do throws(FileFailure) {
            return try WholeFile.read(target, limit: limit)
        } catch {
            throw Failure("the picture cannot be read: \(error)", .io)
        }
    }

    private static func temporaryFolder() throws(Failure) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var path = Array("\(parent)/timbre-XXXXXX".utf8CString)
        guard mkdtemp(&path) != nil else {
            throw Failure("\(parent): no temporary folder can be created: \(SystemError.last)", .io)
        }
        return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Runs a program in PATH without input and with its output discarded, and returns its exit status; 127 where
    /// there is none.
    private static func run(_ program: String, _ arguments: [String]) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (descriptor, mode) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_WRONLY), (STDERR_FILENO, O_WRONLY)] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", mode, 0)
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        guard posix_spawnp(&process, program, &actions, nil, &words, environ) == 0 else { return 127 }
        var status: Int32 = 0
        guard (try? systemCall { waitpid(process, &status, 0) }) != nil else { return -1 }
        // A program that was ended by a signal has no exit status.
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -1
    }
}
