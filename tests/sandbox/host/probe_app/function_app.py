"""A function app that only shows what the host does to one: it echoes, counts, waits and fails on demand."""

import asyncio
import json
import logging
import os
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)


def _record(kind: str, **fields: object) -> None:
    line = json.dumps({"kind": kind, "pid": os.getpid(), "at": time.monotonic(), **fields})
    with Path(os.environ["PROBE_RECORD"]).open("a", encoding="utf-8") as record:
        record.write(line + "\n")


@app.route("echo/{id}/{n:int?}", methods=["GET", "POST"])
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Answer with what arrived."""
    seen = {
        "method": req.method,
        "url": req.url,
        "route": dict(req.route_params),
        "query": dict(req.params),
        "headers": dict(req.headers),
        "size": len(req.get_body()),
    }
    headers = {"Set-Cookie": "probe=1; HttpOnly", "X-Probe": "yes"}
    return func.HttpResponse(json.dumps(seen), status_code=201, mimetype="application/json", headers=headers)


@app.route("echo/fixed", methods=["GET"])
def fixed(req: func.HttpRequest) -> str:
    """Be the literal route beside a parameter."""
    return f"literal {req.method}"


@app.route("fail")
async def fail(req: func.HttpRequest) -> func.HttpResponse:
    """Raise what nobody catches."""
    raise RuntimeError(f"probe failed on {req.method}")


@app.route("slow/{seconds}", methods=["GET"])
async def slow(req: func.HttpRequest) -> func.HttpResponse:
    """Answer after a while, without blocking."""
    await asyncio.sleep(float(req.route_params["seconds"]))
    return func.HttpResponse("done")


@app.queue_trigger(arg_name="msg", queue_name="%PROBE_QUEUE%", connection="STORAGE")
async def work(msg: func.QueueMessage) -> None:
    """Record a message, and do what it says: wait, fail, or die."""
    text = msg.get_body().decode()
    order = json.loads(text)
    _record("work", text=text, count=msg.dequeue_count, message=msg.id)
    if order.get("wait"):
        await asyncio.sleep(order["wait"])
    if order.get("die") and "PROBE_SPARED" not in os.environ:
        os.kill(os.getpid(), 9)
    if order.get("fail"):
        raise RuntimeError("probe message failed")
    _record("worked", text=text)


@app.timer_trigger(arg_name="timer", schedule="0 0 * * * *")
async def tick(timer: func.TimerRequest) -> None:
    """Record a run."""
    _record("tick", past_due=timer.past_due)
    await asyncio.sleep(float(os.environ.get("PROBE_TICK_SECONDS", "0")))
    logging.getLogger("probe").info("tick past_due=%s", timer.past_due)
