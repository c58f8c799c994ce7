// A real browser without a window.

import Foundation

/// Chromium, as Debian has it.
enum Browser {
    static let isInstalled = hasProgram("chromium")
    static let reason = "chromium is not installed: install the package chromium"

    /// What a page has become once it was loaded and its scripts have run, and the lines of the console.
    static func load(
        _ page: URL, isDark: Bool = false, width: Int = 800
    ) throws -> (document: String, console: [String]) {
        let text = try run(
            page,
            [
                "--dump-dom", "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
                "--window-size=\(width),900",
            ])
        // Console lines and the document come in one text; only the former carry a source.
        return (text, text.split(separator: "\n").map(String.init).filter { $0.contains(":CONSOLE:") })
    }

    /// The page as PNG, 1200 by 900.
    static func picture(of page: URL) throws -> [UInt8] {
        let file = page.deletingLastPathComponent().appending(path: "picture.png")
        _ = try run(page, ["--window-size=1200,900", "--hide-scrollbars", "--screenshot=\(file.path)"])
        return Array(try Data(contentsOf: file))
    }

    private static func run(_ page: URL, _ arguments: [String]) throws -> String {
        let profile = page.deletingLastPathComponent().appending(path: "profile-\(UUID().uuidString)")
        return try ToolTests.run(
            "chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
                "--user-data-dir=\(profile.path)",
            ] + arguments + [page.absoluteString]
        ).text
    }
}
