# One image for every role: the last word chooses it (serve, check, migrate ...), the settings come from the environment.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/frontdoor \
    && /opt/frontdoor/bin/python -m pip install --require-hashes -r requirements.lock
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --require-hashes -r requirements-build.lock
COPY . .
RUN install/npm ci \
    && /opt/frontdoor/bin/python -m install.page_assets node_modules gateway/static/vendor \
    && .venv/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/frontdoor/bin/python -m pip install --no-deps dist/*.whl \
    && /opt/frontdoor/bin/python -m transcription.scans.quicker

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin frontdoor \
    && install --directory --owner frontdoor --group frontdoor --mode 0700 /data
COPY --from=build /opt/frontdoor /opt/frontdoor
ENV PATH=/opt/frontdoor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    FRONTDOOR_DATA_DIR=/data \
    FRONTDOOR_HTTP=0.0.0.0:8000 \
    FRONTDOOR_SMTP=0.0.0.0:2525
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000 2525
# A container that runs desks only has no HTTP door: start it with --no-healthcheck.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
ENTRYPOINT ["frontdoor"]
CMD ["serve"]
