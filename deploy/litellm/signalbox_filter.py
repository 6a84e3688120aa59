"""Keeps LiteLLM's router away from routes that Signalbox has taken out of rotation.

Give each deployment the Signalbox target it reaches, and list this file's object as a callback:

    model_list:
      - model_name: llama
        litellm_params: { model: openrouter/meta-llama/llama-3.3-70b-instruct }
        model_info: { signalbox: "openrouter:groq:meta-llama~llama-3.3-70b-instruct" }
    litellm_settings:
      callbacks: signalbox_filter.signalbox_filter

    SIGNALBOX_URL=https://status.example.com

It never empties a pool, never waits for the feed on a request, and has no opinion once the feed has expired.
Only Python's own library is used beside LiteLLM.
"""

import asyncio
import json
import os
import random
import threading
import time
import urllib.request
from datetime import datetime
from email.utils import parsedate_to_datetime

try:
    from litellm.integrations.custom_logger import CustomLogger
except ImportError:  # LiteLLM is not there when the decisions alone are tested.

    class CustomLogger:  # type: ignore[no-redef]
        pass


STALE_S = 300.0
HOLD_S = 120.0
POLL_S = 10.0


def _epoch_s(text):
    """RFC 3339 to seconds, or None."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return None


class Feed:
    """What was last published, aged on the monotonic clock; the server's clock is only compared with itself."""

    def __init__(self, mono=time.monotonic):
        self._mono = mono
        self._lock = threading.Lock()
        self.epoch = None
        self.seq = -1
        self._valid_until = float("-inf")
        self._offset = 0.0
        self._targets = {}

    def take(self, document, server_now_s):
        """True when it was newer than what is held."""
        with self._lock:
            epoch, seq = document.get("epoch"), document.get("seq", -1)
            if epoch == self.epoch and seq < self.seq:
                return False
            generated = _epoch_s(document.get("generated_at"))
            if generated is not None and generated - server_now_s > 60:
                return False
            self._offset = server_now_s - self._mono()
            valid = _epoch_s(document.get("valid_until"))
            self._valid_until = (valid if valid is not None else server_now_s) - self._offset
            self.epoch, self.seq = epoch, seq
            self._targets = document.get("targets") or {}
            return True

    def freshness(self):
        if self.epoch is None:
            return "none"
        over = self._mono() - self._valid_until
        return "fresh" if over <= 0 else "stale" if over <= STALE_S else "expired"

    def is_blocked(self, target):
        state = self.freshness()
        if state in ("none", "expired"):
            return False
        entry = self._targets.get(target)
        if not isinstance(entry, dict) or not entry.get("blocked"):
            return False
        if state == "fresh":
            return True
        until = _epoch_s(entry.get("until"))
        hold = self._valid_until + HOLD_S
        end = hold if until is None else min(hold, until - self._offset)
        return self._mono() < end


def keep_usable(deployments, feed, shuffle=random.shuffle):
    """The deployments a request may use: at most half of them are left out, and never all."""

    def blocked(deployment):
        info = deployment.get("model_info") or {}
        return feed.is_blocked(info.get("signalbox"))

    usable = [d for d in deployments if not blocked(d)]
    out = [d for d in deployments if blocked(d)]
    most_out = len(deployments) // 2
    if len(out) > most_out:
        shuffle(out)
        usable += out[: len(out) - most_out]
    return usable


class SignalboxFilter(CustomLogger):
    def __init__(self, url=None, poll_s=POLL_S, fetch=None):
        super().__init__()
        self.url = (url or os.environ.get("SIGNALBOX_URL") or "").rstrip("/")
        self.feed = Feed()
        self._poll_s = poll_s
        self._fetch = fetch or self._fetch_over_http
        self._thread = None
        self._start = threading.Lock()

    def _fetch_over_http(self):
        request = urllib.request.Request(
            self.url + "/api/v1/export/litellm", headers={"accept": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 (an address of the operator's)
            date = parsedate_to_datetime(answer.headers["date"]).timestamp()
            age = float(answer.headers.get("age") or 0)
            return json.loads(answer.read(8_000_000)), date + age

    def refresh(self):
        """One look at the feed; its failure is no reason to fail anything."""
        try:
            return self.feed.take(*self._fetch())
        except Exception:
            return False

    def _follow(self):
        while True:
            self.refresh()
            time.sleep(self._poll_s * random.uniform(0.75, 1.25))

    def ensure_following(self):
        if not self.url or self._thread is not None:
            return
        with self._start:
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="signalbox", daemon=True)
                self._thread.start()

    async def async_filter_deployments(
        self, model, healthy_deployments, messages=None, request_kwargs=None, parent_otel_span=None, **_
    ):
        self.ensure_following()
        return keep_usable(list(healthy_deployments), self.feed)


signalbox_filter = SignalboxFilter()


if __name__ == "__main__":
    filter_ = SignalboxFilter(url=os.environ.get("SIGNALBOX_URL", "http://127.0.0.1:3000"))
    print("read" if filter_.refresh() else "not read", filter_.feed.freshness(), filter_.feed.seq)
    print(asyncio.run(filter_.async_filter_deployments("x", [])))
