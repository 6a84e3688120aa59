"""Runs the filter against a feed without LiteLLM: reads one JSON scenario on stdin, prints what it decided."""

import asyncio
import json
import sys

import signalbox_filter as plugin


def main():
    scenario = json.load(sys.stdin)
    clock = {"s": 1000.0}
    filter_ = plugin.SignalboxFilter(url=scenario.get("url"))
    filter_.feed = plugin.Feed(mono=lambda: clock["s"])
    deployments = [{"model_info": {"signalbox": one}} for one in scenario["deployments"]]
    out = []
    for step in scenario["steps"]:
        clock["s"] += step.get("pass_s", 0)
        taken = None
        if "document" in step:
            taken = filter_.feed.take(step["document"], step["server_now_s"])
        if step.get("fetch"):
            taken = filter_.refresh()
        filter_.ensure_following = lambda: None
        kept = asyncio.run(filter_.async_filter_deployments("m", deployments))
        out.append(
            {
                "taken": taken,
                "freshness": filter_.feed.freshness(),
                "kept": [d["model_info"]["signalbox"] for d in kept],
            }
        )
    print(json.dumps(out))


main()
