// The web pages and their resources, which are part of the program.

/// The files that are served.
enum WebPages {
    /// A file's type and content.
    struct File {
        var type: String
        var bytes: [UInt8]
    }

    /// Returns the file at a path; no other file of this machine can be read.
    static func file(_ path: String) -> File? {
        switch path {
        case "/": File(type: "text/html; charset=utf-8", bytes: PackageResources.live_html)
        case "/overlay": File(type: "text/html; charset=utf-8", bytes: PackageResources.overlay_html)
        case "/live.css": File(type: "text/css; charset=utf-8", bytes: PackageResources.live_css)
        case "/overlay.css": File(type: "text/css; charset=utf-8", bytes: PackageResources.overlay_css)
        case "/palette.css": File(type: "text/css; charset=utf-8", bytes: PackageResources.palette_css)
        case "/feed.js": File(type: "text/javascript; charset=utf-8", bytes: PackageResources.feed_js)
        case "/live.js": File(type: "text/javascript; charset=utf-8", bytes: PackageResources.live_js)
        case "/history.js": File(type: "text/javascript; charset=utf-8", bytes: PackageResources.history_js)
        case "/overlay.js": File(type: "text/javascript; charset=utf-8", bytes: PackageResources.overlay_js)
        case "/icon.svg": File(type: "image/svg+xml", bytes: PackageResources.icon_svg)
        default: nil
        }
    }
}
