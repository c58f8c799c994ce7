// Prints how fast the parts are: benchmarks [FILTER], where a topic is measured when its name holds the filter.
// "benchmarks --clip MODEL" measures one clip model file and prints JSON, for the table of clip systems.
// "benchmarks --hops N" does the work of N hops and prints nothing, for callgrind.

import Glibc

let topics: [(name: String, run: () throws -> Void)] = [
    ("front end", benchmarkFrontEnd),
    ("network", benchmarkNetwork),
    ("clip", benchmarkClip),
    ("path", benchmarkPath),
    ("latency", benchmarkLatency),
    ("live", benchmarkLive),
]
let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "--hops", let count = arguments.dropFirst().first.flatMap({ Int($0) }) {
    try runHops(count)
    exit(0)
}
if arguments.first == "--clip", let path = arguments.dropFirst().first {
    try benchmarkClipModel(path)
    exit(0)
}
let filter = arguments.first ?? ""
for topic in topics where topic.name.contains(filter) || filter.isEmpty { try topic.run() }
