"""Downloading published files: politely, to be gone on with, checked, and kept in a cache.

One file at a time, by https alone, with a name of our own, waiting as long as the server asks.
What was begun is gone on with (RFC 9110, section 14: range requests) where the server still has
the same file, and begun anew where it has not.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from filelock import FileLock

from steppe.layers.errors import InputError, Problem
from steppe.layers.library_words import tell_error
from steppe.layers.limits import FETCHED_BYTES
from steppe.layers.wording import Message, tell

OUR_NAME = f"steppe-planner (Python {sys.version_info.major}.{sys.version_info.minor})"
"""How we call ourselves to whom we ask."""

_CHUNK = 1 << 18
_TIMEOUT_S = 60.0
_MOST_TRIES = 6  # without a byte more than before
_MOST_WAIT_S = 600.0
_FIRST_WAIT_S = 2.0
_TOO_MANY, _BUSY, _GONE = 429, (500, 502, 503, 504), (403, 404, 410)
_PARTIAL, _OUT_OF_RANGE = 206, 416
_RANGE = re.compile(r"bytes ([0-9]+)-[0-9]+/([0-9]+|\*)")
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 100


class NotThereError(InputError):
    """The server has no such file."""


@dataclass(frozen=True)
class Download:
    """A file in the cache, and the SHA-256 of what it holds."""

    path: Path
    sha256: str


def find_cache() -> Path:
    """Return the folder for what can be fetched again (XDG Base Directory Specification 0.8)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if given and Path(given).is_absolute() else Path.home() / ".cache"
    return base / "steppe"


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow only where the way is as safe as the one that was asked for."""

    def __init__(self, schemes: Collection[str]) -> None:
        self._schemes = schemes

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme not in self._schemes:
            raise InputError(_refusal(req.full_url, tell("fetch.no_https", url=newurl)))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True)
class Downloader:
    """How files are fetched.

    Parameters
    ----------
    cache
        Folder in which they are kept.
    is_fresh
        Whether what is kept there is fetched again.
    wait
        What waits so many seconds.
    schemes
        By which ways; nothing but https, unless a test serves its own files.
    """

    cache: Path
    is_fresh: bool = False
    wait: Callable[[float], object] = time.sleep
    schemes: Collection[str] = ("https",)

    def fetch(self, url: str) -> Download:
        """Return a file of the web, from the cache where it is there whole.

        Raises
        ------
        InputError
            One line: no https, no answer, refused, too large, or the server breaks off each time.
        """
        parts = urlsplit(url)
        if parts.scheme not in self.schemes:
            raise InputError(_refusal(url, tell("fetch.no_https", url=url)))
        name = _PLAIN.sub("_", unquote(Path(parts.path).name))[-_LONGEST_NAME:].lstrip(".")
        key = hashlib.sha256(url.encode()).hexdigest()[:16]
        folder = self.cache / "files" / key
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "lock"):
                return self._fetch(url, folder / (name or "file"))
        except OSError as error:
            raise InputError(_refusal(url, tell_fault(error))) from None

    def _fetch(self, url: str, path: Path) -> Download:
        record = path.with_name("record.json")
        known = _read_record(record)
        if not self.is_fresh and path.exists() and known.get("sha256") == digest(path):
            return Download(path, str(known["sha256"]))
        part = path.with_name("part")
        if self.is_fresh:
            part.unlink(missing_ok=True)
        mark = self._receive(url, part)
        sha256 = digest(part)
        part.replace(path)
        record.write_text(json.dumps({"url": url, "sha256": sha256, **mark}), encoding="utf-8")
        return Download(path, sha256)

    def _receive(self, url: str, part: Path) -> dict[str, str]:
        """Fill a part until the file is whole; return what marks this edition of it."""
        beside = part.with_name("part.json")
        n_tries = 0
        while True:
            had = part.stat().st_size if part.exists() else 0
            try:
                with self._open(url, had, _read_record(beside)) as answer:
                    mark = {
                        name: answer.headers[name]
                        for name in ("ETag", "Last-Modified")
                        if answer.headers[name]
                    }
                    beside.write_text(json.dumps(mark), encoding="utf-8")
                    if self._take(url, answer, part, had):
                        beside.unlink(missing_ok=True)
                        return mark
                    told: Exception | None = None
                    wait_s = _FIRST_WAIT_S * 2**n_tries
            except urllib.error.HTTPError as error:
                error.close()
                if error.code == _OUT_OF_RANGE and had:
                    part.unlink()
                    wait_s = 0.0
                elif error.code == _TOO_MANY or error.code in _BUSY:
                    wait_s = _read_wait(error.headers["Retry-After"], _FIRST_WAIT_S * 2**n_tries)
                else:
                    kind = NotThereError if error.code in _GONE else InputError
                    raise kind(_refusal(url, tell("fetch.status", code=error.code))) from None
                told = error
            except (OSError, HTTPException) as error:
                told, wait_s = error, _FIRST_WAIT_S * 2**n_tries
            now = part.stat().st_size if part.exists() else 0
            n_tries = 0 if now > had else n_tries + 1
            if n_tries >= _MOST_TRIES or wait_s > _MOST_WAIT_S:
                raise InputError(_refusal(url, tell_fault(told))) from None
            self.wait(wait_s)

    def _open(self, url: str, had: int, mark: dict[str, Any]) -> HTTPResponse:
        request = urllib.request.Request(url, headers={"User-Agent": OUR_NAME})  # noqa: S310 (checked)
        # A weak mark does not tell that the bytes are the same.
        same = next((mark[name] for name in ("ETag", "Last-Modified") if mark.get(name)), "")
        if had and same and not same.startswith("W/"):
            request.add_header("Range", f"bytes={had}-")
            request.add_header("If-Range", same)
        opener = urllib.request.build_opener(_Redirects(self.schemes))
        return opener.open(request, timeout=_TIMEOUT_S)

    def _take(self, url: str, answer: HTTPResponse, part: Path, had: int) -> bool:
        """Add what comes to the part; tell whether the file is whole by the length that is said."""
        said = _RANGE.match(answer.headers["Content-Range"] or "")
        goes_on = answer.status == _PARTIAL and said is not None and int(said[1]) == had
        at = had if goes_on else 0
        length = answer.headers["Content-Length"]
        whole = at + int(length) if length and length.isdecimal() else None
        FETCHED_BYTES.refuse_over(whole or 0, url)
        with part.open("ab" if goes_on else "wb") as file:
            while chunk := answer.read(_CHUNK):
                at += len(chunk)
                FETCHED_BYTES.refuse_over(at, url)
                file.write(chunk)
        return whole is None or at == whole


def _read_wait(said: str | None, otherwise_s: float) -> float:
    """Return how long a server wants to be left alone: seconds, or until a date."""
    text = (said or "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return otherwise_s


def _read_record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def tell_fault(error: Exception | None) -> Message:
    """Return why nobody answers, or why what answers breaks off."""
    if error is None:
        return tell("fetch.broken_off")
    return tell("fetch.no_answer", told=tell_error(error))


def _refusal(url: str, what: Message) -> Problem:
    return Problem(url, what, tell("fetch.fix.offline"))
