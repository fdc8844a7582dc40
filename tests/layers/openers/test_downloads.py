"""Downloading from a server that breaks off, asks for patience, changes its file or lies."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from steppe.layers.errors import InputError
from steppe.layers.limits import FETCHED_BYTES
from steppe.layers.openers.downloads import OUR_NAME, Downloader, NotThereError, find_cache

CONTENT = bytes(range(256)) * 4096  # 1 MB
SUM = hashlib.sha256(CONTENT).hexdigest()
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """Answers in order, the last one again and again; what was asked is kept."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    held = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            held.asked.append({"path": self.path, **dict(self.headers)})
            answer = held.answers.pop(0) if len(held.answers) > 1 else held.answers[0]
            answer(self)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    at = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{at.server_port}/data/lakes.zip"
    thread = threading.Thread(target=at.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield held
    at.shutdown()
    thread.join()
    at.server_close()


def give(
    content: bytes = CONTENT,
    *,
    tag: str = '"one"',
    stop: int | None = None,
    said: int | None = None,
) -> Answer:
    """Send a file, or the rest of it where a range of the same edition is asked for."""

    def answer(at: BaseHTTPRequestHandler) -> None:
        start = 0
        wanted = at.headers["Range"]
        if wanted and at.headers["If-Range"] == tag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            at.send_response(206)
            at.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            at.send_response(200)
        at.send_header("Content-Length", str(said or len(content) - start))
        at.send_header("ETag", tag)
        at.end_headers()
        at.wfile.write(content[start:] if stop is None else content[start : start + stop])

    return answer


def refuse(code: int, **headers: str) -> Answer:
    def answer(at: BaseHTTPRequestHandler) -> None:
        at.send_response(code)
        for name, value in headers.items():
            at.send_header(name.replace("_", "-"), value)
        at.send_header("Content-Length", "0")
        at.end_headers()

    return answer


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def downloader(tmp_path, waits) -> Downloader:
    return Downloader(tmp_path, wait=waits.append, schemes=("http",))


def test_a_file_is_fetched_once_with_our_name_and_its_sum(server, downloader) -> None:
    server.answers = [give()]
    found = downloader.fetch(server.url)
    assert found.path.name == "lakes.zip"
    assert found.path.read_bytes() == CONTENT
    assert found.sha256 == SUM
    assert downloader.fetch(server.url) == found
    assert len(server.asked) == 1
    assert server.asked[0]["User-Agent"] == OUR_NAME


def test_what_is_in_the_cache_and_was_changed_there_is_fetched_anew(server, downloader) -> None:
    server.answers = [give()]
    found = downloader.fetch(server.url)
    found.path.write_bytes(b"changed")
    assert downloader.fetch(server.url).path.read_bytes() == CONTENT
    assert len(server.asked) == 2


def test_refresh_asks_again(server, tmp_path) -> None:
    server.answers = [give(), give(CONTENT[:10], tag='"two"')]
    Downloader(tmp_path, schemes=("http",)).fetch(server.url)
    fresh = Downloader(tmp_path, schemes=("http",), is_fresh=True).fetch(server.url)
    assert fresh.path.read_bytes() == CONTENT[:10]


def test_a_broken_connection_is_gone_on_with_from_where_it_broke(server, downloader, waits) -> None:
    server.answers = [give(stop=300_000), give(stop=500_000), give()]
    assert downloader.fetch(server.url).sha256 == SUM
    assert [each.get("Range") for each in server.asked] == [None, "bytes=300000-", "bytes=800000-"]
    assert len(waits) == 2


def test_a_fetch_that_was_stopped_is_gone_on_with_by_the_next(server, tmp_path) -> None:
    class StoppedError(Exception):
        pass

    def stop(_: float) -> None:
        raise StoppedError

    server.answers = [give(stop=300_000), give()]
    with pytest.raises(StoppedError):
        Downloader(tmp_path, wait=stop, schemes=("http",)).fetch(server.url)
    assert Downloader(tmp_path, schemes=("http",)).fetch(server.url).sha256 == SUM
    assert server.asked[1]["Range"] == "bytes=300000-"


def test_a_file_that_changed_meanwhile_is_begun_anew(server, downloader) -> None:
    new = CONTENT[::-1]
    server.answers = [give(stop=300_000), give(new, tag='"two"')]
    assert downloader.fetch(server.url).path.read_bytes() == new


def test_a_weak_mark_resumes_nothing(server, downloader) -> None:
    server.answers = [give(stop=300_000, tag='W/"one"'), give()]
    assert downloader.fetch(server.url).sha256 == SUM
    assert "Range" not in server.asked[1]


@pytest.mark.parametrize("code", [429, 503])
def test_a_server_is_left_alone_as_long_as_it_asks(server, downloader, waits, code) -> None:
    server.answers = [refuse(code, Retry_After="17"), give()]
    assert downloader.fetch(server.url).sha256 == SUM
    assert waits == [17.0]


def test_a_server_that_asks_for_a_day_is_told_and_not_waited_for(server, downloader, waits) -> None:
    server.answers = [refuse(429, Retry_After="86400")]
    with pytest.raises(InputError):
        downloader.fetch(server.url)
    assert waits == []


def test_a_file_that_never_comes_whole_ends_in_one_line(server, downloader, waits) -> None:
    server.answers = [give(CONTENT[:1000], said=2000)]
    with pytest.raises(InputError) as error:
        downloader.fetch(server.url)
    assert len(error.value.problems) == 1
    assert len(waits) < 12
    assert not list(downloader.cache.rglob("lakes.zip"))


def test_a_file_over_the_limit_is_refused_before_it_is_read(server, downloader) -> None:
    server.answers = [give(b"x", said=FETCHED_BYTES.most + 1)]
    with pytest.raises(InputError):
        downloader.fetch(server.url)
    assert len(server.asked) == 1


def test_a_missing_file_is_told_apart(server, downloader) -> None:
    server.answers = [refuse(404)]
    with pytest.raises(NotThereError):
        downloader.fetch(server.url)


def test_nothing_but_https_is_fetched_nor_followed(server, tmp_path) -> None:
    with pytest.raises(InputError):
        Downloader(tmp_path).fetch(server.url)
    assert server.asked == []
    server.answers = [refuse(302, Location="file:///etc/hostname")]
    with pytest.raises(InputError):
        Downloader(tmp_path, schemes=("http",)).fetch(server.url)


def test_nobody_there_ends_in_one_line(tmp_path, waits) -> None:
    lonely = Downloader(tmp_path, wait=waits.append, schemes=("http",))
    with pytest.raises(InputError) as error:
        lonely.fetch("http://127.0.0.1:9/none.zip")
    assert len(error.value.problems) == 1


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("/var/cache/me", "/var/cache/me/steppe"), ("not/whole", None), ("", None)],
)
def test_the_cache_lies_where_xdg_says(monkeypatch, given, wanted) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert find_cache() == Path(wanted or Path.home() / ".cache" / "steppe")
