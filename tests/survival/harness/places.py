"""Everything a world has stored or said, as text to be searched: nothing may stand in clear there."""

import json

from sandbox.world import World


def places(world: World) -> list[tuple[str, str]]:
    """Return what processes printed and told, rows, messages, requests recorded, each with the name of its place."""
    logs = [(f"log {name}", text) for name, text in world.logs().items()]
    rows = [
        (f"row {table} {row['RowKey']}", json.dumps(row, default=repr))
        for table, rows in world.storage.all_rows().items()
        for row in rows
    ]
    messages = [
        (f"message {name}", repr(message.content))
        for name in world.storage.all_queues()
        for message in world.storage.queue(name).peek_messages(max_messages=32)
    ]
    requests = json.dumps(world.control("GET", "requests").json(), ensure_ascii=False)
    told = json.dumps(world.control("GET", "telemetry").json(), ensure_ascii=False)
    return [*logs, *rows, *messages, ("requests", requests), ("telemetry", told)]
