"""What may go wrong beneath every subject, told apart by what the caller has to decide."""


class SettingsError(Exception):
    """The app cannot work with its settings; `faults` has one sentence for each, saying what to do."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("The app's settings need attention. " + " ".join(faults))
        self.faults = faults


class StorageUnavailableError(Exception):
    """Storage gave no usable answer. A write may have been made all the same."""


class StorageRefusedError(StorageUnavailableError):
    """Storage will not take this, however often it is tried: no outage but a fault of what was to be written."""


class ConflictError(Exception):
    """Somebody else wrote first. Read again and decide anew."""


class UnsealableError(Exception):
    """It was sealed under a secret that settings name no more, for another place, or has been altered."""
