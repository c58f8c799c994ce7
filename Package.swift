// swift-tools-version: 6.2
// The target graph is the architecture: an entry may import only what stands in its dependency list.
import PackageDescription

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// A door to one C library; exactly one Swift target opens each. Its module map says what to link; pkg-config would only
/// add flags that the package manager warns of.
func door(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, providers: [.apt([apt])])
}

func part(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    of name: String, _ dependencies: [Target.Dependency] = [], excluding: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: excluding,
        resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "timbred",
    products: [
        .executable(name: "timbred", targets: ["timbred"]),
        .executable(name: "timbre", targets: ["timbre"]),
    ],
    targets: [
        door("CALSA", apt: "libasound2-dev"),
        door("CPulse", apt: "libpulse-dev"),
        door("CSndFile", apt: "libsndfile1-dev"),
        door("CSoxr", apt: "libsoxr-dev"),
        door("CSystemd", apt: "libsystemd-dev"),
        door("CCrypto", apt: "libssl-dev"),
        .target(name: "CLinux"),
        // Its functions are chosen by the dynamic linker before the thread sanitizer exists, so it must not watch them.
        .target(
            name: "CVector", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=fast", "-fno-sanitize=thread"])]),

        part("WholeFiles"),
        part("AudioCore"),
        part("Features", ["AudioCore", "CVector", "CSoxr"]),
        part("NeuralNetwork", ["CVector", "WholeFiles"]),
        part("Models", ["NeuralNetwork", "Features", "CCrypto"]),
        part("Events"),
        part("AudioFiles", ["AudioCore", "CSndFile"]),
        part("AudioInput", ["AudioCore", "AudioFiles", "CLinux", "CALSA", "CPulse"]),
        part("Spelling"),
        part("Annotations", ["Events", "Spelling"]),
        part("Reports", ["Annotations", "AudioFiles", "Events"]),
        part("Recording", ["AudioCore", "AudioFiles", "Annotations", "Events", "WholeFiles", "CLinux"]),
        part("Evaluation", ["Annotations", "Events", "Reports", "WholeFiles"]),
        part("Configuration", ["Spelling"]),
        part("CommandLine"),
        part("EventServer", ["Events", "CLinux"]),
        part(
            "Engine",
            [
                "AudioCore", "AudioInput", "Features", "Models", "Events", "EventServer", "Configuration", "Recording",
                "CLinux",
            ]),

        .executableTarget(
            name: "timbred",
            dependencies: [
                "AudioCore", "Engine", "Configuration", "EventServer", "Events", "Recording", "CommandLine", "CLinux",
                "CSystemd",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "timbre",
            dependencies: [
                "AudioInput", "AudioFiles", "Models", "Features", "Engine", "Configuration", "EventServer", "Events",
                "Annotations", "Recording", "Reports", "Evaluation", "CommandLine", "WholeFiles",
            ],
            swiftSettings: strict),

        .target(name: "CMallocCount", path: "Benchmarks/CMallocCount"),
        .executableTarget(
            name: "benchmarks",
            dependencies: [
                "Features", "NeuralNetwork", "Models", "Events", "EventServer", "SceneFixtures", "TestSupport",
                "CVector",
                "CMallocCount", "timbred",
            ],
            path: "Benchmarks", exclude: ["CMallocCount"], swiftSettings: strict),

        tests(of: "AudioCore"),
        tests(of: "WholeFiles"),
        tests(of: "Features", ["TestSupport"], resources: [.copy("Golden")]),
        .target(
            name: "TestSupport", dependencies: ["NeuralNetwork"], path: "Tests/TestSupport",
            swiftSettings: strict),
        tests(of: "NeuralNetwork", ["TestSupport", "CVector"]),
        tests(of: "Models", ["TestSupport"], resources: [.copy("Golden")]),
        tests(of: "Events", ["TestSupport"]),
        .target(
            name: "SoundFixtures", dependencies: ["AudioCore"], path: "Tests/SoundFixtures", swiftSettings: strict),
        tests(of: "AudioInput", ["SoundFixtures", "TestSupport"]),
        tests(of: "AudioFiles", ["TestSupport"]),
        tests(of: "Annotations", ["TestSupport"]),
        tests(of: "Reports", ["Annotations", "Events", "TestSupport"]),
        tests(of: "Recording", ["SoundFixtures", "TestSupport"]),
        tests(of: "Evaluation", ["TestSupport", "Annotations", "Events"]),
        tests(of: "Configuration", ["TestSupport"]),
        tests(of: "EventServer", ["TestSupport"]),
        tests(of: "CommandLine", excluding: ["Snapshots", "zsh-complete.zsh"]),
        .target(
            name: "SceneFixtures", dependencies: ["Engine", "EventServer", "Recording", "TestSupport"],
            path: "Tests/SceneFixtures",
            swiftSettings: strict),
        tests(of: "Engine", ["SceneFixtures", "TestSupport"]),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "timbred", "SceneFixtures", "SoundFixtures", "TestSupport", "Engine", "EventServer", "Events",
                "AudioFiles", "Configuration", "Recording",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ToolTests",
            dependencies: [
                "timbre", "timbred", "SceneFixtures", "TestSupport", "CommandLine", "Configuration", "Evaluation",
                "Events", "Models", "Annotations", "Recording",
            ],
            swiftSettings: strict),
    ]
)
