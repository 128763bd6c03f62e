"""How the Temporal SDK of this process logs and what it measures."""

import logging
from collections.abc import Mapping, Sequence

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from runtime.embedded.ports import require_free
from settings import Settings

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
_BUCKETS: Mapping[str, Sequence[float]] = {
    "temporal_workflow_task_schedule_to_start_latency": [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, _MINUTE],
    "temporal_activity_schedule_to_start_latency": [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, _MINUTE],
    "temporal_workflow_endtoend_latency": [
        _MINUTE,
        _HOUR,
        _DAY,
        *(days * _DAY for days in (7, 14, 30, 60, 90, 180, 365)),
    ],
}
"""Bounds in seconds. The SDK's own cannot show a delay of 200 ms, nor a journey of more than a day."""


def temporal_runtime(settings: Settings) -> Runtime:
    """The SDK's own logs go where ours go; its metrics to a port of their own, with names and buckets that fit.

    Raises PortTakenError.
    """
    if settings.sdk_metrics_port:
        require_free(settings.sdk_metrics_host, settings.sdk_metrics_port, "the metrics of the Temporal SDK")
    metrics = PrometheusConfig(
        bind_address=f"{settings.sdk_metrics_host}:{settings.sdk_metrics_port}",
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
        histogram_bucket_overrides=_BUCKETS,
    )
    core_log = LogForwardingConfig(
        logger=logging.getLogger("temporalio.core"),
        append_target_to_name=False,
        prepend_target_on_message=False,
        append_log_fields_to_message=False,  # runtime/logs.py makes fields of them
    )
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=core_log),
            metrics=metrics if settings.sdk_metrics_port else None,
        )
    )
