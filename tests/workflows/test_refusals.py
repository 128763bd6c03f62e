"""A refusal is an answer to whoever asked, and no fault of the worker."""

from temporalio.exceptions import ApplicationErrorCategory

from workflows.refusals import refused


def test_a_refusal_is_not_logged_as_a_fault() -> None:
    error = refused("'l-77' is not among those who wait", "not_waiting")
    assert (error.category, error.non_retryable) == (ApplicationErrorCategory.BENIGN, True)
