"""Why a delivery is not taken. Every text is safe to answer: none holds a value that came with the request.

The doorway maps each class to its status; all of them are the sender's to mend.
"""

from dataclasses import dataclass


class DeliveryError(Exception):
    """Base of all refusals of a delivery."""


class UnknownSourceError(DeliveryError):
    """The settings name no such source (404)."""


class PayloadTooLargeError(DeliveryError):
    """The body is larger than 256 KiB, or holds too many events (413)."""


class ContentTypeError(DeliveryError):
    """The body is not said to be of a type that the source may send, in UTF-8 and uncompressed (415)."""


class SignatureRejectedError(DeliveryError):
    """Nothing proves that the source sent this now (401)."""


class EventRejectedError(DeliveryError):
    """A signed body that is no canonical event."""


class UnreadableBodyError(EventRejectedError):
    """The body is no JSON (400)."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A field, as a JSON pointer such as `/data/startDate`, and what is wrong with it."""

    field: str
    problem: str


class EventShapeError(EventRejectedError):
    """Fields that are not those of the canonical event (422). At least one fault; at most twenty of an event."""

    def __init__(self, faults: tuple[FieldFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.field} {fault.problem}" for fault in faults))
        self.faults = faults


class SecretMalformedError(ValueError):
    """A signing secret in the settings is none: the administrator's fault, not the sender's."""
