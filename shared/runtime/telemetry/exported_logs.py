"""The handler that exports logs: masked, with the id of their onboarding, in the trace of the work that wrote them.

OpenTelemetry's own would export whatever stands in `extra`, and the words of every exception.
"""

import logging
from typing import override

from opentelemetry._logs import Logger, LogRecord, SeverityNumber

from shared.runtime.telemetry.logs import OURS, Masks
from shared.runtime.telemetry.recorder import present
from shared.runtime.telemetry.vocabulary import ERROR_TYPE, ONBOARDING, sieved

OF_THE_EXPORT = ("azure", "opentelemetry", "urllib3", "msal")
"""What these say of an export that fails would be exported, and fail again."""

_SEVERITIES = {
    logging.DEBUG: SeverityNumber.DEBUG,
    logging.INFO: SeverityNumber.INFO,
    logging.WARNING: SeverityNumber.WARN,
    logging.ERROR: SeverityNumber.ERROR,
    logging.CRITICAL: SeverityNumber.FATAL,
}


class Exported(logging.Handler):
    """Exports what the product says, and what others warn of."""

    def __init__(self, logger: Logger) -> None:
        super().__init__(logging.INFO)
        self._logger = logger
        self.addFilter(_wanted)
        self.addFilter(Masks())

    @override
    def emit(self, record: logging.LogRecord) -> None:
        told = {ONBOARDING: getattr(record, "onboarding", "")}
        error = record.exc_info[0] if record.exc_info else None
        self._logger.emit(
            LogRecord(
                timestamp=int(record.created * 1e9),
                context=present(),
                severity_text=record.levelname,
                severity_number=_SEVERITIES.get(record.levelno, SeverityNumber.UNSPECIFIED),
                body="\n".join(filter(None, (record.getMessage(), record.exc_text))),
                attributes=sieved(told | ({ERROR_TYPE: error} if error else {})),
            )
        )


def _wanted(record: logging.LogRecord) -> bool:
    if record.name.split(".")[0] in OF_THE_EXPORT:
        return False
    return record.levelno >= logging.WARNING or record.name == OURS.name
