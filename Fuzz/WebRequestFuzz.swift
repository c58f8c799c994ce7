// Fuzzes what a web client says about itself and the commands that it sends: nobody may come in by a strange name, and every answer is JSON.

import Events
import JSON

@testable import Bridges

private let hello = Hello(
    software: "fuzz", stream: "main", source: "tone:440", rate: 44_100, hop: 512,
    instruments: [.init(name: "violin", family: "strings")], model: nil, latencyMilliseconds: 0, streams: ["main"])
private let feed = {
    let feed = EventFeed()
    feed.append([SinkEvent(Event(.hello(hello)))])
    return feed
}()
/// Lines that are JSON; most inputs are answered with the same ones.
private nonisolated(unsafe) var proven: Set<[UInt8]> = []
private let gate = WebGate(isLoopback: true, token: "0123456789abcdef", hosts: ["stage.local"], origins: [])

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
    }
    var request = WebRequest(path: lines.first ?? "")
    request.host = lines.dropFirst().first
    request.origin = lines.dropFirst(2).first
    request.authorization = lines.dropFirst(3).first
    request.query = lines.dropFirst(4).map(WebRequest.item)
    if gate.refusal(request, needsToken: true) == nil {
        guard let host = request.host, request.token == gate.token,
            let place = try? HostPort(host[...], usual: 80),
            place.isLoopback || place.host.lowercased() == "localhost"
                || place.host.lowercased() == "stage.local"
        else { fatalError("\(request) came in") }
    }
    let client = FeedClient()
    if let line = request.subscription { _ = client.subscribe(line, feed) }
    input.withUnsafeBytes { _ = client.receive($0, isLast: true, feed) }
    while !client.isUpToDate(feed) {
        for line in client.lines(feed) where !proven.contains(line) {
            guard (try? JSONParser.parse(line[...])) != nil else { fatalError("no JSON") }
            if proven.count < 100 { proven.insert(line) }
        }
    }
    return 0
}
