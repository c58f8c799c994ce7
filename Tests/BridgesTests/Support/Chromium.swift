// A real browser without a window, that is asked over its DevTools protocol.

import Foundation

/// Chromium with one page. For one thread.
final class Chromium {
    static let isInstalled = Peer.has("chromium")
    static let reason: String = "chromium is not installed: install the package chromium"

    private let process: Peer
    private let folder = FileManager.default.temporaryDirectory.appending(path: "chromium-\(UUID().uuidString)")
    private let page: WebPeer
    private var calls = 0

    /// A browser with an empty page of this size in CSS pixels.
    init(width: Int, height: Int) throws {
        process = try Peer(
            "chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
                "--user-data-dir=\(folder.path)", "--window-size=\(width),\(height)", "about:blank",
            ])
        let process = process
        var port: Int?
        _ = eventually {
            port = process.text.firstMatch(of: /DevTools listening on ws:\/\/127\.0\.0\.1:([0-9]+)\//).flatMap {
                Int($0.1)
            }
            return port != nil || !process.isRunning
        }
        guard let port else { throw Trouble("chromium does not listen: \(process.text)") }
        let list = try WebPeer(port: port)
        list.send("GET /json/list HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
        let answer = list.text(until: "]") ?? ""
        guard let path = answer.firstMatch(of: /ws:\/\/[^\/]+(\/devtools\/page\/[0-9A-F]+)/)?.1,
            let page = try WebPeer.webSocket(port: port, path: String(path)).peer
        else { throw Trouble("chromium has no page: \(answer)") }
        self.page = page
        try call(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500])
    }

    deinit {
        process.end(SIGTERM)
        try? FileManager.default.removeItem(at: folder)
    }

    /// What the browser would not do.
    struct Trouble: Error, CustomStringConvertible {
        let description: String
        init(_ text: String) { description = text }
    }

    /// One command of the protocol and its result.
    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
        calls += 1
        let order: [String: Any] = ["id": calls, "method": method, "params": parameters]
        page.sendFrame(Array(try JSONSerialization.data(withJSONObject: order)))
        while let line = page.line() {
            guard let answer = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                answer["id"] as? Int == calls
            else { continue }
            guard let result = answer["result"] as? [String: Any] else { throw Trouble("\(method): \(line)") }
            return result
        }
        throw Trouble("chromium hung up during \(method)")
    }

    /// Goes to an address.
    func visit(_ address: String) throws {
        try call("Page.navigate", ["url": address])
    }

    /// The value of an expression in the page, or of its promise.
    func value(_ expression: String) throws -> Any? {
        let answer = try call(
            "Runtime.evaluate", ["expression": expression, "returnByValue": true, "awaitPromise": true])
        if let trouble = answer["exceptionDetails"] { throw Trouble("\(expression): \(trouble)") }
        return (answer["result"] as? [String: Any])?["value"]
    }

    /// Whether an expression in the page is true, or becomes so within a minute. While a page loads nothing is.
    func becomes(_ expression: String) -> Bool {
        eventually { (try? value(expression)) as? Bool == true }
    }

    /// The page as PNG, in base64; with what is behind it where it is transparent.
    func picture() throws -> String {
        try call("Emulation.setDefaultBackgroundColorOverride", ["color": ["r": 0, "g": 0, "b": 0, "a": 0]])
        guard let picture = try call("Page.captureScreenshot")["data"] as? String else {
            throw Trouble("chromium made no picture")
        }
        return picture
    }

    /// Counts the pixels of a picture, whole and clear ones. Leaves the page, whose policy lets nobody else's picture in.
    func pixels(of picture: String) throws -> (clear: Int, opaque: Int, all: Int) {
        try visit("about:blank")
        _ = becomes("location.href === 'about:blank'")
        let counts = try value(
            """
            new Promise((done, fail) => {
              const image = new Image();
              image.onerror = fail;
              image.onload = () => {
                const canvas = new OffscreenCanvas(image.width, image.height);
                const context = canvas.getContext("2d");
                context.drawImage(image, 0, 0);
                const bytes = context.getImageData(0, 0, image.width, image.height).data;
                let clear = 0, opaque = 0;
                for (let at = 3; at < bytes.length; at += 4) { if (bytes[at] === 0) clear += 1; if (bytes[at] > 180) opaque += 1; }
                done([clear, opaque, bytes.length / 4]);
              };
              image.src = "data:image/png;base64,\(picture)";
            })
            """)
        guard let counts = counts as? [Int], counts.count == 3 else { throw Trouble("the picture cannot be read") }
        return (counts[0], counts[1], counts[2])
    }
}
