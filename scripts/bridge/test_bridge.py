"""What scripts/bridge measures with must itself be right; run by scripts/test with unittest."""

import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import bench  # noqa: E402
from qlcplus import WORKSPACE, LightDesk, channel, missing  # noqa: E402
from speaker import CLASSES, Speaker  # noqa: E402
from wire import WebSocket, free_port, http, osc  # noqa: E402

# The newest of what was built.
PROGRAMS = sorted(
    (path for kind in ("debug", "release", "test/release") if (path := bench.ROOT / ".build" / kind / "timbre").is_file()),
    key=lambda path: path.stat().st_mtime)
FAMILIES = ["voice", "woodwind", "brass", "strings", "plucked", "keyboard", "percussion", "electronic"]


def padded(text):
    data = text.encode() + b"\0"
    return data + bytes(-len(data) % 4)


def message(address, types, *values):
    packed = [padded(value) if kind == "s" else struct.pack(">" + kind, value) for kind, value in zip(types, values)]
    return padded(address) + padded("," + types) + b"".join(packed)


def bundle(*parts):
    return padded("#bundle") + bytes(8) + b"".join(struct.pack(">i", len(part)) + part for part in parts)


def served(*answers):
    """A port whose one caller gets each answer after a request."""
    listening = socket.create_server(("127.0.0.1", 0))

    def body():
        connection, _ = listening.accept()
        with listening, connection:
            for answer in answers:
                connection.recv(65536)
                connection.sendall(answer)

    threading.Thread(target=body, daemon=True).start()
    return listening.getsockname()[1]


class Wire(unittest.TestCase):
    def test_osc_of_nested_bundles(self):
        packet = bundle(message("/a/on", "i", 1), bundle(message("/b", "fs", 0.5, "four")))
        self.assertEqual(list(osc(packet)), [("/a/on", [1]), ("/b", [0.5, "four"])])

    def test_texts_of_every_length_come_whole(self):
        texts = ["x" * size for size in (0, 125, 126, 65535, 65536, 70000)]
        frames = b""
        for text in texts:
            size = len(text)
            head = bytes([size]) if size < 126 else b"\x7e" + struct.pack(">H", size) if size < 65536 else b"\x7f" + struct.pack(">Q", size)
            frames += b"\x81" + head + text.encode()
        peer = WebSocket(served(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + frames), "/")
        self.addCleanup(peer.close)
        self.assertEqual([peer.receive() for _ in texts], texts)

    def test_a_refused_websocket_is_an_error(self):
        with self.assertRaisesRegex(ConnectionError, "403"):
            WebSocket(served(b"HTTP/1.1 403 Forbidden\r\n\r\n"), "/")

    def test_an_http_answer_ends_where_it_says(self):
        self.assertEqual(http(served(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"), "/"), "body")


class Figures(unittest.TestCase):
    def test_percentiles(self):
        values = list(range(1, 101))
        self.assertEqual(bench.percentile(values, 0.95), 96)
        self.assertEqual(bench.percentile(values, 1), 100)
        self.assertEqual(bench.percentile([7], 0.95), 7)

    def test_marks_are_counted_with_their_delay(self):
        marks = bench.Marks()
        direct = bench.Direct(marks)
        try:
            direct.speaker.marks(50, 500)
            bench.settle(marks, 50, timeout=30)
        finally:
            direct.end()
        self.assertEqual(len(marks.delays), 50)
        self.assertTrue(all(0 <= delay < 30_000 for delay in marks.delays), marks.delays)

    def test_what_does_not_come_is_not_counted(self):
        marks = bench.Marks()
        direct = bench.Direct(marks)
        try:
            direct.speaker.marks(10, 500)
            began = time.monotonic()
            bench.settle(marks, 11)
        finally:
            direct.end()
        self.assertEqual(len(marks.delays), 10)
        self.assertGreaterEqual(time.monotonic() - began, 2)


class Workspace(unittest.TestCase):
    def test_the_channel_of_an_address(self):
        # The check value of CRC-16/X-25 in the catalogues.
        self.assertEqual(channel("123456789"), 0x906E)

    def test_every_input_of_the_workspace_is_an_address_of_the_bridge(self):
        text = WORKSPACE.read_text()
        for family in FAMILIES:
            for address in (f"/timbred/main/family/{family}", f"/timbred/main/family/{family}/level"):
                self.assertEqual(text.count(f'<Input Universe="0" Channel="{channel(address)}"/>'), 1, address)
        self.assertEqual(text.count("<Input Universe="), 2 * len(FAMILIES))
        self.assertLessEqual(set(CLASSES.values()), set(FAMILIES))


@unittest.skipUnless(PROGRAMS, "timbre is not built: swift build")
class RealBridge(unittest.TestCase):
    def setUp(self):
        self.program = str(PROGRAMS[-1])

    def test_a_bench_of_one_sink_loses_nothing(self):
        marks = bench.Marks()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="timbre-peer-"))
        made, end = bench.osc_sink(marks, folder, lambda sink: bench.Bench(self.program, sink))
        try:
            made.speaker.marks(100, 200)
            bench.settle(marks, 100, timeout=30)
        finally:
            end()
            made.end()
            folder.rmdir()
        self.assertEqual(len(marks.delays), 100)

    @unittest.skipIf(missing(), f"not installed: {', '.join(missing())}")
    def test_a_light_desk_follows_the_bridge(self):
        port = free_port(socket.SOCK_DGRAM)
        desk = LightDesk(port)
        folder = tempfile.TemporaryDirectory(prefix="timbre-bridge-")
        path = folder.name + "/timbred.sock"
        speaker = Speaker(path)
        command = [self.program, "bridge", "--socket", path, "--status-socket", folder.name + "/status.sock"]
        bridge = subprocess.Popen([*command, f"osc:127.0.0.1:{port},refresh=1"], stderr=subprocess.DEVNULL)
        try:
            self.assertEqual(desk.values(), [0] * 16)
            strings = FAMILIES.index("strings")
            # Channels 1 to 8 are levels, 9 to 16 say what is on.
            speaker.flashes(1, 1)
            self.eventually(lambda: desk.values()[8:], [255 if place == strings else 0 for place in range(8)])
            speaker.levels(1, 30, lit=len(CLASSES))
            self.eventually(lambda: [value > 40 for value in desk.values()], [True] * 16)
            speaker.end()
            self.eventually(desk.values, [0] * 16)
        finally:
            bridge.terminate()
            bridge.wait()
            speaker.end()
            desk.end()
            folder.cleanup()

    def eventually(self, seen, wanted):
        end = time.monotonic() + 30
        while (found := seen()) != wanted and time.monotonic() < end: time.sleep(0.1)
        self.assertEqual(found, wanted)


if __name__ == "__main__":
    unittest.main()
