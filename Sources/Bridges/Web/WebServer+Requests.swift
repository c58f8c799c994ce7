// The callbacks from libwebsockets.

import CWebSockets
import Glibc

extension WebServer {
    /// Handles one callback of libwebsockets; returns 0 to continue, -1 to close the connection.
    func handle(
        _ wsi: OpaquePointer, _ reason: lws_callback_reasons, _ user: UnsafeMutableRawPointer?,
        _ data: UnsafeMutableRawPointer?, _ length: Int
    ) -> Int32 {
        switch reason {
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            announce()
            return 0
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE: return confirmUpgrade(wsi)
        case LWS_CALLBACK_ESTABLISHED: return greet(wsi)
        case LWS_CALLBACK_SERVER_WRITEABLE: return writeSocket(wsi)
        case LWS_CALLBACK_RECEIVE: return receive(wsi, UnsafeRawBufferPointer(start: data, count: length))
        case LWS_CALLBACK_HTTP: return answer(wsi)
        case LWS_CALLBACK_HTTP_WRITEABLE: return writeHTTP(wsi)
        case LWS_CALLBACK_CLOSED, LWS_CALLBACK_CLOSED_HTTP, LWS_CALLBACK_WSI_DESTROY:
            connections[wsi] = nil
            return 0
        default: return lws_callback_http_dummy(wsi, reason, user, data, length)
        }
    }

    private var clients: Int { connections.values.count { $0.client != nil } }

    // MARK: Requests

    private func header(_ wsi: OpaquePointer, _ token: lws_token_indexes) -> String? {
        let length = lws_hdr_total_length(wsi, token)
        guard length > 0 else { return nil }
        var bytes = [CChar](repeating: 0, count: Int(length) + 1)
        guard lws_hdr_copy(wsi, &bytes, Int32(bytes.count), token) == length else { return nil }
        return String(validating: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func request(_ wsi: OpaquePointer) -> WebRequest? {
        guard let path = header(wsi, WSI_TOKEN_GET_URI) else { return nil }
        var request = WebRequest(path: path)
        request.host = header(wsi, WSI_TOKEN_HOST)
        request.origin = header(wsi, WSI_TOKEN_ORIGIN)
        request.authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION)
        var bytes = [CChar](repeating: 0, count: 4096)
        for index in 0..<32 as Range<Int32> {
            let length = lws_hdr_copy_fragment(wsi, &bytes, Int32(bytes.count), WSI_TOKEN_HTTP_URI_ARGS, index)
            guard length >= 0 else { break }
            let text = bytes.prefix(Int(length)).map { UInt8(bitPattern: $0) }
            guard let item = String(validating: text, as: UTF8.self) else { return nil }
            request.query.append(WebRequest.item(item))
        }
        return request
    }

    private func confirmUpgrade(_ wsi: OpaquePointer) -> Int32 {
        guard let request = request(wsi) else { return -1 }
        var refusal = gate.refusal(request, needsToken: true)
        if request.path != "/ws" { refusal = .init(status: 404, sentence: "WebSockets are at /ws") }
        if clients >= clientLimit { refusal = .init(status: 503, sentence: "\(clientLimit) clients are connected") }
        guard let refusal else { return 0 }
        lws_return_http_status(wsi, refusal.status, refusal.sentence)
        return -1
    }

    private func answer(_ wsi: OpaquePointer) -> Int32 {
        guard let request = request(wsi) else {
            return start(wsi, WebResponse(.init(status: 405, sentence: "only GET is supported")))
        }
        if let file = WebPages.file(request.path) {
            let refusal = gate.refusal(request, needsToken: false)
            return start(wsi, refusal.map { WebResponse($0) } ?? WebResponse(file))
        }
        if let refusal = gate.refusal(request, needsToken: true) { return start(wsi, WebResponse(refusal)) }
        switch request.path {
        case "/api/state": return start(wsi, WebResponse(type: "application/json", feed.json()))
        case "/metrics":
            return start(wsi, WebResponse(type: "text/plain; version=0.0.4; charset=utf-8", Array(metrics().utf8)))
        case "/api/events": return startStream(wsi, request)
        default:
            return start(
                wsi,
                WebResponse(
                    .init(
                        status: 404,
                        sentence: "not found; the paths are /, /overlay, /ws, /api/state, /api/events and /metrics")))
        }
    }

    // MARK: Replies

    private func sendHead(_ wsi: OpaquePointer, _ status: UInt32, _ type: String, length: UInt64?) -> Bool {
        let pre = Int(timbre_lws_pre)
        var buffer = [UInt8](repeating: 0, count: pre + 2048)
        return buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            let start = base + pre
            let end = base + buffer.count - 1
            var next: UnsafeMutablePointer<UInt8>? = start
            // The largest number means that the length is not known.
            let size = length ?? UInt64.max
            guard lws_add_http_common_headers(wsi, status, type, size, &next, end) == 0 else { return false }
            for (name, value) in Self.securityHeaders {
                let added = value.withCString {
                    $0.withMemoryRebound(to: UInt8.self, capacity: value.utf8.count) {
                        lws_add_http_header_by_name(wsi, name, $0, Int32(value.utf8.count), &next, end)
                    }
                }
                guard added == 0 else { return false }
            }
            return lws_finalize_write_http_header(wsi, start, &next, end) == 0
        }
    }

