// swift-tools-version: 6.2
// The target graph is the architecture: an entry may import only what stands in its dependency list.
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// One C library of the system; exactly one Swift target imports each, but for ALSA, which has one half for sound and one for MIDI.
/// Its module map says what to link; pkg-config would only add flags that the package manager warns of.
func cLibrary(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([apt])])
}

func part(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], excluding: [String] = [], resources: [Resource] = [],
    linking: [LinkerSetting] = []
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: excluding,
        resources: resources,
        swiftSettings: strict, linkerSettings: linking)
}

/// scripts/rtsan-test names the archive of the real-time sanitizer. As a setting of the tests that want it, it makes the
/// package manager link the test bundle once more, and compile nothing.
func realTimeSanitizer() -> [LinkerSetting] {
    guard let archive = Context.environment["TIMBRE_RTSAN"] else { return [] }
    let options = ["--whole-archive", archive, "--no-whole-archive", "--export-dynamic"]
    return [.unsafeFlags((options + ["-ldl", "-lpthread", "-lrt", "-lm"]).flatMap { ["-Xlinker", $0] })]
}

let package = Package(
    name: "timbred",
    products: [
        .executable(name: "timbred", targets: ["timbred"]),
        .executable(name: "timbre", targets: ["timbre"]),
    ],
    targets: [
        cLibrary("CALSA", apt: "libasound2-dev"),
        cLibrary("CPulse", apt: "libpulse-dev"),
        cLibrary("CJACK", apt: "libjack-jackd2-dev"),
        cLibrary("CSndFile", apt: "libsndfile1-dev"),
        cLibrary("CSoxr", apt: "libsoxr-dev"),
        cLibrary("CSystemd", apt: "libsystemd-dev"),
        cLibrary("CCrypto", apt: "libssl-dev"),
        cLibrary("CLiblo", apt: "liblo-dev"),
        cLibrary("CWebSockets", apt: "libwebsockets-dev"),
        cLibrary("CMosquitto", apt: "libmosquitto-dev"),
        // What the source was, for `--version`: "make" says it. It stands in a section of its own, so the hash of the program does not change.
        .target(
            name: "CLinux",
            cSettings: [.define("TIMBRE_REVISION", to: "\"\(Context.environment["TIMBRE_REVISION"] ?? "")\"")]),
        // ffmpeg's libraries are loaded when a file needs them, so nothing is linked but the loader.
        .target(name: "CLibAV", linkerSettings: [.linkedLibrary("dl")]),
        // PipeWire's headers are inline functions and macros, which a module map cannot offer to Swift.
        .target(
            name: "CPipeWire",
            cSettings: [.unsafeFlags(["-I/usr/include/pipewire-0.3", "-I/usr/include/spa-0.2"])],
            linkerSettings: [.linkedLibrary("pipewire-0.3")]),
        // Its functions are chosen by the dynamic linker before the thread sanitizer exists, so it must not watch them.
        .target(
            name: "CVector", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast", "-fno-sanitize=thread"])]),

        part("System", ["CLinux"]),
        part("WholeFiles", ["System"]),
        part("Digests", ["CCrypto", "System", "WholeFiles"]),
        part("JSON"),
        part("AudioCore"),
        part("Features", ["AudioCore", "CVector", "CSoxr"]),
        part("NeuralNetwork", ["CVector", "JSON", "WholeFiles"]),
        part("Models", ["NeuralNetwork", "Digests", "Features", "JSON"]),
        part("PublishedModels", ["Models", "NeuralNetwork", "Features"]),
        part("Events", ["AudioCore", "JSON", "System"]),
        part("AudioFiles", ["AudioCore", "CSndFile", "CLibAV", "System", "WholeFiles"]),
        part(
            "AudioInput",
            ["AudioCore", "AudioFiles", "System", "CLinux", "CALSA", "CPulse", "CPipeWire", "CJACK"]),
        part("Spelling"),
        part("Annotations", ["Events", "JSON", "Spelling", "System", "WholeFiles"]),
        part("Reports", ["Annotations", "AudioFiles", "Events", "JSON"]),
        part(
            "Recording",
            ["AudioCore", "AudioFiles", "Configuration", "Events", "JSON", "System", "WholeFiles"]),
        part("Evaluation", ["AudioCore", "Annotations", "Digests", "Events", "JSON", "Reports", "WholeFiles"]),
        part("Configuration", ["AudioCore", "Spelling", "WholeFiles"]),
        part("CommandLine", ["Spelling"]),
        part("EventServer", ["Events", "JSON", "System", "CLinux"]),
        part(
            "Engine",
            [
                "AudioCore", "AudioInput", "Features", "Models", "NeuralNetwork", "PublishedModels", "Events",
                "EventServer",
                "Configuration", "Digests", "Recording", "JSON", "System", "CLinux",
            ]),

        // What speaks a network lives here, and never in the daemon.
        .target(
            name: "Bridges",
            dependencies: [
                "AudioCore", "Events", "EventServer", "Configuration", "JSON", "Spelling", "System", "WholeFiles",
                "CLinux",
                "CLiblo",
                "CWebSockets", "CMosquitto", "CALSA",
            ],
            resources: [
                "live.html", "live.css", "live.js", "history.js", "feed.js", "overlay.html", "overlay.css",
                "overlay.js",
                "palette.css", "icon.svg",
            ].map { .embedInCode("Web/Page/\($0)") },
            swiftSettings: strict),

        .executableTarget(
            name: "timbred",
            dependencies: [
                "AudioCore", "Engine", "Configuration", "EventServer", "Events", "JSON", "Recording", "CommandLine",
                "System", "CLinux", "CSystemd",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "timbre",
            dependencies: [
                "AudioCore", "AudioInput", "AudioFiles", "Models", "PublishedModels", "Features", "Engine",
                "Configuration",
                "EventServer", "Events", "Annotations", "Recording", "Reports", "Evaluation", "CommandLine",
                "Digests", "JSON", "Spelling", "System", "WholeFiles", "Bridges", "CLinux",
            ],
            swiftSettings: strict),

        .target(name: "CMallocCount", path: "Benchmarks/CMallocCount"),
        .target(
            name: "CMachine", path: "Benchmarks/CMachine", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast"])]),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "Features", "NeuralNetwork", "Models", "PublishedModels", "Events", "EventServer", "SceneFixtures",
                "TestSupport", "CVector", "CMallocCount", "CMachine", "timbred",
            ],
            path: "Benchmarks", exclude: ["CMallocCount", "CMachine", "peers.py"], swiftSettings: strict),

        tests(of: "AudioCore"),
        tests(of: "System", ["CTestProcess"]),
        tests(of: "WholeFiles"),
        tests(of: "JSON", ["TestSupport"]),
        tests(of: "Features", ["TestSupport"], resources: [.copy("Golden")]),
        // Ignores SIGPIPE in every process of tests, and plants faults for the sanitizers.
        .target(name: "CTestProcess", path: "Tests/CTestProcess"),
        .target(
            name: "TestSupport", dependencies: ["CTestProcess", "AudioCore", "NeuralNetwork"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(of: "NeuralNetwork", ["JSON", "TestSupport", "CVector"]),
        .target(
            name: "ModelFixtures", dependencies: ["Models", "NeuralNetwork", "TestSupport"],
            path: "Tests/ModelFixtures", swiftSettings: strict),
        tests(of: "Models", ["Digests", "JSON", "ModelFixtures", "TestSupport"], excluding: ["Golden"]),
        tests(of: "PublishedModels", ["Models", "NeuralNetwork", "ModelFixtures", "TestSupport"]),
        tests(of: "Events", ["AudioCore", "JSON", "TestSupport"]),
        .target(
            name: "SoundFixtures", dependencies: ["AudioCore", "System"], path: "Tests/SoundFixtures",
            swiftSettings: strict),
        tests(
            of: "AudioInput", ["AudioCore", "CJACK", "SoundFixtures", "System", "TestSupport"],
            resources: [.copy("Fixtures")]),
        tests(of: "AudioFiles", ["TestSupport"]),
        tests(of: "Annotations", ["TestSupport"]),
        tests(of: "Reports", ["Annotations", "Events", "TestSupport"]),
        tests(of: "Recording", ["Annotations", "Configuration", "SoundFixtures", "TestSupport"]),
        tests(of: "Evaluation", ["TestSupport", "Annotations", "Events"]),
        tests(of: "Configuration", ["TestSupport"]),
        tests(of: "EventServer", ["AudioCore", "JSON", "TestSupport"]),
        tests(of: "Bridges", ["Events", "EventServer", "JSON"]),
        tests(of: "CommandLine", ["AudioCore", "Spelling"], excluding: ["Snapshots", "zsh-complete.zsh"]),
        .target(
            name: "SceneFixtures", dependencies: ["Engine", "EventServer", "Recording", "TestSupport"],
            path: "Tests/SceneFixtures",
            swiftSettings: strict),
        tests(of: "Engine", ["SceneFixtures", "TestSupport", "CLinux"], linking: realTimeSanitizer()),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "timbred", "SceneFixtures", "SoundFixtures", "TestSupport", "Engine", "EventServer", "Events",
                "AudioFiles", "Configuration", "Recording", "JSON",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ToolTests",
            dependencies: [
                "timbre", "timbred", "AudioInput", "SceneFixtures", "TestSupport", "CommandLine", "Configuration",
                "Evaluation",
                "Events", "JSON", "Models", "Annotations", "Recording",
            ],
            swiftSettings: strict),
    ]
)

// scripts/fuzz names the targets that it wants built, and nothing else of the package.
if let fuzzed = Context.environment["TIMBRE_FUZZED"] {
    package.products.append(
        .library(name: "Fuzzed", type: .static, targets: fuzzed.split(separator: " ").map(String.init)))
}
