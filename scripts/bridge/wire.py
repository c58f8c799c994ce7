"""The little of WebSocket, HTTP and OSC that the other ends of a bridge need, without a library."""

import os
import socket
import struct


class WebSocket:
    """A client's end; texts only."""

    def __init__(self, port, path):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.input = b""
        head = self._until(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101"):
            self.close()
            raise ConnectionError(head.decode(errors="replace"))

    def _until(self, mark):
        while mark not in self.input:
            self._fill()
        head, self.input = self.input.split(mark, 1)
        return head

    def _fill(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the other side closed the WebSocket")
        self.input += data

    def _take(self, count):
        while len(self.input) < count:
            self._fill()
        taken, self.input = self.input[:count], self.input[count:]
        return taken

    def send(self, text):
        data = text.encode()
        size = len(data)
        head = bytes([0x81])
        if size < 126: head += bytes([0x80 | size])
        elif size < 65536: head += bytes([0xFE]) + struct.pack(">H", size)
        else: head += bytes([0xFF]) + struct.pack(">Q", size)
        # A mask of zeros leaves the text as it is.
        self.socket.sendall(head + bytes(4) + data)

    def close(self):
        self.socket.close()

    def receive(self):
        """The next text."""
        while True:
            kind, size = self._take(2)
            if size == 126: size = struct.unpack(">H", self._take(2))[0]
            elif size == 127: size = struct.unpack(">Q", self._take(8))[0]
            data = self._take(size)
            if kind & 15 == 1:
                return data.decode()


def http(port, path):
    """The body of an answer of a server that says how long it is, or closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        data = b""
        while True:
            head, _, body = data.partition(b"\r\n\r\n")
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:") and len(body) >= int(line[15:]):
                    return body.decode()
            more = connection.recv(1 << 16)
            if not more:
                return body.decode()
            data += more


def osc(packet):
    """The messages of an OSC packet, as (address, arguments); of the types i, f and s."""
    if packet.startswith(b"#bundle\0"):
        at = 16
        while at < len(packet):
            size = struct.unpack_from(">i", packet, at)[0]
            yield from osc(packet[at + 4:at + 4 + size])
            at += 4 + size
        return

    def text(at):
        end = packet.index(b"\0", at)
        return packet[at:end].decode(), (end // 4 + 1) * 4

    address, at = text(0)
    types, at = text(at)
    arguments = []
    for kind in types[1:]:
        if kind == "s":
            value, at = text(at)
        else:
            value = struct.unpack_from(">i" if kind == "i" else ">f", packet, at)[0]
            at += 4
        arguments.append(value)
    yield address, arguments


def free_port(kind=socket.SOCK_STREAM):
    """A port of the loopback that nobody has at this moment."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def has(program):
    """Whether a program can be found."""
    folders = os.environ.get("PATH", "").split(":") + ["/usr/sbin"]
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in folders)