    private static let securityHeaders = [
        (
            "content-security-policy:",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'"
        ),
        ("x-content-type-options:", "nosniff"), ("referrer-policy:", "no-referrer"), ("cache-control:", "no-store"),
    ]

    private func start(_ wsi: OpaquePointer, _ response: WebResponse) -> Int32 {
        guard sendHead(wsi, response.status, response.type, length: UInt64(response.bytes.count)) else { return -1 }
        connections[wsi] = .answer(response)
        lws_callback_on_writable(wsi)
        return 0
    }

    private func startStream(_ wsi: OpaquePointer, _ request: WebRequest) -> Int32 {
        guard clients < clientLimit else {
            return start(wsi, WebResponse(.init(status: 503, sentence: "\(clientLimit) clients are connected")))
        }
        let client = FeedClient()
        if let line = request.subscription, let problem = client.subscribe(line, feed) {
            return start(wsi, WebResponse(.init(status: 400, sentence: problem)))
        }
        guard sendHead(wsi, 200, "text/event-stream", length: nil) else { return -1 }
        lws_http_mark_sse(wsi)
        connections[wsi] = .stream(client)
        lws_callback_on_writable(wsi)
        return 0
    }

    private func greet(_ wsi: OpaquePointer) -> Int32 {
        let client = FeedClient()
        if let line = request(wsi)?.subscription, client.subscribe(line, feed) != nil { return -1 }
        connections[wsi] = .socket(client)
        lws_callback_on_writable(wsi)
        return 0
    }

    private func receive(_ wsi: OpaquePointer, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard case .socket(let client) = connections[wsi] else { return -1 }
        let isLast = lws_is_final_fragment(wsi) != 0 && lws_remaining_packet_payload(wsi) == 0
        guard client.receive(bytes, isLast: isLast, feed) else {
            lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, nil, 0)
            return -1
        }
        lws_callback_on_writable(wsi)
        return 0
    }

    // MARK: Writing

    private func writeSocket(_ wsi: OpaquePointer) -> Int32 {
        guard case .socket(let client) = connections[wsi] else { return 0 }
        for line in client.lines(feed) where !write(wsi, line, LWS_WRITE_TEXT) { return -1 }
        if !client.isUpToDate(feed) { lws_callback_on_writable(wsi) }
        return 0
    }

    private func writeHTTP(_ wsi: OpaquePointer) -> Int32 {
        switch connections[wsi] {
        case .stream(let client):
            var text: [UInt8] = []
            for line in client.lines(feed) { text += Array("data: ".utf8) + line + [0x0A, 0x0A] }
            guard text.isEmpty || write(wsi, text, LWS_WRITE_HTTP) else { return -1 }
            if !client.isUpToDate(feed) { lws_callback_on_writable(wsi) }
            return 0
        case .answer(var response):
            let end = min(response.written + 16_384, response.bytes.count)
            let isLast = end == response.bytes.count
            let piece = Array(response.bytes[response.written..<end])
            guard write(wsi, piece, isLast ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) else { return -1 }
            response.written = end
            connections[wsi] = isLast ? nil : .answer(response)
            if isLast, response.closes { return -1 }
            if isLast { return lws_http_transaction_completed(wsi) == 0 ? 0 : -1 }
            lws_callback_on_writable(wsi)
            return 0
        default: return 0
        }
    }

    private func write(_ wsi: OpaquePointer, _ bytes: [UInt8], _ kind: lws_write_protocol) -> Bool {
        let pre = Int(timbre_lws_pre)
        output.removeAll(keepingCapacity: true)
        output.append(contentsOf: repeatElement(0, count: pre))
        output += bytes
        return output.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return false }
            return lws_write(wsi, base + pre, bytes.count, kind) >= Int32(bytes.count)
        }
    }
}
