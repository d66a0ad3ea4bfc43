"""HR systems: signatures, one small file per kind, the canonical event.

How to add a kind of HR system, say `pigeon`:

1. Write `shared/sources/kinds/pigeon.py` with one constant, `KIND = Kind(read=…)`. `read` takes the configured source
   and a request as it came (`kind.Source`, `request.Request`), and does three things in this order:
   prove (`proof.signer`, with the raw bytes of the body), read (`json_text`), and map to the canonical event
   (`event.read`). It returns what was heard (`verdict.Heard`) or the answer to a handshake (`verdict.Handshake`), and
   refuses by raising a `errors.DeliveryError`.
2. Say what the vendor needs as acknowledgement: `Heard.acknowledge`, a function from what became of each item to the
   answer. What is stored by then is stored durably.
3. Enter it in `shared/sources/kinds/__init__.py`, and nowhere else.
4. Add `tests/shared/sources/kinds/pigeon.py` with its vectors: every case of bad input then runs for it.
5. Add its section to `docs/connect-your-hr-system.md`.

What differs between two sources of one kind is its `options`, a pydantic model, checked when the settings are loaded.
Where a vendor signs no time, the event's own time must come from the signed body (its version of the record), and the
event's id must be a hash of the body (`proof.body_id`): a header that is not signed proves nothing and orders nothing.
"""
