# One image for all processes: `api` (the default), `worker`, `migrate`, `account`, `operator`, `find`, `key`.

FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/switchboard
ENV PATH=/opt/switchboard/bin:$PATH
COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent switchboard \
    && install --directory --owner switchboard /var/lib/switchboard/files
COPY --from=build /opt/switchboard /opt/switchboard
ENV PATH=/opt/switchboard/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SWITCHBOARD_API_HOST=0.0.0.0 \
    SWITCHBOARD_WORKER_HEALTH_HOST=0.0.0.0 \
    SWITCHBOARD_MEDIA_FOLDER=/var/lib/switchboard/files
USER switchboard
EXPOSE 8000
# Whether the process lives. Not whether Temporal does: texts are taken without it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=3)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["switchboard"]
CMD ["api"]
